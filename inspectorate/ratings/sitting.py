"""Chapter 7.2: how far the panel is: who sits, what was proposed and decided so far, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, OuterRef, Subquery, Value

from inspectorate.methodology.ratings import PanelChangeRefusedError, PanelRules, RatingRules, Result, quorum_missing
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import CaseSet
from inspectorate.ratings.models import Panel, PanelConnection, PanelDecision, Proposal, RatingView


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who sits on the panel, in a role; with a `connected` one the panel neither counts nor decides."""

    pk: int
    name: str
    role: str
    connected: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """The panel of an inspection as it stands."""

    opened_at: datetime
    opened_by: str
    locked: bool
    members: tuple[Member, ...]

    def missing(self, rules: RatingRules, kind: str) -> tuple[str, ...]:
        """Roles that are wanting for the quorum."""
        return quorum_missing(rules, {member.role for member in self.members if not member.connected}, kind)

    def chaired_by(self, pk: int, rules: RatingRules, kind: str) -> bool:
        """Whether this person sits in the chair, without a connection with the body."""
        chair = panel_rules(rules, kind).chair
        return any(one.pk == pk and one.role == chair and not one.connected for one in self.members)


@dataclass(frozen=True, slots=True)
class Said:
    """A rating proposed by the lead, or decided by the panel, for a standard or a key question."""

    subject: str
    decided: bool
    was: str
    rating: str
    words: str
    by: str
    at: datetime
    pk: int = 0

    @property
    def changed(self) -> bool:
        """Whether the panel left what was computed or proposed."""
        return self.decided and self.was != self.rating

    @property
    def scale(self) -> Rating:
        """The rating on the scale."""
        return Rating.from_slug(self.rating)


@dataclass(frozen=True, slots=True)
class Record:
    """Everything said so far on the ratings of an inspection, in the order in which it was said."""

    all: tuple[Said, ...]
    views: tuple[Said, ...] = ()

    def proposed(self) -> dict[str, Said]:
        """The newest proposal of each domain one standard."""
        return {one.subject: one for one in self.all if not one.decided}

    def decided(self) -> dict[str, Said]:
        """The newest decision on each standard or key question."""
        return {one.subject: one for one in self.all if one.decided}

    def of(self, subject: str) -> list[Said]:
        """Everything said on one standard or key question."""
        return [one for one in self.all if one.subject == subject]

    def views_on(self, subject: str) -> list[Said]:
        """Other views on one standard or key question, each with whose it is."""
        return [one for one in self.views if one.subject == subject]

    def domain_one(self, framework: Framework, *, decided_only: bool = False) -> dict[str, Rating]:
        """Domain one ratings: decided ones, and for the others the proposed ones."""
        panel_standards = {standard.id for standard in framework.standards if standard.source == "panel"}
        said = self.decided() if decided_only else self.proposed() | self.decided()
        return {subject: one.scale for subject, one in said.items() if subject in panel_standards}

    def changes(self, framework: Framework) -> dict[str, Rating]:
        """Key questions for which the panel used its discretion."""
        return {subject: one.scale for subject, one in self.decided().items() if framework.has_key_question(subject)}


def sitting(inspection: Inspection) -> Sitting | None:
    """The panel with those who sit on it, in one query; None before it is opened."""
    declared = PanelConnection.objects.filter(inspection=inspection, member=OuterRef("attendances__member"))
    rows = list(
        Panel.objects.filter(inspection=inspection)
        .annotate(connected=Subquery(declared.order_by("-pk").values("stands")[:1]))
        .order_by("attendances__pk")
        .values_list(
            "opened_at",
            "opened_by__name",
            "decision__pk",
            "attendances__member__pk",
            "attendances__member__name",
            "attendances__role",
            "attendances__ended_at",
            "connected",
        )
    )
    if not rows:
        return None
    members = tuple(
        Member(pk, name, role, bool(connected))
        for *_, pk, name, role, ended, connected in rows
        if pk is not None and ended is None
    )
    opened_at, opened_by, decision = rows[0][:3]
    return Sitting(opened_at, opened_by, decision is not None, members)


def record(inspection: Inspection) -> Record:
    """What was proposed and decided so far, and the other views on it, in one query."""
    proposed = (
        Proposal.objects.filter(inspection=inspection)
        .order_by()
        .values_list(
            F("standard"),
            Value(0),
            Value("", output_field=CharField()),
            F("rating"),
            F("rationale"),
            F("by__name"),
            F("at"),
            F("pk"),
        )
    )
    decided = (
        PanelDecision.objects.filter(panel__inspection=inspection)
        .order_by()
        .values_list(F("subject"), Value(1), F("was"), F("decided"), F("reason"), F("by__name"), F("at"), F("pk"))
    )
    views = (
        RatingView.objects.filter(inspection=inspection)
        .order_by()
        .values_list(
            F("subject"),
            Value(2),
            Value("", output_field=CharField()),
            F("rating"),
            F("text"),
            F("holder__name"),
            F("at"),
            F("pk"),
        )
    )
    rows = sorted(proposed.union(decided, views, all=True), key=lambda row: (row[1], row[7]))
    return Record(
        tuple(Said(row[0], row[1] == 1, *row[2:8]) for row in rows if row[1] != 2),
        tuple(Said(row[0], False, *row[2:8]) for row in rows if row[1] == 2),
    )


def panel_rules(rules: RatingRules, kind: str) -> PanelRules:
    """Who sits on the panel of this kind of body."""
    return next(panel for panel in rules.panels if kind in panel.kinds)


def undecided(framework: Framework, said: Record) -> tuple[str, ...]:
    """Domain one standards on which the panel has not decided yet."""
    decided = said.decided()
    return tuple(s.id for s in framework.standards if s.source == "panel" and s.id not in decided)


def as_proposed(cases: CaseSet, said: Record) -> Result:
    """The ratings with what the lead proposed, before the panel changed anything."""
    return cases.rate(domain_one={subject: one.scale for subject, one in said.proposed().items()})


def as_decided(cases: CaseSet, said: Record, what_if: Mapping[str, Rating] | None = None) -> Result:
    """The ratings with the decisions so far, and with `what_if` for a standard or key question besides. Decisions that
    do not fit the answers any more are left out. Raises PanelChangeRefusedError for `what_if`."""
    framework = cases.framework
    domain_one, changes = said.domain_one(framework), fitting(cases, said)
    for subject, rating in (what_if or {}).items():
        (changes if framework.has_key_question(subject) else domain_one)[subject] = rating
    return cases.rate(domain_one=domain_one, panel=changes)


def fitting(cases: CaseSet, said: Record) -> dict[str, Rating]:
    """The panel's ratings of key questions, without those taken on another computed rating than that of now."""
    computed, decided, found = cases.rate(domain_one={}), said.decided(), {}
    for subject, rating in said.changes(cases.framework).items():
        row = computed.key_question(subject)
        if row.computed is None or row.computed.slug != decided[subject].was:
            continue
        try:
            cases.rate(domain_one={}, panel={subject: rating})
        except PanelChangeRefusedError:
            continue
        found[subject] = rating
    return found


def overtaken(cases: CaseSet, said: Record) -> tuple[str, ...]:
    """Key questions whose answers changed after the panel had decided, so that it has to decide again."""
    kept = fitting(cases, said)
    return tuple(subject for subject in said.changes(cases.framework) if subject not in kept)
