"""What a command answers, for all chapters: as JSON or as tables to read, and its faults in one line."""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FAULT = 2  # exit code of everything that is refused or found wrong


class CommandFault(Exception):
    """A command that cannot be carried out as it is written."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to read under their headings."""

    headings: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is what JSON shows, `tables` what a person reads; a `fault` besides makes the command fail."""

    data: Any
    tables: tuple[Table, ...]
    fault: str = ""


def one_line(text: str) -> str:
    """Several lines as one, divided by bars."""
    return " | ".join(line.strip() for line in text.splitlines() if line.strip())


def show(answer: Answer, *, as_json: bool) -> None:
    """Prints an answer on standard output."""
    if as_json:
        print(json.dumps(answer.data, indent=2, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_lines(table)) for table in answer.tables))


def _lines(table: Table) -> Iterable[str]:
    cells = [table.headings, *([_text(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(table.headings))]
    for number, row in enumerate(cells):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if not number:
            yield "  ".join("-" * width for width in widths)


def _text(cell: Any) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".")
    return ", ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)


def add_command(commands: Any, name: str, about: str, run: Any) -> argparse.ArgumentParser:
    """One command, with `--json`."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    command.add_argument("--json", action="store_true", help="print JSON instead of tables")
    command.set_defaults(command=run)
    return command
