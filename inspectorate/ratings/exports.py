"""Chapter 7.2a and 7.3b: a version of the verified data as files: answers, ratings, dictionary, the data annex."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inspectorate.documents.spreadsheets import Column, WrittenSheet, write_workbook
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import (
    DICTIONARY_COLUMNS,
    RATING_COLUMNS,
    ROUNDING_WORDS,
    CaseJudgements,
    Count,
    FlatRating,
    Published,
    Result,
    VerifiedCase,
    answer_columns,
    count,
    dictionary,
    flat_answers,
    flat_ratings,
    publish,
    rate_counts,
    rating_row,
    sub_sample,
    verified_from_json,
)
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Decision, VerifiedData
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import SampledCase
from inspectorate.sampling.writing import FORMULA_SIGNS, WORKBOOK

TABLE = "text/csv; charset=utf-8"
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """A version of the verified data with what files are made from it."""

    inspection: Inspection
    signed: VerifiedData
    pack: Pack
    framework: Framework
    cases: tuple[VerifiedCase, ...]
    covered: frozenset[str]
    counts: dict[str, Count]
    decided: dict[str, Rating]

    @property
    def result(self) -> Result:
        """The ratings of the answers, without domain one."""
        return rate_counts(self.framework, self.pack.ratings, self.counts, domain_one={})

    @property
    def ratings(self) -> tuple[FlatRating, ...]:
        """The rows of the file of ratings."""
        return flat_ratings(self.framework, self.result, self.decided)


def covered(signed: VerifiedData, sight: Sight) -> frozenset[str]:
    """The cases of a version whose facts are kept from who gets the file."""
    limited = SampledCase.objects.filter(inspection=signed.inspection_id, case__limited=True)
    found = frozenset(str(one) for one in limited.values_list("public_id", flat=True))
    return frozenset() if not found or sight.reads else found


def make(inspection: Inspection, signed: VerifiedData, name: str, covered: frozenset[str]) -> tuple[bytes, str] | None:
    """Content and type of the file of this name; None where there is none, or not yet."""
    if name not in FILES:
        return None
    pack = packs.pack_of(inspection)
    framework = pack.framework(inspection.kind)
    cases = verified_from_json(signed.content)
    judged = [CaseJudgements(one.case, one.case_list, one.facts, one.answers) for one in cases if one.submitted]
    decided = _decided(inspection)
    if name == PUBLIC and not decided:
        return None
    taken = Taken(inspection, signed, pack, framework, cases, covered, count(framework, judged), decided)
    return FILES[name](taken), TABLE if name.endswith(".csv") else WORKBOOK


def _decided(inspection: Inspection) -> dict[str, Rating]:
    """What the panel decided, by standard and key question, and under 'overall'; empty before its decision."""
    decision = Decision.objects.filter(panel__inspection=inspection).first()
    if decision is None:
        return {}
    questions = {name: one.get("panel") or one["band"] for name, one in decision.result["key_questions"].items()}
    standards = {name: one["rating"] for name, one in decision.result["standards"].items()}
    every = questions | standards | {"overall": decision.overall}
    return {name: Rating.from_slug(slug) for name, slug in every.items() if slug}


def _table(columns: Sequence[str], rows: Rows) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([_harmless(str(value)) for value in row] for row in rows)
    return ("\ufeff" + target.getvalue()).encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def read_table(content: bytes) -> list[dict[str, str]]:
    """The rows of a .csv file as `make` writes it, by column."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: _as_written(value) for name, value in row.items()} for row in rows]


