"""Writes docs/manual-map.md: each paragraph of the manual, and the data, rules, actions, pages and tests of it."""

import ast
import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import URLPattern, URLResolver, get_resolver

from inspectorate.methodology.pack import SHIPPED, Pack
from inspectorate.methodology.roles import Paragraph
from inspectorate.programme import packs

ROOT = Path(__file__).resolve().parents[4]
MAP = ROOT / "docs" / "manual-map.md"
ID = re.compile(r"\b(?:A\d|[1-9]\.\d)[a-z]\b")
CITED = re.compile(r"Manual ((?:[0-9A-Za-z.]+(?:, )?)+)")
HEAD = """# From the manual to the code

Made by `manage.py manual_map` from the register of pack `{pack}`; do not edit by hand. Each paragraph of the manual, in
our own words, and what carries it out: the data that holds its figures, the rule, the action, the page and the tests.
*Not yet* means that its place is known and it is still to come; what a person does is not software.

{built} of {all} paragraphs are carried: {rules} by a rule, {actions} by an action, {people} by a person.
{missing} are still to come.
"""
COLUMNS = ("Paragraph", "What it asks", "Carried by", "Figures", "Also in code", "Pages", "Tests")


@dataclass
class Places:
    """Where each paragraph is named, by its id; and which pages call which action."""

    figures: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    code: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tests: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tested: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Command(BaseCommand):
    """`manage.py manual_map` writes the map; with --check it only says whether it is as it should be."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the map is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        fresh = text(packs.current())
        if options["check"]:
            if not MAP.exists() or MAP.read_text() != fresh:
                raise CommandError("docs/manual-map.md is out of date: run manage.py manual_map.")
            return
        MAP.write_text(fresh)
        self.stdout.write(f"Wrote {MAP.relative_to(ROOT)}.")


def text(pack: Pack) -> str:
    """The whole map as Markdown, one table a chapter."""
    places = _places(pack)
    carried = [paragraph for paragraph in pack.paragraphs if paragraph.built]
    parts = [
        HEAD.format(
            pack=pack.id,
            all=len(pack.paragraphs),
            built=len(carried),
            missing=len(pack.paragraphs) - len(carried),
            rules=sum(paragraph.claimed_by == "rule" for paragraph in carried),
            actions=sum(paragraph.claimed_by == "action" for paragraph in carried),
            people=sum(paragraph.claimed_by == "person" for paragraph in carried),
        )
    ]
    chapters: dict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in pack.paragraphs:
        chapters[_chapter(paragraph.id)].append(paragraph)
    for chapter, paragraphs in chapters.items():
        rows = [_row(COLUMNS), _row("---" for _ in COLUMNS), *(_row(_cells(one, places)) for one in paragraphs)]
        parts.append("\n".join([f"## {chapter}\n", *rows, ""]))
    return "\n".join(parts)


def _chapter(paragraph: str) -> str:
    return f"Appendix {paragraph[1]}" if paragraph.startswith("A") else f"Chapter {paragraph[0]}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', ' ') for cell in cells)} |"


def _cells(paragraph: Paragraph, places: Places) -> tuple[str, ...]:
    carrier = f"{paragraph.claimed_by} `{paragraph.where}`"
    name = paragraph.where if paragraph.claimed_by == "action" else ""
    tests = places.tests[paragraph.id] | (places.tested[paragraph.where] if paragraph.built else set())
    return (
        paragraph.id,
        paragraph.rule,
        carrier if paragraph.built else f"**not yet**: {carrier}",
        _listed(places.figures[paragraph.id]),
        _listed(places.code[paragraph.id] - {paragraph.where}),
        _listed(places.pages[name]) if name else "",
        _listed(tests),
    )


def _listed(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _places(pack: Pack) -> Places:
    places = Places()
    for path in sorted((SHIPPED / pack.id).iterdir()):
        if path.is_file() and path.name != "paragraphs.toml":
            for line in path.read_text().splitlines():
                if "manual" in line:
                    for paragraph in ID.findall(line):
                        places.figures[paragraph].add(path.name)
    for path in sorted((ROOT / "inspectorate").rglob("*.py")):
        if "migrations" not in path.parts:
            for name, cited in _citations(path):
                places.code[cited].add(name)
    _read_tests(pack, places)
    for action, page in _pages():
        places.pages[action].add(page)
    return places


def _citations(path: Path) -> Iterator[tuple[str, str]]:
    parts = path.relative_to(ROOT / "inspectorate").with_suffix("").parts
    module = ".".join(part for part in parts if part not in ("methodology", "actions", "__init__"))
    for owner in ast.walk(ast.parse(path.read_text())):
        inside = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
        for node in getattr(owner, "body", []) if isinstance(owner, ast.Module | ast.ClassDef) else []:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for cited in CITED.findall(ast.get_docstring(node) or ""):
                    yield from ((f"{module}.{inside}{node.name}", one) for one in ID.findall(cited))


def _read_tests(pack: Pack, places: Places) -> None:
    carriers = {one.where for one in pack.paragraphs if one.claimed_by != "person"}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = str(path.relative_to(ROOT / "tests"))
        source = path.read_text()
        for paragraph in ID.findall(source):
            places.tests[paragraph].add(name)
        for where in carriers:
            chapter, _, function = where.partition(".")
            if chapter in name and re.search(rf"\b{re.escape(function.rpartition('.')[2])}\b", source):
                places.tested[where].add(name)


def _pages() -> Iterator[tuple[str, str]]:
    """Each action with the name of an address whose view calls it."""
    for pattern in _patterns(get_resolver()):
        module = pattern.callback.__module__
        path = ROOT / Path(*module.split(".")).with_suffix(".py")
        if not module.startswith("inspectorate.") or not path.exists():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == pattern.callback.__name__:
                for called in ast.walk(node):
                    if isinstance(called, ast.Attribute) and ast.unparse(called.value).endswith("actions"):
                        yield f"{module.split('.')[1]}.{called.attr}", str(pattern.name)


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern
