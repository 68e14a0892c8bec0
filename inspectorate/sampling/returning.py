"""Chapter 4.4, stages 3 and 4: what the body marked on a drawn sample, what is missing, what was answered, and what
changed after the return."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from inspectorate.methodology.sampling import CaseList, ExclusionReason
from inspectorate.sampling import samples
from inspectorate.sampling.due import Due
from inspectorate.sampling.models import Draw, Exclusion, ExclusionAnswer, SampleConfirmation
from inspectorate.sampling.samples import MarginRow

LONGEST_NOTE = 2000
MOST_NAMED = 8
OLD_DRAW = "Another sample was drawn since. Open the newest one."


def note_wanted(case_list: CaseList, reason: str) -> str:
    """What a note has to add to a reason, "" where none is needed."""
    return next((one.note_says for one in case_list.exclusions if one.id == reason), "")


def missing(case_list: CaseList, marks: Iterable[Exclusion]) -> list[tuple[str, str]]:
    """(reference, what is missing) for each mark that cannot be returned as it is. Manual 4.4e."""
    return [
        (mark.drawn.case.reference, f"A note is needed. {wanted}.")
        for mark in marks
        if mark.reason and not mark.note.strip() and (wanted := note_wanted(case_list, mark.reason))
    ]


def unanswered(draw: Draw) -> int:
    """How many exclusions of a draw the inspectorate has not answered. Two queries."""
    answers = samples.answers_of(draw)
    return sum(1 for mark in samples.marks_of(draw).values() if mark.pk not in answers)


def with_state(draws: QuerySet[Draw]) -> QuerySet[Draw]:
    """The same draws with what decides whether marks may change: `newest` (key of the newest draw of the list), whether
    it is `confirmed` by somebody and whether an exclusion is `answered`."""
    newest = Draw.objects.filter(
        long_list__inspection=OuterRef("long_list__inspection"), long_list__case_list=OuterRef("long_list__case_list")
    )
    return draws.annotate(
        newest=Subquery(newest.order_by("-pk").values("pk")[:1]),
        confirmed=Exists(SampleConfirmation.objects.filter(draw=OuterRef("pk"))),
        answered=Exists(ExclusionAnswer.objects.filter(exclusion__drawn__draw=OuterRef("pk"))),
    )


def why_closed(draw: Any) -> str:
    """Why no mark can change on a draw of `with_state`, "" where one can. Manual 4.4e, 4.4f. No query."""
    if draw.newest != draw.pk:
        return OLD_DRAW
    if draw.confirmed:
        return "The inspectorate has begun to confirm this sample. Its exclusions can change no more."
    if draw.answered:
        return "The inspectorate has begun to answer the exclusions. They can change no more."
    return ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that counts to a mark: whether it is accepted, why not, by whom (a name) and when."""

    accepted: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark that stands on a drawn case, the answer that counts, and whether the mark is newer than the return."""

    mark: Exclusion
    reason: str
    answer: Answer | None
    after_return: bool


@dataclass(frozen=True, slots=True)
class LateChange:
    """A mark that was made, changed or taken away after the return."""

    mark: Exclusion
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Marked:
    """All marks that stand on a draw, by unit and reference, and every change after its return, oldest first."""

    standing: tuple[Standing, ...]
    late: tuple[LateChange, ...]

    @property
    def limited(self) -> bool:
        """Whether one of the cases is a limited-access case."""
        cases = [one.mark.drawn.case for one in self.standing] + [one.mark.drawn.case for one in self.late]
        return any(case.limited for case in cases)

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return sum(1 for one in self.standing if one.answer is None)


def marked(draw: Draw, case_list: CaseList) -> Marked:
    """What the body marked on a draw and what was answered. One query."""
    texts = {one.id: one.text for one in case_list.exclusions} | {"": "Not excluded"}
    returned = draw.returned_or_none
    newest: dict[int, Any] = {}
    late = []
    for mark in _history(draw):
        was = newest.get(mark.drawn_id)
        if _after(mark.at, returned.at if returned else None):
            late.append(LateChange(mark, texts.get(was.reason if was else "", ""), texts.get(mark.reason, mark.reason)))
        newest[mark.drawn_id] = mark
    standing = [
        Standing(
            mark,
            texts.get(mark.reason, mark.reason),
            None
            if mark.answered_at is None
            else Answer(mark.accepted, mark.answer_reason, mark.answered_by, mark.answered_at),
            _after(mark.at, returned.at if returned else None),
        )
        for mark in newest.values()
        if mark.reason
    ]
    standing.sort(key=lambda one: _place(one.mark))
    return Marked(tuple(standing), tuple(late))


def _history(draw: Draw) -> Iterable[Any]:
    """Every mark ever made on a draw, oldest first, with the answer that counts."""
    answer = ExclusionAnswer.objects.filter(exclusion=OuterRef("pk")).order_by("-pk")
    marks = Exclusion.objects.filter(drawn__draw=draw).select_related("drawn__case", "by", "document")
    return marks.order_by("pk").annotate(
        accepted=Subquery(answer.values("accepted")[:1]),
        answer_reason=Subquery(answer.values("reason")[:1]),
        answered_by=Subquery(answer.values("by__name")[:1]),
        answered_at=Subquery(answer.values("at")[:1]),
    )


def _after(at: datetime, returned_at: datetime | None) -> bool:
    return returned_at is not None and at > returned_at


def _place(mark: Exclusion) -> tuple[str, str, str]:
    case = mark.drawn.case
    return case.unit_1, case.unit_2, case.reference


def need_a_note(reasons: Iterable[ExclusionReason]) -> list[ExclusionReason]:
    """The reasons that a note has to explain."""
    return [one for one in reasons if one.note_says]


@dataclass(frozen=True, slots=True)
class Summary:
    """Where the round trip of a draw is: marks that stand, how many are accepted, refused and open, and the day on
    which it is due back."""

    marked: int
    accepted: int
    refused: int
    due: Due | None

    @property
    def open(self) -> int:
        return self.marked - self.accepted - self.refused


def summary(draw: Draw, rows: Sequence[Any], due: Due | None) -> Summary:
    """The round trip of a draw in numbers; `rows` are those of `samples.marked_rows`. No query."""
    marks = [row.mark_accepted for row in rows if row.mark_reason]
    return Summary(len(marks), marks.count(True), marks.count(False), due)


def replaced(final: samples.Final) -> int:
    """How many cases of what would be final stand in place of an excluded one."""
    return sum(1 for one in final.chosen if one.in_place_of)


def final_in_words(draw: Draw, case_list: CaseList, margins: Sequence[MarginRow]) -> str:
    """`in_words` of a final sample as it is kept. One query."""
    kept = draw.long_list.inspection.sampled_cases.filter(case_list=case_list.id, file_read=False)
    cases = list(kept.select_related("case", "in_place_of"))
    pairs = [(one.case, one.in_place_of) for one in cases if one.in_place_of]
    other = sum(1 for new, old in pairs if samples.strata_of(case_list, new) != samples.strata_of(case_list, old))
    return in_words(margins, len(pairs), other, max(0, draw.size - len(cases)))


def in_words(margins: Iterable[MarginRow], replaced: int, other_stratum: int, unfilled: int) -> str:
    """One sentence on how far every margin is from proportion after replacing, and why. Manual 4.4f.

    `replaced` cases left and have a substitute, `other_stratum` of these from another stratum, `unfilled` have none.
    """
    rows = list(margins)
    off = [row for row in rows if not row.within_one]
    if not off:
        return "Every margin is within one case of proportion." if rows else ""
    named = ", ".join(
        f"{row.value} ({row.variable.lower()}) by {abs(row.difference):g} too {_side(row)}" for row in off[:MOST_NAMED]
    )
    more = f" and {len(off) - MOST_NAMED} more" if len(off) > MOST_NAMED else ""
    why = _why(replaced, other_stratum, unfilled)
    return f"{len(off)} of {len(rows)} margins are a case or more from proportion: {named}{more}. {why}"


def _side(row: MarginRow) -> str:
    return "many" if row.difference > 0 else "few"


def _why(replaced: int, other_stratum: int, unfilled: int) -> str:
    """Why margins are off after replacing, as far as the draw can tell."""
    because = []
    if unfilled:
        because.append(f"{unfilled} excluded {'case has' if unfilled == 1 else 'cases have'} no substitute")
    if other_stratum:
        come = "substitute comes" if other_stratum == 1 else "substitutes come"
        because.append(f"{other_stratum} {come} from another stratum than the case replaced")
    if because:
        return f"That is because {' and '.join(because)}."
    if replaced:
        return "Substitutes match the stratum of the case that they replace and not always its unit."
    return "Nothing was replaced; it was so when the sample was drawn."
