"""Chapter 5: who inspects which case, conflicts of interest, core meetings and focus groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["individual", "focus-group", "meeting", "viewing"]


@dataclass(frozen=True, slots=True)
class CoreMeeting:
    """One line of the core meetings; `locations` is at how many places it is held."""

    id: str
    theme: str
    title: str
    form: Form
    locations: int
    kinds: tuple[str, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class GroupRules:
    """People and minutes of a group meeting, and the rules in words."""

    least: int
    most: int
    least_minutes: int
    most_minutes: int
    rules: tuple[str, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many cases one inspector of a role takes, from which lists; without `most` the role shares what is left."""

    role: str
    kinds: tuple[str, ...]
    lists: tuple[str, ...]
    weeks: tuple[int, ...]
    least: int
    manual: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Meetings:
    """Everything of chapter 5 that is data (meetings.toml)."""

    interview_minutes: int
    team_room_places: int
    core: tuple[CoreMeeting, ...]
    shares: tuple[Share, ...]
    group: GroupRules

    def share(self, role: str, kind: str) -> Share | None:
        """The share of a role on this kind of inspected body; None for a role that takes no cases there.

        Manual 5.1a
        """
        return next((share for share in self.shares if share.role == role and kind in share.kinds), None)


@dataclass(frozen=True, slots=True)
class Inspector:
    """One member of the team: where they inspect, where they normally work, and with what they have a connection.

    `offices` empty means anywhere. `own_offices` are the normal places of work; `conflict_offices`, `conflict_officers`
    and `conflict_cases` are those to which a current or former connection exists.
    """

    id: str
    role: str
    offices: tuple[str, ...] = ()
    own_offices: frozenset[str] = frozenset()
    conflict_offices: frozenset[str] = frozenset()
    conflict_officers: frozenset[str] = frozenset()
    conflict_cases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScheduledCase:
    """A selected case: its reference, the case list it is from, the office it is inspected at, its officer."""

    reference: str
    case_list: str
    office: str
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Case reference to inspector id, in the order of the cases, and those that nobody may or can take."""

    assigned: Mapping[str, str]
    left_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllocationFault:
    """What is wrong with an allocation; `case` or `inspector` is empty where the fault concerns the other alone."""

    case: str
    inspector: str
    message: str


def core_meetings(meetings: Meetings, kind: str) -> tuple[CoreMeeting, ...]:
    """The core meetings for this kind of inspected body, in the order of the manual.

    Manual 5.2a
    """
    return tuple(meeting for meeting in meetings.core if kind in meeting.kinds)


def focus_group_faults(
    group: GroupRules,
    size: int,
    *,
    minutes: int | None = None,
    roles: Collection[str] = (),
    with_managers: bool = False,
) -> tuple[str, ...]:
    """What is wrong with a group meeting, all at once: its size, its length, mixed roles, managers among those present.

    Manual 5.2b, 6.9a
    """
    faults = []
    if not group.least <= size <= group.most:
        faults.append(f"{size} people; a group has {group.least} to {group.most}.")
    if minutes is not None and not group.least_minutes <= minutes <= group.most_minutes:
        faults.append(f"It lasts {minutes} minutes; a group lasts {group.least_minutes} to {group.most_minutes}.")
    if len(set(roles)) > 1:
        faults.append(f"Several roles are mixed ({', '.join(sorted(set(roles)))}); a group has one grade or role.")
    if with_managers:
        faults.append("A line manager or senior manager of those present takes part; none may.")
    return tuple(faults)


def why_not(meetings: Meetings, kind: str, case: ScheduledCase, inspector: Inspector) -> str:
    """Why this inspector may not take this case; empty when they may. Says nothing of how many they have.

    Manual 3.9c, 5.1a
    """
    share = meetings.share(inspector.role, kind)
    if share is None:
        return f"{inspector.role} takes no cases in the inspection of a {kind}"
    if case.case_list not in share.lists:
        return f"{inspector.role} takes no cases from {case.case_list}"
    return connection(case, inspector)


def connection(case: ScheduledCase, inspector: Inspector) -> str:
    """What connects this inspector with the case, whatever their role; empty when nothing was declared.

    Manual 3.9c
    """
    if case.office in inspector.own_offices:
        return f"{case.office} is the inspector's normal place of work"
    if case.office in inspector.conflict_offices:
        return f"the inspector has a conflict of interest at {case.office}"
    if case.officer and case.officer in inspector.conflict_officers:
        return f"the inspector has a connection with the officer {case.officer}"
    if case.reference in inspector.conflict_cases:
        return "the inspector has a connection with this case"
    return ""


def allocate(
    meetings: Meetings, kind: str, cases: Sequence[ScheduledCase], inspectors: Sequence[Inspector]
) -> Allocation:
    """Deal the selected cases to the team: roles with a limit take their share, the others share the rest evenly.

    As many cases as possible are dealt; inspectors get cases of their own offices where that leaves no case undealt.
    The same input in any order gives the same answer. Nobody gets a case that `why_not` refuses.

    Manual 3.9a, 3.9c, 5.1a
    """
    ordered = sorted(cases, key=lambda case: (case.case_list, case.office, case.officer, case.reference))
    team = {inspector.id: inspector for inspector in sorted(inspectors, key=lambda inspector: inspector.id)}
    allowed = {
        case.reference: [i.id for i in team.values() if not why_not(meetings, kind, case, i)] for case in ordered
    }
    near = {
        case.reference: [id_ for id_ in allowed[case.reference] if case.office in team[id_].offices] for case in ordered
    }
    references = [case.reference for case in ordered]
    limits = _limits(meetings, kind, list(team.values()), len(references))
    open_ids = [i.id for i in team.values() if _most(meetings, kind, i) is None]
    assigned: dict[str, str] = {}
    for edges in (near, allowed):
        _deal(references, edges, limits, assigned)
    while left := [ref for ref in references if ref not in assigned and set(allowed[ref]) & set(open_ids)]:
        for id_ in open_ids:
            limits[id_] += 1
        _deal(left, allowed, limits, assigned)
    return Allocation(
        assigned={case.reference: assigned[case.reference] for case in cases if case.reference in assigned},
        left_over=tuple(case.reference for case in cases if case.reference not in assigned),
    )


def who_can_take(
    meetings: Meetings, kind: str, case: ScheduledCase, inspectors: Sequence[Inspector], assigned: Mapping[str, str]
) -> tuple[str, ...]:
    """Inspectors (ids) to whom a case can go when its own has a conflict of interest; the best placed comes first.

    Those with room only; first those at the case's office, then those with the fewest cases.

    Manual 3.9c
    """
    load = Counter(inspector for reference, inspector in assigned.items() if reference != case.reference)
    current = assigned.get(case.reference)
    fit = []
    for inspector in inspectors:
        most = _most(meetings, kind, inspector)
        has_room = most is None or load[inspector.id] < most
        if inspector.id != current and has_room and not why_not(meetings, kind, case, inspector):
            fit.append((case.office not in inspector.offices, load[inspector.id], inspector.id))
    return tuple(id_ for _, _, id_ in sorted(fit))


def check_allocation(
    meetings: Meetings,
    kind: str,
    cases: Sequence[ScheduledCase],
    inspectors: Sequence[Inspector],
    assigned: Mapping[str, str],
) -> tuple[AllocationFault, ...]:
    """Everything that is wrong with an allocation (case reference to inspector id), all at once.

    Manual 3.9a, 3.9c, 5.1a
    """
    by_reference = {case.reference: case for case in cases}
    team = {inspector.id: inspector for inspector in inspectors}
    faults = [
        AllocationFault(case.reference, "", "nobody inspects this case")
        for case in cases
        if case.reference not in assigned
    ]
    for reference, id_ in assigned.items():
        if reference not in by_reference:
            faults.append(AllocationFault(reference, id_, "this case is not in the sample"))
        elif id_ not in team:
            faults.append(AllocationFault(reference, id_, "this person is not in the team"))
        elif reason := why_not(meetings, kind, by_reference[reference], team[id_]):
            faults.append(AllocationFault(reference, id_, reason))
    load = Counter(assigned.values())
    for inspector in inspectors:
        share = meetings.share(inspector.role, kind)
        if share is None:
            continue
        count = load[inspector.id]
        if count < share.least:
            faults.append(AllocationFault("", inspector.id, f"has {count} cases and should have {share.least} or more"))
        if share.most is not None and count > share.most:
            faults.append(AllocationFault("", inspector.id, f"has {count} cases and can take {share.most}"))
    return tuple(faults)


def _most(meetings: Meetings, kind: str, inspector: Inspector) -> int | None:
    """The most cases an inspector may have: None without a limit, 0 for a role that takes no cases."""
    share = meetings.share(inspector.role, kind)
    return share.most if share else 0


def _limits(meetings: Meetings, kind: str, team: Sequence[Inspector], cases: int) -> dict[str, int]:
    """How many cases each inspector takes at first: the limit of the role, or an even part of what is left."""
    limits: dict[str, int] = {}
    unlimited = []
    for inspector in team:
        most = _most(meetings, kind, inspector)
        if most is None:
            unlimited.append(inspector.id)
        else:
            limits[inspector.id] = most
    rest = max(0, cases - sum(limits.values()))
    for position, id_ in enumerate(unlimited):
        limits[id_] = rest // len(unlimited) + (position < rest % len(unlimited))
    return limits


def _deal(
    references: Sequence[str], edges: Mapping[str, Sequence[str]], limits: Mapping[str, int], assigned: dict[str, str]
) -> None:
    """Add to `assigned` as many of the references as the edges and limits allow; earlier ones may move."""
    held: dict[str, list[str]] = {id_: [] for id_ in limits}
    for reference, id_ in assigned.items():
        held[id_].append(reference)
    for reference in references:
        if reference not in assigned:
            _place(reference, edges, limits, held, assigned, set())


def _place(
    reference: str,
    edges: Mapping[str, Sequence[str]],
    limits: Mapping[str, int],
    held: dict[str, list[str]],
    assigned: dict[str, str],
    seen: set[str],
) -> bool:
    """Find an inspector for one case along an augmenting path; True when it has one."""
    for id_ in edges[reference]:
        if id_ not in seen and len(held[id_]) < limits[id_]:
            held[id_].append(reference)
            assigned[reference] = id_
            return True
    for id_ in edges[reference]:
        if id_ in seen:
            continue
        seen.add(id_)
        for other in list(held[id_]):
            if _place(other, edges, limits, held, assigned, seen):
                held[id_].remove(other)
                held[id_].append(reference)
                assigned[reference] = id_
                return True
    return False
