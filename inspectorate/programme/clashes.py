"""Which inspections of the same people fall together, named before an inspection is planned."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from inspectorate.accounts.models import User
from inspectorate.methodology import timeline
from inspectorate.programme import packs
from inspectorate.programme.models import Membership


@dataclass(frozen=True, slots=True)
class PersonClash:
    """One person's fieldwork that overlaps with another inspection's fieldwork."""

    person: str
    other: str
    starts: date
    ends: date


def of_fieldwork(people: Iterable[User], fieldwork: date, *, leave_out: Collection[int] = ()) -> list[PersonClash]:
    """Fieldwork of other inspections on which these people are, and which overlaps with fieldwork from this Monday.

    Raises timeline.NotAMonday. Manual 2.3a, 6.3a.
    """
    held = (
        Membership.objects.filter(
            user__in=list(people),
            ended_at=None,
            side="inspectorate",
            inspection__isnull=False,
            inspection__stopped_at=None,
        )  # fmt: skip
        .exclude(inspection__in=list(leave_out))
        .select_related("user", "inspection__body")
        .order_by("user__name", "inspection__fieldwork")
    )
    found: dict[tuple[int, int], PersonClash] = {}
    for one in held:
        if one.inspection is None:
            continue
        pair = [("", fieldwork), (str(one.inspection), one.inspection.fieldwork)]
        for clash in timeline.clashes(pair, packs.current().timeline):
            if clash.first_phase == clash.second_phase == "fieldwork":
                found[one.user_id, one.inspection.pk] = PersonClash(
                    one.user.name, str(one.inspection), clash.starts, clash.ends
                )
    return list(found.values())
