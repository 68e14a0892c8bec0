"""Papers out: a paper as a Word file with headings, repeated table headings, language and title (Manual 7.2f)."""

import io
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from inspectorate.documents.paper import Block, Heading, Paper, Points, Table, Text, clean

LANGUAGE = "en-GB"
FONT = "Arial"


def as_word(paper: Paper) -> bytes:
    """The Word file of a paper."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = clean(paper.title), clean(paper.author), LANGUAGE
    properties.created = properties.modified = paper.at.replace(tzinfo=None)
    properties.comments = ""
    _styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    document.add_heading(clean(paper.title), 0)
    for block in paper.blocks:
        _add(document, block)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _styles(document: Any) -> None:
    for style in document.styles:
        if style.type == 1:  # of paragraphs
            style.font.name = FONT
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(name), None)
    document.styles["Normal"].font.size = Pt(11)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(clean(text), level)
        case Text(text):
            document.add_paragraph(clean(text))
        case Points(items, numbered):
            for item in items:
                document.add_paragraph(clean(item), "List Number" if numbered else "List Bullet")
        case Table():
            _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:
    document.add_paragraph(clean(block.caption), "Caption")
    written = (block.header, *block.rows)
    table = document.add_table(len(written), len(block.header), "Table Grid")
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    # Programs read the widths of the grid or those of the cells: both are said, or columns come out equal.
    table.autofit = False
    for column, share in zip(table.columns, block.widths, strict=True):
        column.width = room * share // sum(block.widths)
    for row, line in zip(written, table._tbl.tr_lst, strict=True):
        line.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for at, (element, text) in enumerate(zip(line.tc_lst, row, strict=True)):
            cell = _Cell(element, table)  # `row.cells` reads the whole table again for every row
            cell.width = room * block.widths[at] // sum(block.widths)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            run = cell.paragraphs[0].add_run(clean(text))
            run.bold = row is block.header or at == 0
    document.add_paragraph("")
