"""Chapter 4.4: the administrator asks for other days than those of the plan, and says how many cases to expect."""

from datetime import date

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.sampling import tasks
from inspectorate.sampling.actions.lists import known_list, refuse_late
from inspectorate.sampling.models import AskedPeriod, ExpectedCount, LongList

LONGEST_PERIOD = 366


class WrongPeriod(Exception):
    """The days cannot be those of a list."""


@transaction.atomic
def ask_period(
    *, inspection: Inspection, case_list: str, first_day: date, last_day: date, reason: str, by: User
) -> AskedPeriod:
    """Asks for a list of other days than those that follow from the plan; lists that are not accepted yet are read
    again after them. Manual 4.2a, 4.4b. Raises UnknownList, WrongPeriod, NotReady once the final sample is confirmed.
    """
    known_list(inspection, case_list)
    one_at_a_time(inspection)
    refuse_late(inspection, case_list)
    if last_day < first_day:
        raise WrongPeriod("The last day lies before the first one.")
    if (last_day - first_day).days >= LONGEST_PERIOD:
        raise WrongPeriod("The days are those of more than a year. Give a shorter period.")
    if last_day >= inspection.fieldwork:
        raise WrongPeriod("The last day must lie before fieldwork begins.")
    asked = AskedPeriod.objects.create(
        inspection=inspection,
        case_list=case_list,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="ask_period",
        subject=f"sampling.askedperiod:{asked.pk}",
        summary=f"Asked for the {case_list} long list of {first_day.isoformat()} to {last_day.isoformat()}",
        details={"reason": reason},
    )
    waiting = inspection.long_lists.select_for_update().filter(
        case_list=case_list, state__in=[LongList.State.READY, LongList.State.REFUSED]
    )
    for one in list(waiting):
        one.state = LongList.State.RECEIVED
        one.save(update_fields=["state"])
        tasks.read_long_list.enqueue(one.pk)
    return asked


@transaction.atomic
def expect_cases(*, inspection: Inspection, case_list: str, cases: int, source: str, by: User) -> ExpectedCount:
    """Notes how many cases a list is expected to hold, and whence the number is. Manual 4.2a. Raises UnknownList."""
    known_list(inspection, case_list)
    expected = ExpectedCount.objects.create(
        inspection=inspection, case_list=case_list, cases=cases, source=source, by=by, at=clock.now()
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="expect_cases",
        subject=f"sampling.expectedcount:{expected.pk}",
        summary=f"Expects {cases} cases on the {case_list} long list",
        details={"source": source},
    )
    return expected
