"""What chapter 5 has people do: deal the sampled cases to the team, re-allocate one, declare a connection."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.methodology import scheduling as rules
from inspectorate.programme import packs
from inspectorate.programme.actions import note_done, one_at_a_time
from inspectorate.programme.models import Inspection, Membership
from inspectorate.sampling import limited
from inspectorate.sampling.models import SampledCase, standing
from inspectorate.scheduling.models import Allocation, Conflict

NAME_READERS = "They go to named readers only: the lead inspector names those who take cases, then allocate again."


class NothingToAllocate(Exception):
    """Every case of the final sample has an inspector already, or there is no final sample yet."""


class MayNotTake(Exception):
    """This person may not take this case; the message says why."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """How many cases were dealt, and those that nobody may or can take."""

    dealt: int
    left_over: tuple[SampledCase, ...]


def team(inspection: Inspection, held: Iterable[Membership] = ()) -> dict[str, tuple[User, rules.Inspector]]:
    """Everybody who takes cases, by membership id, with their declared connections. Two queries; one with the roles
    `held` there, where they were read before."""
    meetings = packs.pack_of(inspection).meetings
    conflicts = _declared(inspection)
    found: dict[str, tuple[User, rules.Inspector]] = {}
    here = Membership.objects.filter(inspection=inspection, ended_at=None).select_related("user").order_by("pk")
    seen: set[int] = set()
    for member in (one for one in held or here if one.inspection_id):
        if meetings.share(member.role, inspection.kind) is None or member.user_id in seen:
            continue
        seen.add(member.user_id)
        inspector = _inspector(member.user, member.role, conflicts.get(member.user_id, {}))
        found[inspector.id] = (member.user, inspector)
    return found


def _declared(inspection: Inspection) -> dict[int, dict[str, set[str]]]:
    """The names declared by each person (by id), by what they name. One query."""
    conflicts: dict[int, dict[str, set[str]]] = {}
    for one in Conflict.objects.filter(inspection=inspection):
        conflicts.setdefault(one.inspector_id, {}).setdefault(one.what, set()).add(one.name)
    return conflicts


def connected(inspector: User, cases: Collection[SampledCase]) -> frozenset[int]:
    """The keys of those of the cases with which a person declared a connection. One query, none without cases. Manual
    3.9c."""
    declared: dict[int, dict[str, set[str]]] = {}
    here = {case.inspection_id for case in cases}
    for one in Conflict.objects.filter(inspection__in=here, inspector=inspector) if here else ():
        declared.setdefault(one.inspection_id, {}).setdefault(one.what, set()).add(one.name)
    return frozenset(
        case.pk
        for case in cases
        if rules.connection(scheduled(case), _inspector(inspector, "", declared.get(case.inspection_id, {})))
    )


def _inspector(user: User, role: str, declared: dict[str, set[str]]) -> rules.Inspector:
    return rules.Inspector(
        id=f"{user.pk:08}",
        role=role,
        own_offices=frozenset(declared.get(Conflict.What.OWN, ())),
        conflict_offices=frozenset(declared.get(Conflict.What.OFFICE, ())),
        conflict_officers=frozenset(declared.get(Conflict.What.OFFICER, ())),
        conflict_cases=frozenset(declared.get(Conflict.What.CASE, ())),
    )


def scheduled(case: SampledCase) -> rules.ScheduledCase:
    """A sampled case as the rules of chapter 5 see it."""
    facts = case.case.facts
    return rules.ScheduledCase(
        reference=case.case.reference,
        case_list=case.case_list,
        office=facts.get("office") or case.case.unit_2 or case.case.unit_1,
        officer=facts.get("responsible-officer", ""),
    )


@transaction.atomic
def allocate_cases(*, inspection: Inspection, by: User) -> Dealt:
    """Deals every case without an inspector to the team; limited-access cases to named readers only. Manual 5.1a, 3.9a,
    3.9c, 4.4e. Raises NothingToAllocate."""
    one_at_a_time(inspection)
    cases = list(
        standing(inspection.sampled_cases.all())
        .exclude(allocations__ended_at=None, allocations__isnull=False)
        .select_related("case")
    )
    if not cases:
        raise NothingToAllocate("Every case of the final sample has an inspector, or there is no final sample yet.")
    pack, people = packs.pack_of(inspection), team(inspection)
    by_key = {f"{case.case_list} {case.number:04}": case for case in cases}
    inspectors = [one for _, one in people.values()]
    answer = rules.allocate(pack.meetings, inspection.kind, *_by_key(by_key, inspectors, _readers(inspection)))
    counts: dict[str, int] = {}
    rows = []
    for key, who in answer.assigned.items():
        user, inspector = people[who]
        share = pack.meetings.share(inspector.role, inspection.kind)
        weeks = share.weeks if share and share.weeks else (1, 2)
        counts[who] = counts.get(who, 0) + 1
        week = weeks[counts[who] % len(weeks)]
        rows.append(Allocation(case=by_key[key], inspector=user, week=week, by=by, at=clock.now()))
    Allocation.objects.bulk_create(rows)
    if not answer.left_over:
        note_done(inspection=inspection, event="final-schedules", by=by)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="allocate_cases",
        subject=inspection,
        summary=f"Allocated {len(rows)} cases to {len(counts)} inspectors",
        details={people[who][0].email: count for who, count in counts.items()},
    )
    return Dealt(len(rows), tuple(by_key[key] for key in answer.left_over))


def _readers(inspection: Inspection) -> frozenset[str]:
    """Membership ids, as `team` has them, of the named readers of limited-access cases."""
    return frozenset(f"{reader:08}" for reader in limited.readers_of(inspection))


def _by_key(
    cases: dict[str, SampledCase], inspectors: Iterable[rules.Inspector], readers: Collection[str]
) -> tuple[list[rules.ScheduledCase], list[rules.Inspector]]:
    """Cases and inspectors under a name for each case that is its own: one person can stand on two lists of an
    inspection with the same reference. A limited-access case is as closed as a conflict to who is no named reader."""

    def closed(case: SampledCase, one: rules.Inspector) -> bool:
        return case.case.reference in one.conflict_cases or (case.case.limited and one.id not in readers)

    team = [
        replace(one, conflict_cases=frozenset(key for key, case in cases.items() if closed(case, one)))
        for one in inspectors
    ]
    return [replace(scheduled(case), reference=key) for key, case in cases.items()], team


@transaction.atomic
def reallocate_case(*, case: SampledCase, to: User, reason: str, by: User) -> Allocation:
    """Gives a case to another inspector; the earlier allocation stays on record. Manual 3.9c. Raises MayNotTake."""
    inspection = case.inspection
    one_at_a_time(inspection)
    inspector = next((i for user, i in team(inspection).values() if user == to), None)
    if inspector is None:
        raise MayNotTake(f"{to.name} takes no cases on this inspection.")
    if case.case.limited and to.pk not in limited.readers_of(inspection):
        raise MayNotTake(
            f"{to.name} is no named reader of limited-access cases, and this is one. The lead inspector names readers."
        )
    if why := rules.why_not(packs.pack_of(inspection).meetings, inspection.kind, scheduled(case), inspector):
        why = "a connection was declared" if case.case.limited else why
        raise MayNotTake(f"{to.name} may not take this case: {why}.")
    for current in case.allocations.select_for_update().filter(ended_at=None):
        if current.inspector_id == to.pk:
            raise MayNotTake(f"{to.name} has this case already.")
        current.ended_at = clock.now()
        current.save(update_fields=["ended_at"])
    given = Allocation.objects.create(case=case, inspector=to, week=1, reason=reason, by=by, at=clock.now())
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="reallocate_case",
        subject=case,
        summary=f"Gave {case.case_list} case {case.number} to {to.email}",
        details={"reason": reason},
    )
    return given


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The allocation of a case that stepped in, or why its predecessor's inspector could not have it."""

    allocation: Allocation | None
    why_not: str = ""


