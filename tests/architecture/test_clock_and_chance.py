"""One clock for the whole service and no dice that nobody can throw again."""

import ast
from typing import Any

CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "time.time",
    "timezone.now",
}
# The clock itself; when a line was really written; when an account was made; when a session ends; when a pack was first
# used.
MAY_READ_THE_REAL_CLOCK = {
    "inspectorate/audit/clock.py",
    "inspectorate/audit/trail.py",
    "inspectorate/accounts/models.py",
    "inspectorate/accounts/sessions.py",
    "inspectorate/programme/packs.py",
}


def _calls(tree: ast.Module) -> list[tuple[int, str]]:
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _readings(tree: ast.Module) -> list[tuple[int, str]]:
    """Where the real time is read: any mention of a clock, and conversions to local time of nothing, which is now."""
    found = [(node.lineno, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    now = [
        (node.lineno, ast.unparse(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("localtime", "localdate")
        and not node.args
        and not node.keywords
    ]
    return now + [(line, what) for line, what in found if ".".join(what.split(".")[-2:]) in CLOCKS]


def test_only_the_clock_reads_the_clock(house: Any) -> None:
    read = [
        f"{house.name(path)}:{line} {what}"
        for path in house.python("inspectorate")
        if house.name(path) not in MAY_READ_THE_REAL_CLOCK
        for line, what in _readings(house.tree(path))
    ]
    assert read == []


def test_no_rule_throws_dice_without_a_seed(house: Any) -> None:
    unseeded = []
    for path in house.python("inspectorate/methodology"):
        for node in ast.walk(house.tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called.split(".")[0] in ("random", "secrets", "uuid") or called == "os.urandom":
                unseeded.append(f"{house.name(path)}:{node.lineno} {called}")
            if called.startswith(("np.random", "numpy.random")) and not node.args and not node.keywords:
                unseeded.append(f"{house.name(path)}:{node.lineno} {called}")
    assert unseeded == []


def test_no_rule_opens_a_file_but_the_pack_reader(house: Any) -> None:
    openers = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    opened = [
        f"{house.name(path)}:{line} {called}"
        for path in house.python("inspectorate/methodology")
        if path.stem != "pack"
        for line, called in _calls(house.tree(path))
        if called.split(".")[-1] in openers
    ]
    assert opened == []
