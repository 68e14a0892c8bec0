"""A final sample of an inspection with its draw, so that substitutes can step in."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from inspectorate.audit import clock
from inspectorate.documents.models import Document
from inspectorate.sampling.models import Draw, DrawnCase, ListedCase, LongList, SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

Row = tuple[str, str, str, str]


@dataclass
class Sample:
    """A final sample: its team, its cases in order, and the references of its substitutes in order."""

    team: Team
    draw: Draw
    cases: list[SampledCase]
    substitutes: list[str]


@pytest.fixture
def final(an_inspection: Callable[..., Team], at: Callable[[datetime], None]) -> Callable[..., Sample]:
    """`final(rows, spare)` is a domain two sample of these cases (tier 1, tier 2, gender, RoSH), then substitutes, in
    the second day of fieldwork; every case is with the assistant inspector, in week 2."""

    def make(
        rows: Sequence[Row], spare: Sequence[Row], *, kind: str = "CRC", listed: int = 0, facts: Any = None
    ) -> Sample:
        at(datetime(2019, 6, 4, 10))
        team = an_inspection(kind)
        listed_cases = a_list(team, [*rows, *spare, *[rows[0]] * listed], facts or {})
        selected, substitutes = listed_cases[: len(rows)], listed_cases[len(rows) :][: len(spare)]
        draw = a_draw(team, selected, substitutes)
        cases = [in_the_sample(team, case, number) for number, case in enumerate(selected, 1)]
        return Sample(team, draw, cases, [one.reference for one in substitutes])

    return make


def a_list(team: Team, every: Sequence[Row], facts: dict[int, dict[str, str]]) -> list[ListedCase]:
    """An accepted long list of these cases; `facts` has more of them, by the number of the case."""
    upload = Document.objects.create(
        inspection=team.inspection, slot="longlist:domain-two", file_name="list.csv", stored="list.csv", size=1,
        digest="0" * 64, content_type="text/csv", given_by=team["link-manager"], given_at=clock.now(),
    )  # fmt: skip
    long_list = LongList.objects.create(
        inspection=team.inspection, case_list="domain-two", document=upload, state="accepted", size=len(every),
        given_by=team["link-manager"], given_at=clock.now(),
        cells=[[[one[0], one[1]], [one[2], "community", one[3]], count] for one, count in Counter(every).items()],
    )  # fmt: skip
    return ListedCase.objects.bulk_create(
        ListedCase(
            long_list=long_list, row=number, reference=f"X{number:03}", unit_1=one[0], unit_2=one[1],
            facts={"gender": one[2], "sentence-type": "community-order", "rosh": one[3], "office": f"Office {one[1]}",
                   "responsible-officer": f"Officer {number}", **facts.get(number, {})},
        )
        for number, one in enumerate(every, 1)
    )  # fmt: skip


def a_draw(team: Team, selected: Sequence[ListedCase], substitutes: Sequence[ListedCase]) -> Draw:
    """The draw that selected these cases, and these substitutes in this order."""
    draw = Draw.objects.create(
        long_list=selected[0].long_list, size=len(selected), substitutes=len(substitutes), seed="00", receipt={},
        margins=[], by=team["administrator"], at=clock.now(),
    )  # fmt: skip
    DrawnCase.objects.bulk_create(
        DrawnCase(draw=draw, case=case, ticket=ticket, substitute=substitute)
        for substitute, group in ((False, selected), (True, substitutes))
        for ticket, case in enumerate(group, 1)
    )
    return draw


def in_the_sample(team: Team, listed: ListedCase, number: int) -> SampledCase:
    """A case of the final sample, with its inspector."""
    case = SampledCase.objects.create(
        inspection=team.inspection, case_list="domain-two", case=listed, number=number, at=clock.now()
    )
    Allocation.objects.create(
        case=case, inspector=team["assistant-inspector"], week=2, by=team["administrator"], at=clock.now()
    )
    return case
