"""Inside an app: addresses, then views, then forms and actions, then models; and imports stand at the top."""

import ast
from pathlib import Path
from typing import Any

FLOORS = {"models": 0, "forms": 1, "actions": 1, "views": 2, "urls": 3}


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def test_urls_then_views_then_forms_and_actions_then_models(house: Any) -> None:
    wrong = []
    for path in house.python("inspectorate"):
        if path.stem not in FLOORS or path.parent.parent.name != "inspectorate":
            continue
        app = f"inspectorate.{path.parent.name}"
        for other, floor in FLOORS.items():
            here = FLOORS[path.stem]
            if other != path.stem and floor >= here and f"{app}.{other}" in _imported(house.tree(path)):
                wrong.append(f"{house.name(path)} imports {other}")
    assert wrong == []


def test_only_addresses_import_views_and_only_views_import_forms(house: Any) -> None:
    modules = house.python("inspectorate")
    views = {_dotted(house, path) for path in modules if house.has_views(path)}
    wrong = []
    for path in modules:
        for name in _imported(house.tree(path)):
            if name in views and path.stem != "urls":
                wrong.append(f"{house.name(path)} imports {name}")
            parts = name.split(".")
            if (
                parts[0] == "inspectorate"
                and parts[2:3] == ["forms"]
                and parts[1] != "design"
                and not house.has_views(path)
            ):
                wrong.append(f"{house.name(path)} imports {name}")
    assert wrong == []


def _dotted(house: Any, path: Path) -> str:
    return ".".join(path.relative_to(house.root).with_suffix("").parts)


def test_every_import_stands_at_the_top(house: Any) -> None:
    deferred = [
        f"{house.name(path)}:{node.lineno}"
        for path in house.python()
        for function in house.functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert deferred == []
