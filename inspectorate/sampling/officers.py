"""Chapter 4.4d: the officers of the cases drawn, the days of fieldwork, and when each of them is away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inspectorate.methodology import timeline
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.cells import written
from inspectorate.sampling.models import DrawnCase, OfficerAway

OFFICER = "responsible-officer"
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True, order=True)
class Away:
    """Days on which an officer cannot be interviewed, the first and the last inclusive."""

    officer: str
    first_day: date
    last_day: date
    note: str = ""


def names_officers(case_list: CaseList) -> bool:
    """Whether a list says who holds a case."""
    return any(column.id == OFFICER for column in case_list.columns)


def officer_of(facts: dict[str, str]) -> str:
    """The officer of a listed case, "" where the list does not say."""
    return written(facts.get(OFFICER, ""))


def officers_of(rows: Iterable[DrawnCase]) -> list[str]:
    """The officers of drawn cases, each once, in order of name."""
    return sorted({name for row in rows if (name := officer_of(row.case.facts))})


def known_officers(inspection: Inspection, *, limited: bool = True) -> list[str]:
    """The officers of all cases ever drawn in an inspection, without `limited` of those only that anybody may know of.
    One query."""
    drawn = DrawnCase.objects.filter(draw__long_list__inspection=inspection)
    if not limited:
        drawn = drawn.filter(case__limited=False)
    facts = drawn.values_list("case__facts", flat=True)
    return sorted({name for one in facts if (name := officer_of(one))})


def fieldwork_days(inspection: Inspection) -> tuple[date, date]:
    """The first Monday and the last Friday of fieldwork. Manual 2.3a, 4.4d."""
    phases = timeline.phases(packs.pack_of(inspection).timeline, inspection.fieldwork)
    return next((first, last) for phase, first, last in phases if phase == "fieldwork")


def standing_away(inspection: Inspection) -> list[OfficerAway]:
    """What is said of officers' days away and not withdrawn. One query."""
    return list(inspection.officers_away.filter(ended_at=None).select_related("by"))


def in_words(first: date, last: date) -> str:
    """`Monday 3 June 2019`, or `Monday 3 June to Friday 7 June 2019`."""
    until = f"{last:%A} {last.day} {last:%B %Y}"
    return until if first == last else f"{first:%A} {first.day} {first:%B} to {until}"
