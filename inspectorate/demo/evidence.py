"""Evidence in advance (Manual 3.6) as an imaginary body would send it: a dozen small documents of each kind."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from inspectorate.demo.invented import BODIES, UNITS
from inspectorate.demo.judging import chance

PAPERS = Path(__file__).with_name("papers.toml")
# Workbooks carry the day on which they were made; a fixed one keeps them the same byte for byte.
MADE = datetime(2019, 4, 1, 9, 0)  # noqa: DTZ001 (the writer takes a naive one)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: the item of the evidence list it answers (Manual 3.6a), its file name and its paragraphs."""

    item: str
    file_name: str
    title: str
    covers: str
    kinds: Sequence[str]
    text: Sequence[str] = ()


@cache
def papers() -> tuple[Paper, ...]:
    """Every document of both kinds, in the order of papers.toml."""
    rows = tomllib.loads(PAPERS.read_text(encoding="utf-8"))["papers"]
    return tuple(Paper(**row) for row in rows)


def papers_of(kind: str) -> tuple[Paper, ...]:
    """The documents that a body of this kind sends."""
    return tuple(paper for paper in papers() if kind in paper.kinds)


def write(folder: Path, kind: str) -> tuple[Path, ...]:
    """Writes the documents of one kind of body and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for paper in papers_of(kind):
        target = folder / paper.file_name
        _WRITERS[target.suffix](target, paper, kind)
        written.append(target)
    return tuple(written)


def _paragraphs(paper: Paper, kind: str) -> list[str]:
    areas = list(UNITS[kind])
    said = ", ".join(areas[:-1]) + f" and {areas[-1]}"
    return [text.format(body=BODIES[kind], areas=said) for text in paper.text]


def _write_text(target: Path, paper: Paper, kind: str) -> None:
    lines = [BODIES[kind], paper.title, f"Covers: {paper.covers}", ""]
    for paragraph in _paragraphs(paper, kind):
        lines += [paragraph, ""]
    target.write_text("\n".join(lines), encoding="utf-8")


def _figures(paper: Paper, kind: str) -> list[list[Any]]:
    """A small table with a header; the figures are invented and follow from the words alone."""
    teams = [(area, team) for area, inside in UNITS[kind].items() for team in inside]

    def figure(low: int, high: int, *words: str) -> int:
        return low + int(chance(kind, paper.item, *words) * (high - low + 1))

    if paper.item == "caseloads":
        rows = [[a, t, figure(180, 420, t, "now"), figure(180, 420, t, "then"), figure(34, 62, t)] for a, t in teams]
        return [["Area", "Team", "Cases now", "Cases 12 months ago", "Average for each officer"], *rows]
    if paper.item == "staff-numbers":
        rows = [
            [a, t, figure(5, 11, t, "post"), figure(0, 3, t, "vacant"), figure(0, 2, t, "agency")] for a, t in teams
        ]
        return [["Area", "Team", "Responsible officers in post", "Vacancies", "Agency staff"], *rows]
    if paper.item == "sickness":
        rows = [[area, role, figure(4, 16, area, role)] for area in UNITS[kind] for role in ("Officer", "Manager")]
        return [["Area", "Role", "Days lost for each person"], *rows]
    if paper.item == "user-survey":
        asked = ("My officer listens to me", "I know what my plan says", "I feel safe when I come in")
        return [["Statement", "Agree", "Disagree"], *([a, figure(60, 90, a), figure(5, 30, a, "no")] for a in asked)]
    risks = ("Turnover of officers", "Loss of a building", "Failure of the case system", "A provider leaves early")
    return [
        ["Risk", "Likelihood (1 to 5)", "Impact (1 to 5)"],
        *([r, figure(1, 5, r), figure(2, 5, r, "i")] for r in risks),
    ]


def _write_csv(target: Path, paper: Paper, kind: str) -> None:
    target.write_text(
        "".join(",".join(str(cell) for cell in line) + "\n" for line in _figures(paper, kind)), encoding="utf-8"
    )


def _write_workbook(target: Path, paper: Paper, kind: str) -> None:
    with xlsxwriter.Workbook(str(target)) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet("Figures")
        for number, line in enumerate(_figures(paper, kind)):
            sheet.write_row(number, 0, line, book.add_format({"bold": True}) if number == 0 else None)
        sheet.autofit()


def _write_pdf(target: Path, paper: Paper, kind: str) -> None:
    lines = [(16, BODIES[kind]), (13, paper.title), (10, f"Covers: {paper.covers}"), (10, "")]
    for paragraph in _paragraphs(paper, kind):
        lines += [(10, piece) for piece in _folded(paragraph)] + [(10, "")]
    target.write_bytes(pdf(lines))


def _folded(text: str, width: int = 88) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def pdf(lines: list[tuple[int, str]]) -> bytes:
    """The smallest document that a PDF reader opens: one A4 page with these lines of (size in points, text)."""
    drawn, down = [], 780
    for size, text in lines:
        safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(f"BT /F1 {size} Tf 60 {down} Td ({safe}) Tj ET")
        down -= size + 6
    page = "\n".join(drawn).encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made, starts = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % start for start in starts)
    made += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(made)


_WRITERS: dict[str, Callable[[Path, Paper, str], None]] = {
    ".txt": _write_text,
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".pdf": _write_pdf,
}
