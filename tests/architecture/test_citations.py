"""Every rule cites the manual, and every paragraph of the manual is claimed by something that exists."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

from inspectorate.methodology import pack as packs
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.roles import Paragraph

CITATION = re.compile(r"Manual ([0-9A-Za-z.]+(?:, [0-9A-Za-z.]+)*)$")
# They read and describe the pack itself; no paragraph asks for that.
NO_CHAPTER = {"pack", "__init__"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("probation-v3-2018")


def _public(house: Any) -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in house.python("inspectorate/methodology"):
        if path.stem in NO_CHAPTER or _private(path, house):
            continue
        for node in house.tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found.append((f"{house.name(path)}:{node.name}", node))
    return found


def _private(path: Path, house: Any) -> bool:
    return any(part.startswith("_") for part in path.relative_to(house.methodology).parts)


def test_every_public_rule_ends_with_its_paragraph(house: Any, pack: Pack) -> None:
    known = {paragraph.id for paragraph in pack.paragraphs}
    wrong = {}
    for name, function in _public(house):
        cited = CITATION.search((ast.get_docstring(function) or "").strip())
        if cited is None:
            wrong[name] = "its docstring does not end with 'Manual <id>'"
        elif unknown := set(cited.group(1).split(", ")) - known:
            wrong[name] = f"cites {', '.join(sorted(unknown))}, which the register does not have"
    assert wrong == {}
    assert len(_public(house)) > 20


def test_every_paragraph_is_claimed_by_something_that_exists(pack: Pack) -> None:
    roles = {role.id for role in pack.roles.roles}
    wrong = {
        paragraph.id: f"{paragraph.claimed_by} {paragraph.where!r} does not exist"
        for paragraph in pack.paragraphs
        if paragraph.built and not _exists(paragraph, roles)
    }
    assert wrong == {}
    assert len({paragraph.id for paragraph in pack.paragraphs}) == len(pack.paragraphs) >= 100


def _exists(paragraph: Paragraph, roles: set[str]) -> bool:
    if paragraph.claimed_by == "person":
        return all(role in roles for role in paragraph.where.split(", "))
    return all(_found(where, paragraph.claimed_by) for where in paragraph.where.split(", "))


def _found(where: str, claimed_by: str) -> bool:
    room, _, name = where.partition(".")
    if claimed_by == "rule":
        return callable(_inside(importlib.import_module(f"inspectorate.methodology.{room}"), name))
    app = importlib.import_module(f"inspectorate.{room}")
    modules = [module.name for module in pkgutil.iter_modules(app.__path__) if "action" in module.name]
    return any(callable(_inside(importlib.import_module(f"{app.__name__}.{module}"), name)) for module in modules)


def _inside(thing: Any, path: str) -> Any:
    for part in path.split("."):
        thing = getattr(thing, part, None)
    return thing
