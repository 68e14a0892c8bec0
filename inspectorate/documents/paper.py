"""Papers out: what a paper says, before it is a Word file or a PDF: headings, texts, lists and tables (Manual 7.2f)."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title; a level is never left out."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list with bullets, or numbered."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column heads its rows, `widths` are shares."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Text | Points | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its title, author and instant."""

    title: str
    author: str
    at: datetime
    blocks: tuple[Block, ...]


def clean(text: str) -> str:
    """A text without signs that no paper can show: control signs, lone surrogates, and what is no character."""
    return "".join(
        " " if sign in "\n\t" else sign
        for sign in text.replace("\r\n", "\n")
        if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and ord(sign) & 0xFFFE != 0xFFFE)
    )


def paragraphs(text: str) -> tuple[Block, ...]:
    """What a person wrote as paragraphs and lists: an empty line ends a paragraph, lines after "- " are points."""
    found: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if lines and all(line.startswith(("- ", "* ")) for line in lines):
            found.append(Points(tuple(line[2:] for line in lines)))
        elif lines:
            found.append(Text(" ".join(lines)))
    return tuple(found)
