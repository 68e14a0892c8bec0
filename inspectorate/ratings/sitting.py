"""Chapter 7.2: how far the panel is: who sits, what was proposed and decided so far, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Value

from inspectorate.methodology.ratings import PanelRules, RatingRules, Result, quorum_missing
from inspectorate.methodology.standards import Framework, Rating
from inspectorate.programme.models import Inspection
from inspectorate.ratings.consolidation import CaseSet
from inspectorate.ratings.models import Panel, PanelDecision, Proposal


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who sits on the panel, in a role."""

    pk: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """The panel of an inspection as it stands."""

    opened_at: datetime
    opened_by: str
    locked: bool
    members: tuple[Member, ...]

    def missing(self, rules: RatingRules, kind: str) -> tuple[str, ...]:
        """Roles that are wanting for the quorum."""
        return quorum_missing(rules, {member.role for member in self.members}, kind)


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

    def proposed(self) -> dict[str, Said]:
        """The newest proposal of each domain one standard."""
        return {one.subject: one for one in self.all if not one.decided}

    def decided(self) -> dict[str, Said]:
        """The newest decision on each standard or key question."""
        return {one.subject: one for one in self.all if one.decided}

    def of(self, subject: str) -> list[Said]:
        """Everything said on one standard or key question."""
        return [one for one in self.all if one.subject == subject]

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
    rows = list(
        Panel.objects.filter(inspection=inspection)
        .order_by("attendances__pk")
        .values_list(
            "opened_at",
            "opened_by__name",
            "decision__pk",
            "attendances__member__pk",
            "attendances__member__name",
            "attendances__role",
            "attendances__ended_at",
        )
    )
    if not rows:
        return None
    members = tuple(Member(pk, name, role) for *_, pk, name, role, ended in rows if pk is not None and ended is None)
    opened_at, opened_by, decision = rows[0][:3]
    return Sitting(opened_at, opened_by, decision is not None, members)


def record(inspection: Inspection) -> Record:
    """What was proposed and decided so far, in one query."""
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
    rows = sorted(proposed.union(decided, all=True), key=lambda row: (row[1], row[7]))
    return Record(tuple(Said(row[0], bool(row[1]), *row[2:7]) for row in rows))


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
    """The ratings with the decisions so far, and with `what_if` for a standard or key question besides.
    Raises PanelChangeRefusedError."""
    framework = cases.framework
    domain_one, changes = said.domain_one(framework), said.changes(framework)
    for subject, rating in (what_if or {}).items():
        (changes if framework.has_key_question(subject) else domain_one)[subject] = rating
    return cases.rate(domain_one=domain_one, panel=changes)
