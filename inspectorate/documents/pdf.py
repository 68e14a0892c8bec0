"""Papers out: a paper as PDF/UA-1; what cannot be read aloud is refused by the typesetter itself (Manual 7.2f)."""

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path

import typst

from inspectorate.documents.paper import Block, Paper, clean

LAYOUT = Path(__file__).parent / "templates" / "documents" / "paper.typ"
NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
MOST_TRIES = 200


def as_pdf(paper: Paper) -> bytes:
    """The PDF of a paper, tagged, with its title and language. A sign that the type face lacks is named instead.

    Texts go in as data, so that nothing in them is read as markup. The same paper gives the same file everywhere: only
    the typesetter's own type faces are used. Raises typst.TypstError where the paper itself cannot be made accessible.
    """
    given = json.dumps(
        {
            "title": clean(paper.title),
            "author": clean(paper.author),
            "date": [paper.at.year, paper.at.month, paper.at.day],
            "blocks": [_told(block) for block in paper.blocks],
        },
        ensure_ascii=False,
    )
    for _ in range(MOST_TRIES):
        try:
            return bytes(
                typst.compile(
                    LAYOUT,
                    format="pdf",
                    pdf_standards="ua-1",
                    sys_inputs={"paper": given},
                    ignore_system_fonts=True,
                    timestamp=int(paper.at.timestamp()),
                )
            )
        except typst.TypstError as error:
            found = NOT_SHOWN.search(str(error))
            if not found or found[1] not in given:
                raise
            given = given.replace(found[1], "".join(_named(sign) for sign in found[1]))
    raise ValueError(f"The paper {paper.title} holds more than {MOST_TRIES} signs that no type face of ours has.")


def _named(sign: str) -> str:
    return f"[{unicodedata.name(sign, 'unknown sign').lower()}]"


def _told(block: Block) -> dict[str, object]:
    def tidy(value: object) -> object:
        if isinstance(value, str):
            return clean(value)
        return [tidy(one) for one in value] if isinstance(value, tuple | list) else value

    return {"is": type(block).__name__, **{name: tidy(value) for name, value in asdict(block).items()}}
