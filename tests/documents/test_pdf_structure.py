"""Chapter 7.2f: the structure of a PDF, read by another library than the one that made it.

Seen to fail with the title not shown, a table without headers, text outside the marks, and a type face left out. The
first cell of a row is not tagged as its header: the typesetter offers that only as an experiment.
"""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pikepdf
import pytest

from inspectorate.documents.paper import Heading, Paper, Points, Table, Text
from inspectorate.documents.pdf import as_pdf

PAPER = Paper(
    "Ratings Panel Decision: Made-up", "Somebody", datetime(2019, 6, 27, 10),
    (Heading("Ratings"), Text("The overall rating."), Heading("How", 2), Points(("First", "Second")),
     Table("Standards", ("Standard", "Rating"), tuple((f"1.{n}", "Good") for n in range(80)), (3, 1))),
)  # fmt: skip
PAINTS = {"Tj", "TJ", "'", '"', "Do", "sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s"}


def elements(node: Any) -> Iterator[Any]:
    """Every structure element below a node, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def unmarked(page: Any) -> list[str]:
    """What a page paints outside marked content."""
    depth, found = 0, []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += (name in ("BMC", "BDC")) - (name == "EMC")
        if name in PAINTS and not depth:
            found.append(f"{name} {list(operands)[:1]}")
    return found


def faults(content: bytes) -> list[str]:
    """What a reader aloud would miss."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        found = [] if root.get("/MarkInfo", {}).get("/Marked") else ["not tagged"]
        found += [] if str(root.get("/Lang", "")) == "en-GB" else ["no language"]
        shown = root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")
        with pdf.open_metadata() as told:
            found += [] if told.get("pdfuaid:part") == "1" else ["does not say that it is PDF/UA-1"]
            found += [] if shown and told.get("dc:title") else ["the title is not shown"]
        tags = [str(one["/S"]) for one in elements(root["/StructTreeRoot"])]
        levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
        steps = zip([0, *levels], levels, strict=False)
        found += ["a level of heading is left out"] if not levels or any(b > a + 1 for a, b in steps) else []
        for one in elements(root["/StructTreeRoot"]):
            if one["/S"] == "/TH" and not any("/Scope" in its for its in _attributes(one)):
                found.append("a header cell heads neither row nor column")
            if one["/S"] == "/Table" and not any(kid["/S"] == "/TH" for kid in elements(one)):
                found.append("a table without headers")
        found += [] if {"/Title", "/P", "/Table"} <= set(tags) else [f"tags are {sorted(set(tags))}"]
        for number, page in enumerate(pdf.pages, 1):
            found += [f"page {number} paints {one} outside the structure" for one in unmarked(page)]
            found += [f"page {number}: {font} is not embedded" for font in _not_embedded(page)]
            found += [] if "/StructParents" in page else [f"page {number} is outside the structure"]
    return found


def _attributes(element: Any) -> list[Any]:
    its = element.get("/A", [])
    return list(its) if isinstance(its, pikepdf.Array) else [its]


def _not_embedded(page: Any) -> Iterator[str]:
    for name, font in page.resources.get("/Font", {}).items():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {}).keys()):
            yield str(name)


def test_a_paper_has_everything_that_reading_aloud_needs() -> None:
    assert faults(as_pdf(PAPER)) == []


def without_title(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/ViewerPreferences"]


def without_headers(pdf: pikepdf.Pdf) -> None:
    for one in elements(pdf.Root["/StructTreeRoot"]):
        if one["/S"] == "/TH":
            one["/S"] = pikepdf.Name("/TD")


def with_more_text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT (Unheard) Tj ET")


def without_type_face(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].resources["/Font"].values():
        for name in ("/FontFile", "/FontFile2", "/FontFile3"):
            if name in font.DescendantFonts[0].FontDescriptor:
                del font.DescendantFonts[0].FontDescriptor[name]


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (without_title, "title"),
        (without_headers, "a table without headers"),
        (with_more_text, "outside the structure"),
        (without_type_face, "not embedded"),
    ],
)
def test_a_planted_fault_is_found(planted: Callable[[pikepdf.Pdf], None], said: str) -> None:
    with pikepdf.open(io.BytesIO(as_pdf(PAPER))) as pdf:
        planted(pdf)
        changed = io.BytesIO()
        pdf.save(changed)
    assert said in " ".join(faults(changed.getvalue()))