def hand_over(*, left: SampledCase, to: SampledCase | None, by: User) -> HandedOver:
    """Ends the allocation of a case that left the sample; the one in its place goes to the same inspector in the same
    week unless a declared connection forbids it. Part of another action. Manual 5.1a, 3.9c, 6.1c."""
    inspection = left.inspection
    held = left.allocations.select_for_update().filter(ended_at=None).first()
    if held is None:
        return HandedOver(None, "the case that left had no inspector")
    held.ended_at = clock.now()
    held.save(update_fields=["ended_at"])
    if to is None:
        return HandedOver(None)
    user, inspector = next(
        ((user, one) for user, one in team(inspection).values() if user.pk == held.inspector_id), (None, None)
    )
    if user is None or inspector is None:
        return HandedOver(None, "the inspector of the case that left takes no more cases here")
    if why := rules.why_not(packs.pack_of(inspection).meetings, inspection.kind, scheduled(to), inspector):
        return HandedOver(None, why)
    reason = f"In place of case {left.number}"
    return HandedOver(
        Allocation.objects.create(case=to, inspector=user, week=held.week, reason=reason, by=by, at=held.ended_at)
    )


def _spelt(inspection: Inspection, name: str) -> str:
    """A name as the cases of the inspection spell it, whatever its capitals and blanks; else as it was typed."""
    wanted = " ".join(name.casefold().split())
    for case in inspection.sampled_cases.select_related("case"):
        one = scheduled(case)
        for known in (one.office, one.officer, one.reference):
            if " ".join(known.casefold().split()) == wanted:
                return known
    return name.strip()


@transaction.atomic
def declare_connection(
    *, inspection: Inspection, inspector: User, what: str, name: str, by: User
) -> Iterable[SampledCase]:
    """Records a connection and takes away the cases that it touches, for the deputy to give to others. Manual 3.9c."""
    one_at_a_time(inspection)
    spelt = _spelt(inspection, name)
    Conflict.objects.create(inspection=inspection, inspector=inspector, what=what, name=spelt, by=by, at=clock.now())
    mine = _inspector(inspector, "", _declared(inspection).get(inspector.pk, {}))
    held = Allocation.objects.filter(case__inspection=inspection, inspector=inspector, ended_at=None)
    taken = []
    for allocation in held.select_related("case__case", "case__inspection"):
        one = scheduled(allocation.case)
        if rules.connection(one, mine):
            allocation.ended_at = clock.now()
            allocation.save(update_fields=["ended_at"])
            taken.append(allocation.case)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="declare_connection",
        subject=inspector,
        summary=f"{inspector.email} declared a connection ({what}); {len(taken)} cases go to others",
    )
    return taken
