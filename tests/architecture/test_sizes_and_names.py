"""Files, functions and views stay small, and no room is called by what it is made of."""

import ast
from pathlib import Path
from typing import Any

WRITTEN_BY_HAND = {".py", ".html", ".j2", ".scss", ".js", ".css", ".sh", ""}
MADE_BY_TOOLS = {"package-lock.json"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 500, 50, 30


def test_no_file_is_longer_than_500_lines(house: Any) -> None:
    code = [
        path
        for path in house.files()
        if path.suffix in WRITTEN_BY_HAND and path.name not in MADE_BY_TOOLS and "migrations" not in path.parts
    ]
    long = {house.name(path): lines for path in code if (lines := _lines(path)) > LONGEST_FILE}
    assert long == {}


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def test_no_function_is_longer_than_50_lines_and_no_view_than_30(house: Any) -> None:
    long = {}
    for path in house.python():
        for function in house.functions(path):
            most = LONGEST_VIEW if house.is_view(function) else LONGEST_FUNCTION
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > most:
                long[f"{house.name(path)}:{function.name}"] = lines
    assert long == {}


def test_no_module_is_a_drawer_for_everything(house: Any) -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc"}
    assert [house.name(path) for path in house.files() if drawers & {path.stem, *path.parent.parts}] == []


def test_every_module_opens_with_a_sentence(house: Any) -> None:
    written = [path for path in house.python() if house.tree(path).body]
    assert [house.name(path) for path in written if not ast.get_docstring(house.tree(path))] == []
