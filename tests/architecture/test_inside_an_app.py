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
    wrong = []
    for path in house.python("inspectorate"):
        for name in _imported(house.tree(path)):
            parts = name.split(".")
            if parts[0] != "inspectorate" or len(parts) < 3:
                continue
            if parts[2] == "views" and path.stem != "urls" and not _part_of(path, "views"):
                wrong.append(f"{house.name(path)} imports {name}")
            if parts[2] == "forms" and parts[1] != "design" and not _part_of(path, "views"):
                wrong.append(f"{house.name(path)} imports {name}")
    assert wrong == []


def _part_of(path: Path, name: str) -> bool:
    return (
        path.stem == name
        or path.stem.startswith(f"{name}_")
        or path.stem.endswith(f"_{name}")
        or path.parent.name == name
    )


def test_every_import_stands_at_the_top(house: Any) -> None:
    deferred = [
        f"{house.name(path)}:{node.lineno}"
        for path in house.python()
        for function in house.functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert deferred == []
