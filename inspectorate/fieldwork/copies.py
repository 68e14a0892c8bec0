"""Chapter 6.1b: the case as a spreadsheet or a copy that comes back: what is wrong in it, and what it would change."""

import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inspectorate.documents.spreadsheets import (
    Column,
    Sheet,
    UnreadableSheet,
    WrittenSheet,
    read_table,
    write_workbook,
)
from inspectorate.fieldwork.actions import LONGEST_NOTE
from inspectorate.fieldwork.form import NOTE, CaseForm
from inspectorate.methodology.fieldwork import ANSWERS

COPY = "inspectorate case copy 1"
LARGEST = 5 * 1024 * 1024
WORDS = {"yes": "Yes", "no": "No", "na": "Not applicable"}
FIELD, QUESTION, ANSWER, EVIDENCE, VERSION = "Field", "Question", "Answer", "Evidence", "Version"
QUESTIONS, FACTS, NOTES, ABOUT = "Questions", "Facts", "Evidence", "About"
# What was typed in a second window of the same device: a second text for a field, shown beside the first.
OTHER_WINDOWS = "other_windows"
EMPTY = "An empty cell changes nothing. Leave the columns Field and Version as they are."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and where."""

    sheet: str
    row: int | None
    column: str
    value: str
    what: str


class Faulty(ValueError):
    """The file cannot be taken; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file would change: the text now on the server, at version `now`, and the file's, made from `base`."""

    id: uuid.UUID
    field: str
    question: str
    stands: str
    value: str
    base: int
    now: int

    @property
    def moved(self) -> bool:
        """Whether somebody changed the field after the file was written: then a person decides."""
        return self.base != self.now


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as a file gives it, with its place there."""

    sheet: str
    row: int | None
    column: str
    field: str
    value: str
    base: int


def said(value: str) -> str:
    """An answer in words: 'Not applicable', 'Very high'."""
    words = value.replace("-", " ").capitalize()
    return WORDS.get(value, words.replace("Crc", "CRC").replace("crc", "CRC").replace("nps", "NPS"))


def questions(form: CaseForm) -> dict[str, str]:
    """The words of every field to answer, in the order of the form."""
    found = {fact.id: fact.label for fact in form.facts}
    for standard in form.standards:
        for question in standard.key_questions:
            found.update((prompt.id, prompt.text) for prompt in question.prompts)
            found[question.id] = f"{question.id} {question.label}: {question.question}"
            found[question.id + NOTE] = f"Evidence for {question.id} {question.label}"
    return found


def workbook(form: CaseForm, *, title: str, case: uuid.UUID) -> bytes:
    """The form of a case as a workbook with drop-down lists, filled with what stands."""
    facts = {fact.id: fact for fact in form.facts}
    rows: dict[str, list[tuple[str, str, str, int]]] = {QUESTIONS: [], FACTS: [], NOTES: []}
    for field, words in questions(form).items():
        value, version = form.stands(field)
        sheet = NOTES if field.endswith(NOTE) else FACTS if field in facts else QUESTIONS
        rows[sheet].append((field, words, value if sheet == NOTES else said(value), version))
    values = tuple(dict.fromkeys(said(value) for fact in facts.values() for value in fact.values))
    answers = tuple(WORDS[one] for one in ANSWERS)
    about = [("Case", title), ("Number of the case", str(case)), ("How to fill it in", EMPTY)]
    target = io.BytesIO()
    write_workbook(
        target,
        [
            *([WrittenSheet(FACTS, _columns(ANSWER, values), rows[FACTS])] if facts else []),
            WrittenSheet(QUESTIONS, _columns(ANSWER, answers), rows[QUESTIONS]),
            WrittenSheet(NOTES, _columns(EVIDENCE, ()), rows[NOTES]),
            WrittenSheet(ABOUT, (Column("About", 22), Column("", 80)), about),
        ],
    )
    return target.getvalue()


def _columns(answer: str, choices: tuple[str, ...]) -> tuple[Column, ...]:
    width = 20 if choices else 80
    return Column(FIELD, 14), Column(QUESTION, 70), Column(answer, width, choices), Column(VERSION, 9)


def proposals(form: CaseForm, *, name: str, content: bytes, case: uuid.UUID) -> list[Proposal]:
    """What a filled workbook or a copy (.xlsx, .json) would change. Raises Faulty with all that is wrong at once."""
    faults: list[Fault] = []
    read = _copy if name.lower().endswith(".json") else _workbook
    given = list(_checked(form, read(name, content, case, faults), faults))
    if faults:
        raise Faulty(tuple(faults))
    asked = questions(form)
    return [
        Proposal(uuid.uuid4(), one.field, asked.get(one.field, one.field), *_stands(form, one.field, one))
        for one in given
        if one.value != form.value(one.field)
    ]


def _stands(form: CaseForm, field: str, one: _Given) -> tuple[str, str, int, int]:
    value, version = form.stands(field)
    return value, one.value, one.base, version


def _checked(form: CaseForm, given: Iterable[_Given], faults: list[Fault]) -> Iterator[_Given]:
    seen: set[str] = set()
    for one in given:
        wrong = ""
        options = form.fields.get(one.field)
        if options is None:
            wrong = f"'{one.field}' is not a field of this case."
        elif one.field in seen and not one.sheet.startswith(OTHER_WINDOWS):
            wrong = f"{one.field} stands in the file twice. Leave one of the two."
        elif options and one.value not in options:
            wrong = f"Choose one of {', '.join(said(value) for value in options)}."
        elif len(one.value) > LONGEST_NOTE:
            wrong = f"The text is {len(one.value)} characters long; {LONGEST_NOTE} is the most."
        seen.add(one.field)
        if wrong:
            faults.append(Fault(one.sheet, one.row, one.column, one.value[:80], wrong))
        else:
            yield one


def _workbook(name: str, content: bytes, case: uuid.UUID, faults: list[Fault]) -> Iterator[_Given]:
    if len(content) > LARGEST:
        faults.append(Fault("", None, "", name, f"The file is larger than {LARGEST // 1024 // 1024} MB."))
        return
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"case{Path(name).suffix.lower()}"
            path.write_bytes(content)
            table = read_table(path)
    except UnreadableSheet as refusal:
        faults.append(Fault("", None, "", name, str(refusal)))
        return
    sheets = {sheet.name: sheet for sheet in table.sheets}
    numbers = [str(row[1]) for row in _rows(sheets.get(ABOUT)) if len(row) > 1 and row[0] == "Number of the case"]
    if numbers != [str(case)]:
        faults.append(Fault(ABOUT, None, "", " ".join(numbers), "This is not the workbook of this case. Download it."))
        return
    for title, answer in ((FACTS, ANSWER), (QUESTIONS, ANSWER), (NOTES, EVIDENCE)):
        if title in sheets:
            yield from _sheet(sheets[title], answer, faults)


def _rows(sheet: Sheet | None) -> Sequence[tuple[Any, ...]]:
    return sheet.rows if sheet else ()


def _sheet(sheet: Sheet, answer: str, faults: list[Fault]) -> Iterator[_Given]:
    heads = [str(cell) for cell in (sheet.rows[0] if sheet.rows else ())]
    lacks = [head for head in (FIELD, answer, VERSION) if head not in heads]
    faults.extend(Fault(sheet.name, 1, head, "", "This column is missing.") for head in lacks)
    if lacks:
        return
    place = {head: heads.index(head) for head in (FIELD, answer, VERSION)}
    for number, row in enumerate(sheet.rows[1:], 2):
        cells = {head: row[at] if at < len(row) else None for head, at in place.items()}
        value = "" if cells[answer] is None else str(cells[answer])
        if not value.strip():
            continue
        version = cells[VERSION]
        if not isinstance(version, int) or isinstance(version, bool) or version < 0:
            faults.append(Fault(sheet.name, number, VERSION, str(version or ""), "Leave the version as it was."))
            continue
        text = value.replace("\r\n", "\n") if answer == EVIDENCE else _meant(value)
        yield _Given(sheet.name, number, answer, str(cells[FIELD] or ""), text, version)


def _meant(value: str) -> str:
    """The answer that a cell means: 'Not applicable' -> 'na', 'Very high' -> 'very-high'."""
    plain = value.strip().lower()
    named = {words.lower(): answer for answer, words in WORDS.items()}
    return named.get(plain, plain.replace(" ", "-"))


def _copy(name: str, content: bytes, case: uuid.UUID, faults: list[Fault]) -> Iterator[_Given]:
    try:
        copy = json.loads(content)
        if not isinstance(copy, Mapping) or copy.get("format") != COPY:
            raise ValueError
        fields, others = list(copy["fields"].items()), list(copy.get("other_windows", ()))
        given = [(f"fields > {field}", field, one) for field, one in fields]
        given += [(f"{OTHER_WINDOWS} > {place}", one["field"], one) for place, one in enumerate(others, 1)]
        if copy.get("case") != str(case):
            faults.append(Fault("", None, "case", str(copy.get("case")), "This is the copy of another case."))
            return
        values = [
            _Given(where, None, "value", str(field), str(one["value"]), int(one["version"]))
            for where, field, one in given
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        faults.append(Fault("", None, "", name, "This is not a copy that the page of a case wrote."))
        return
    yield from (one for one in values if one.value)