def _as_written(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def _answers(taken: Taken) -> Rows:
    return flat_answers(taken.framework, taken.cases, taken.covered)


def _workbook(*sheets: tuple[str, Sequence[str], Rows]) -> bytes:
    target = io.BytesIO()
    written = [
        WrittenSheet(name, tuple(Column(title, 40 if title in WIDE else 16) for title in columns), rows)
        for name, columns, rows in sheets
    ]
    write_workbook(target, written)
    return target.getvalue()


WIDE = ("title", "sub_sample", "meaning", "values", "Key question", "Counted over", "Standard", "What", "Value")


def _everything(taken: Taken) -> bytes:
    return _workbook(
        ("Answers", answer_columns(taken.framework), _answers(taken)),
        ("Ratings", RATING_COLUMNS, _numbers(taken.ratings)),
        ("Dictionary", DICTIONARY_COLUMNS, dictionary(taken.framework, taken.pack.ratings)),
        ("About", ("What", "Value"), _about(taken)),
    )


def _numbers(rows: Iterable[FlatRating]) -> Rows:
    return [[getattr(row, column) for column in RATING_COLUMNS] for row in rows]


def _about(taken: Taken) -> Rows:
    signed = taken.signed
    return [
        ("Inspected body", str(taken.inspection.body)),
        ("Verified data", f"Version {signed.number}, signed on {signed.at:%-d %B %Y}"),
        ("Cases", f"{signed.submitted} of {signed.sampled} submitted"),
        ("SHA-256", signed.digest),
        ("Method", f"{taken.pack.title}, version {taken.pack.version}"),
        ("Rounding", ROUNDING_WORDS[taken.pack.ratings.rounding]),
    ]


ANNEX_COLUMNS = (
    "Standard", "Id", "Key question", "Counted over", "Cases", "Yes", "Percentage", "Unrounded", "Band", "Rating",
    "Decided",
)  # fmt: skip


def _annex(taken: Taken) -> bytes:
    """The data annex of the inspectorate: exact figures, nothing of a case."""
    standards = [
        [f"{one.id} {one.title}" if one.level == "standard" else one.title, _label(one.rating), one.score,
         _label(one.decided)]
        for one in taken.ratings
        if one.level != "key-question"
    ]  # fmt: skip
    return _workbook(
        ("Key questions", ANNEX_COLUMNS, list(_annex_rows(taken))),
        ("Standards", ("Standard", "Rating", "Score", "Decided"), standards),
        ("About", ("What", "Value"), _about(taken)),
    )


def _annex_rows(taken: Taken) -> Iterable[Sequence[Any]]:
    labels = {band.rating.slug: band.label for band in taken.pack.ratings.bands}
    for row in taken.ratings:
        if row.level == "key-question":
            standard = taken.framework.standard_of(row.id)
            yield (
                f"{standard.id} {standard.title}", row.id, row.title, row.sub_sample, row.n, row.yes, row.percent,
                float(row.unrounded) if row.unrounded else None, labels.get(row.rating, ""),
                _label(row.rating), _label(row.decided),
            )  # fmt: skip


def _label(slug: str) -> str:
    return Rating.from_slug(slug).label if slug else ""


NOT_PUBLISHED = "Not published"
PUBLIC_COLUMNS = ("Standard", "Id", "Key question", "Counted over", "Cases", "Percentage")


def _public(taken: Taken) -> bytes:
    """The data annex as it may be published: no small number, and none that can be worked out."""
    rules = taken.pack.ratings
    labels = {band.rating: band.label for band in rules.bands}
    rows: list[Sequence[Any]] = []
    standards: list[Sequence[Any]] = []
    for standard in taken.framework.standards:
        rating = taken.decided.get(standard.id)
        if standard.rated:
            standards.append((f"{standard.id} {standard.title}", rating.label if rating is not None else "Not rated"))
        if standard.source != "cases":
            continue
        counts = [(one.id, taken.counts.get(one.id, Count(0, 0))) for one in standard.key_questions]
        for question, shown in zip(standard.key_questions, publish(rules, counts, rating), strict=True):
            about = (f"{standard.id} {standard.title}", question.id, question.label)
            told = _told(shown, labels)
            rows.append((*about, sub_sample(taken.framework, question), *told))
    standards.append(("Overall rating", taken.decided["overall"].label))
    limits = rules.publication
    about_it = [
        ("Cases", f"To the nearest {limits.nearest}; under {limits.least} not published"),
        ("Percentage", f"To the nearest {limits.nearest}, or its band, or not published where figures could identify"),
        ("Method", f"{taken.pack.title}, version {taken.pack.version}"),
        ("Inspected body", str(taken.inspection.body)),
    ]
    return _workbook(
        ("Key questions", PUBLIC_COLUMNS, rows),
        ("Standards", ("Standard", "Rating"), standards),
        ("About", ("What", "Value"), about_it),
    )


def _told(shown: Published, labels: dict[Rating, str]) -> tuple[int | str | None, int | str | None]:
    """Cases and percentage of a key question as they are published."""
    if shown.how == "hidden":
        return NOT_PUBLISHED, NOT_PUBLISHED
    return shown.n, shown.percent if shown.band is None else labels[shown.band]


PUBLIC = "annex-for-publication.xlsx"
FILES: dict[str, Callable[[Taken], bytes]] = {
    "answers.csv": lambda taken: _table(answer_columns(taken.framework), _answers(taken)),
    "ratings.csv": lambda taken: _table(RATING_COLUMNS, (rating_row(row) for row in taken.ratings)),
    "dictionary.csv": lambda taken: _table(DICTIONARY_COLUMNS, dictionary(taken.framework, taken.pack.ratings)),
    "data.xlsx": _everything,
    "annex.xlsx": _annex,
    PUBLIC: _public,
}
# What is offered; the last only once the panel has decided.
TITLES = (
    ("answers.csv", "Answers (.csv)"),
    ("ratings.csv", "Ratings (.csv)"),
    ("dictionary.csv", "Dictionary (.csv)"),
    ("data.xlsx", "All three (.xlsx)"),
    ("annex.xlsx", "Data annex (.xlsx)"),
    (PUBLIC, "Data annex for publication (.xlsx)"),
)
