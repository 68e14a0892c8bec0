"""Chapter 2.2 of the manual: domains, standards, key questions, prompts, and the sub-samples they are asked of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal

Source = Literal["cases", "panel", "pooled"]
Facts = Mapping[str, str]


class UnknownIdError(KeyError):
    """Something was asked for by an id that the framework does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownKindError(UnknownIdError):
    """No standard applies to this kind of inspected body."""


class UnknownStandardError(UnknownIdError):
    """The framework has no standard of this id."""


class UnknownKeyQuestionError(UnknownIdError):
    """The framework has no key question of this id."""


class UnknownSettingError(UnknownIdError):
    """A switch was set that the standards do not know."""


class Rating(IntEnum):
    """The four points of the rating scale, worst first, so that the lowest of several is their `min`."""

    INADEQUATE = 0
    REQUIRES_IMPROVEMENT = 1
    GOOD = 2
    OUTSTANDING = 3

    @property
    def slug(self) -> str:
        """As written in files and addresses: 'requires-improvement'.

        Manual 2.1c
        """
        return self.name.lower().replace("_", "-")

    @property
    def label(self) -> str:
        """As shown to people: 'Requires improvement'.

        Manual 2.1c
        """
        return self.name.capitalize().replace("_", " ")

    @classmethod
    def from_slug(cls, slug: str) -> "Rating":
        """The rating written as `slug`; ValueError names the four that exist.

        Manual 2.1c
        """
        for rating in cls:
            if rating.slug == slug:
                return rating
        raise ValueError(f"'{slug}' is not a rating: write one of {', '.join(r.slug for r in cls)}")

    @classmethod
    def _missing_(cls, value: object) -> "Rating | None":
        """Lets a pack write `rating = "good"`."""
        return next((rating for rating in cls if rating.slug == value), None)


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact of the case has one of these values.

    `setting` names the switch that has to be on for the condition to be in force; '' is always in force.
    """

    fact: str
    values: tuple[str, ...]
    setting: str = ""
    manual: str = ""

    def holds(self, facts: Facts) -> bool | None:
        """Whether the fact has one of the values; None as long as it is not known.

        Manual 7.1b
        """
        return facts[self.fact] in self.values if facts.get(self.fact) else None


@dataclass(frozen=True, slots=True)
class LeadsOut:
    """With one of `values`, or where it is not as the column `differs_from` of the list says, a fact says that the case
    should have been excluded, for the reason `exclusion` of its list."""

    exclusion: str
    values: tuple[str, ...] = ()
    differs_from: str = ""
    manual: str = ""


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What the inspector records about a case because a sub-sample, or whether it may be inspected, depends on it.

    Asked in these case lists where a sub-sample in force depends on it there; with `always`, or in the lists
    `always_in`, in any event.
    """

    id: str
    label: str
    values: tuple[str, ...]
    case_lists: tuple[str, ...]
    asked_when: tuple[Condition, ...] = ()
    always: bool = False
    always_in: tuple[str, ...] = ()
    leads_out: tuple[LeadsOut, ...] = ()
    hint: str = ""
    manual: str = ""

    def exclusion(self, value: str, listed: Facts) -> str:
        """The reason for which a case with this value and this row on its list is to be excluded; '' for none.

        Manual 6.1d, 6.1e, 6.1g, 6.1h
        """
        for one in self.leads_out:
            said = listed.get(one.differs_from, "") if one.differs_from else ""
            if value and (value in one.values or (said and said != value)):
                return one.exclusion
        return ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One point to look at beneath a key question: evidence for its answer, never a sum that gives it."""

    id: str
    text: str
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A key question is asked in a second case list too, of the cases for which all conditions hold."""

    case_list: str
    only: tuple[Condition, ...] = ()
    setting: str = ""
    manual: str = ""


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """The yes or no question that is counted over the cases, with the sub-sample it is asked of."""

    id: str
    label: str
    question: str
    guidance: str = ""
    prompts: tuple[Prompt, ...] = ()
    only: tuple[Condition, ...] = ()
    leave_out: tuple[Condition, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    verified: bool = False
    manual: str = "2.2a"

    def conditions(self, case_list: str = "") -> tuple[Condition, ...]:
        """What has to hold for a case of `case_list` to be in the sub-sample (besides `leave_out`).

        Manual 7.1b
        """
        return self.only + tuple(c for place in self.elsewhere if place.case_list == case_list for c in place.only)

    def applies_to(self, facts: Facts, case_list: str = "") -> bool:
        """Whether a case with these facts is in the sub-sample. A fact not yet known removes nothing.

        Manual 7.1b
        """
        wanted = all(condition.holds(facts) is not False for condition in self.conditions(case_list))
        return wanted and not any(condition.holds(facts) for condition in self.leave_out)

    def waits_for(self, facts: Facts, case_list: str = "") -> tuple[str, ...]:
        """Facts still unknown that decide whether the case is in the sub-sample, in the pack's order.

        Manual 7.1b
        """
        conditions = self.conditions(case_list) + self.leave_out
        return tuple(dict.fromkeys(c.fact for c in conditions if c.holds(facts) is None))

    def switched(self, settings: Mapping[str, bool]) -> "KeyQuestion":
        """The same key question with only the conditions whose setting is on.

        Manual 7.1b
        """
        places = tuple(
            replace(place, only=_in_force(place.only, settings))
            for place in self.elsewhere
            if not place.setting or settings[place.setting]
        )
        return replace(
            self,
            only=_in_force(self.only, settings),
            leave_out=_in_force(self.leave_out, settings),
            elsewhere=places,
        )


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard. `rated` has a rating of its own; `scored` counts towards the overall rating.

    `source`: 'cases' from key questions over a case list, 'pooled' from the counts of the units beneath, 'panel' from
    judgement on all the evidence.
    """

    id: str
    title: str
    domain: str
    headline: str
    source: Source
    kinds: tuple[str, ...]
    case_list: str | None = None
    rated: bool = True
    scored: bool = True
    aims: tuple[str, ...] = ()
    key_questions: tuple[KeyQuestion, ...] = ()
    verified: bool = False
    guidance: str = ""
    manual: str = "2.2a"

    def asked_in(self, case_list: str) -> "Standard | None":
        """This standard with the key questions asked of cases of `case_list`, or None where none is.

        Manual 2.2a
        """
        if self.case_list == case_list:
            return self
        asked = tuple(q for q in self.key_questions if any(p.case_list == case_list for p in q.elsewhere))
        return replace(self, key_questions=asked) if asked else None


@dataclass(frozen=True, slots=True)
class Domain:
    """A group of standards: organisational delivery, case supervision, or work of one sector."""

    id: str
    title: str
    summary: str
    kinds: tuple[str, ...]
    manual: str = "2.1a"


@dataclass(frozen=True, slots=True)
class Aim:
    """An enduring aim of probation, by which results can be put together across bodies."""

    id: str
    title: str
    manual: str = "2.1b"


@dataclass(frozen=True, slots=True)
class Setting:
    """A switch for what the manual leaves open: what it does, and whether it is on unless the pack says otherwise."""

    id: str
    on: bool
    statement: str
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """The standards of one kind of inspected body, with the sub-samples that are in force."""

    kind: str
    domains: tuple[Domain, ...]
    standards: tuple[Standard, ...]
    facts: tuple[CaseFact, ...] = ()
    _standards: dict[str, Standard] = field(init=False, repr=False, compare=False)
    _questions: dict[str, tuple[Standard, KeyQuestion]] = field(init=False, repr=False, compare=False)
    _asked: dict[str, tuple[Standard, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_standards", {s.id: s for s in self.standards})
        object.__setattr__(self, "_questions", {q.id: (s, q) for s in self.standards for q in s.key_questions})
        object.__setattr__(self, "_asked", {})

    def standard(self, standard_id: str) -> Standard:
        """The standard of this id; UnknownStandardError names those that exist.

        Manual 2.2a
        """
        if standard_id not in self._standards:
            there = ", ".join(self._standards)
            raise UnknownStandardError(f"'{standard_id}' is not a standard for {self.kind}: there are {there}")
        return self._standards[standard_id]

    def has_key_question(self, question_id: str) -> bool:
        """Whether there is a key question of this id.

        Manual 2.2a
        """
        return question_id in self._questions

    def key_question(self, question_id: str) -> KeyQuestion:
        """The key question of this id; UnknownKeyQuestionError says so where there is none.

        Manual 2.2a
        """
        return self._entry(question_id)[1]

    def standard_of(self, question_id: str) -> Standard:
        """The standard that a key question stands under.

        Manual 2.2a
        """
        return self._entry(question_id)[0]

    def _entry(self, question_id: str) -> tuple[Standard, KeyQuestion]:
        if question_id not in self._questions:
            there = ", ".join(self._questions)
            raise UnknownKeyQuestionError(f"'{question_id}' is not a key question for {self.kind}: there are {there}")
        return self._questions[question_id]

    @property
    def case_lists(self) -> tuple[str, ...]:
        """The case lists that standards take their answers from, in the order of the standards.

        Manual 2.1a
        """
        return tuple(dict.fromkeys(s.case_list for s in self.standards if s.case_list))

    def standards_for_list(self, case_list: str) -> tuple[Standard, ...]:
        """Standards asked of the cases of one list, each with only the key questions asked there.

        Manual 2.2a
        """
        if case_list not in self._asked:
            asked = (standard.asked_in(case_list) for standard in self.standards)
            self._asked[case_list] = tuple(standard for standard in asked if standard is not None)
        return self._asked[case_list]

    def standards_in(self, domain_id: str) -> tuple[Standard, ...]:
        """Standards of one domain, in order.

        Manual 2.2a
        """
        return tuple(s for s in self.standards if s.domain == domain_id)

    def facts_for_list(self, case_list: str, facts: Facts | None = None) -> tuple[CaseFact, ...]:
        """Facts to record for a case of one list; given the facts known, only those that are asked of that case.

        Manual 7.1b
        """
        known = facts or {}
        questions = [q for s in self.standards_for_list(case_list) for q in s.key_questions]
        used = {c.fact for q in questions for c in q.conditions(case_list) + q.leave_out}
        return tuple(
            fact
            for fact in self.facts
            if case_list in fact.case_lists
            and (fact.always or case_list in fact.always_in or fact.id in used)
            and all(condition.holds(known) for condition in fact.asked_when)
        )


@dataclass(frozen=True, slots=True)
class Standards:
    """standards.toml: everything that the pack says about standards, for every kind of inspected body."""

    domains: tuple[Domain, ...]
    standards: tuple[Standard, ...]
    aims: tuple[Aim, ...] = ()
    facts: tuple[CaseFact, ...] = ()
    settings: tuple[Setting, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of inspected body, in the order in which the standards name them.

        Manual 2.1a
        """
        return tuple(dict.fromkeys(kind for standard in self.standards for kind in standard.kinds))

    def framework(self, kind: str, settings: Mapping[str, bool] | None = None) -> Framework:
        """The standards of one kind of body. `settings` turns switches on or off; others keep their default.

        Raises UnknownKindError and UnknownSettingError.

        Manual 2.1a, 2.2a
        """
        if kind not in self.kinds:
            raise UnknownKindError(f"'{kind}' is not a kind of inspected body: write one of {', '.join(self.kinds)}")
        switches = {setting.id: setting.on for setting in self.settings}
        for name in settings or {}:
            if name not in switches:
                there = ", ".join(switches)
                raise UnknownSettingError(f"'{name}' is not a setting of the standards: there are {there}")
        switches.update(settings or {})
        return Framework(
            kind,
            tuple(d for d in self.domains if kind in d.kinds),
            tuple(
                replace(s, key_questions=tuple(q.switched(switches) for q in s.key_questions))
                for s in self.standards
                if kind in s.kinds
            ),
            tuple(replace(f, asked_when=_in_force(f.asked_when, switches)) for f in self.facts),
        )

    def faults(self) -> tuple[str, ...]:
        """Everything in the file that contradicts itself, each as a sentence that says where and what would be right.

        Manual 2.2a
        """
        return tuple(_faults(self))


def _in_force(conditions: tuple[Condition, ...], settings: Mapping[str, bool]) -> tuple[Condition, ...]:
    return tuple(c for c in conditions if not c.setting or settings[c.setting])


def _faults(file: Standards) -> Iterator[str]:
    for kind in file.kinds:
        standards = [s for s in file.standards if kind in s.kinds]
        questions = [q for s in standards for q in s.key_questions]
        for what, ids in (
            ("domain", [d.id for d in file.domains if kind in d.kinds]),
            ("standard", [s.id for s in standards]),
            ("key question", [q.id for q in questions]),
            ("prompt", [p.id for q in questions for p in q.prompts]),
        ):
            twice = f"stands there more than once for {kind}: give each its own id"
            yield from (f"{what} '{i}' {twice}" for i in _twice(ids))
        unknown = {s.domain for s in standards} - {d.id for d in file.domains if kind in d.kinds}
        yield from (f"domain '{one}' of {kind} is named by a standard and is not among the domains" for one in unknown)
    for what, ids in (("fact", [f.id for f in file.facts]), ("setting", [s.id for s in file.settings])):
        yield from (f"{what} '{i}' stands there more than once: give each its own id" for i in _twice(ids))
    for standard in file.standards:
        yield from _standard_faults(standard, file)
    for fact in file.facts:
        wrong = {value for one in fact.leads_out for value in one.values} - set(fact.values)
        yield from (f"fact '{fact.id}': '{one}' leads out and is not among its values" for one in sorted(wrong))
    for place, conditions in _conditions(file):
        for condition in conditions:
            yield from _condition_faults(place, condition, file)
    for question in (q for s in file.standards for q in s.key_questions):
        for elsewhere in question.elsewhere:
            if elsewhere.setting and elsewhere.setting not in {s.id for s in file.settings}:
                yield f"key question '{question.id}': setting '{elsewhere.setting}' is not among the settings"


def _standard_faults(standard: Standard, file: Standards) -> Iterator[str]:
    where = f"standard '{standard.id}'"
    if not standard.kinds:
        yield f"{where}: kinds is empty: name the kinds of inspected body it applies to"
    if standard.source == "cases" and not standard.case_list:
        yield f"{where}: takes its rating from cases, so case_list has to name a list"
    if standard.source != "cases" and standard.case_list:
        yield f"{where}: has source '{standard.source}', so it has no case_list"
    if standard.source != "panel" and standard.rated and not standard.key_questions:
        yield f"{where}: is rated from answers and has no key question"
    if standard.scored and not standard.rated:
        yield f"{where}: is scored but not rated: a score needs a rating"
    for aim in standard.aims:
        if aim not in {a.id for a in file.aims}:
            yield f"{where}: aim '{aim}' is not among the aims"


def _conditions(file: Standards) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    for standard in file.standards:
        for question in standard.key_questions:
            place = f"key question '{question.id}'"
            yield place, question.only + question.leave_out
            yield from ((place, elsewhere.only) for elsewhere in question.elsewhere)
    for fact in file.facts:
        yield f"fact '{fact.id}'", fact.asked_when


def _condition_faults(place: str, condition: Condition, file: Standards) -> Iterator[str]:
    values = {fact.id: fact.values for fact in file.facts}
    if condition.fact not in values:
        yield f"{place}: fact '{condition.fact}' is not among the facts"
    else:
        for value in condition.values:
            if value not in values[condition.fact]:
                right = ", ".join(values[condition.fact])
                yield f"{place}: '{value}' is not a value of '{condition.fact}': write one of {right}"
    if condition.setting and condition.setting not in {s.id for s in file.settings}:
        yield f"{place}: setting '{condition.setting}' is not among the settings"


def _twice(ids: list[str]) -> list[str]:
    return list(dict.fromkeys(i for i in ids if ids.count(i) > 1))
