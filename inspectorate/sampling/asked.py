"""Chapter 4.4, long lists: what is asked of a body: the days that a list covers, and headers in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inspectorate.methodology.sampling import CaseList, period_days, with_unit_names
from inspectorate.programme.models import Inspection, TierName
from inspectorate.sampling.models import AskedPeriod

Days = tuple[date, date]
UNIT_COLUMNS = {1: "tier-1", 2: "tier-2"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The first and last day that a list is to cover, those that follow from the plan, and who set others, if any."""

    days: Days | None
    follows: Days | None
    changed: AskedPeriod | None


def periods_asked(inspection: Inspection, case_lists: Sequence[CaseList]) -> dict[str, Asked]:
    """For each list the days asked for. One query. Manual 4.2a, 4.4b."""
    rows = inspection.asked_periods.select_related("by")
    changed = {one.case_list: one for one in rows}
    return {one.id: _asked(inspection, one, changed.get(one.id)) for one in case_lists}


def period_asked(inspection: Inspection, case_list: CaseList) -> Asked:
    """The days asked for of one list. One query."""
    rows = inspection.asked_periods.filter(case_list=case_list.id).select_related("by")
    return _asked(inspection, case_list, rows.last())


def _asked(inspection: Inspection, case_list: CaseList, changed: AskedPeriod | None) -> Asked:
    follows = period_days(case_list.period, inspection.fieldwork)
    days = (changed.first_day, changed.last_day) if changed else follows
    return Asked(days, follows, changed)


def in_own_words(inspection: Inspection, case_lists: Sequence[CaseList]) -> tuple[CaseList, ...]:
    """The lists with the body's own names of its units in their headers, older names understood. One query.
    Manual 3.5b."""
    names: dict[str, list[str]] = {}
    for tier, name in TierName.objects.filter(body=inspection.body_id).values_list("tier", "name"):
        names.setdefault(UNIT_COLUMNS[tier], []).append(name)
    return tuple(with_unit_names(one, names) for one in case_lists) if names else tuple(case_lists)
