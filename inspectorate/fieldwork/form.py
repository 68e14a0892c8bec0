"""Chapter 6.1 and 6.2: the form of one case, made from the pack and from what was answered so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from inspectorate.fieldwork.models import Answer
from inspectorate.methodology import fieldwork as rules
from inspectorate.methodology.standards import CaseFact, Framework, KeyQuestion, Standard
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase

NOTE = ":note"


@dataclass(frozen=True, slots=True)
class CaseForm:
    """Standards, key questions, prompts and facts to ask of one case; `fields` maps each field to its options,
    none for a note. `answers` holds what stands there now, by field."""

    framework: Framework
    case_list: str
    answers: dict[str, Answer]
    standards: tuple[Standard, ...]
    facts: tuple[CaseFact, ...]
    fields: Mapping[str, tuple[str, ...]]

    def value(self, field: str) -> str:
        """What stands in a field, '' for nothing."""
        return self.answers[field].value if field in self.answers else ""

    def stands(self, field: str) -> tuple[str, int]:
        """Value and version of a field together."""
        answer = self.answers.get(field)
        return (answer.value, answer.version) if answer else ("", 0)

    def version(self, field: str) -> int:
        """How often a field was changed."""
        return self.answers[field].version if field in self.answers else 0

    @property
    def changes(self) -> int:
        """How many changes the case has had, all fields together."""
        return sum(answer.version for answer in self.answers.values())

    @property
    def left_out(self) -> tuple[str, ...]:
        """Key questions of the list that the facts of this case, as far as they are known, leave out."""
        asked = {question.id for standard in self.standards for question in standard.key_questions}
        standards = self.framework.standards_for_list(self.case_list)
        all_of_them = (question for standard in standards for question in standard.key_questions)
        return tuple(f"{question.id} {question.label}" for question in all_of_them if question.id not in asked)

    def known(self) -> dict[str, str]:
        """The facts recorded so far."""
        return {fact.id: self.value(fact.id) for fact in self.framework.facts if self.value(fact.id)}

    def missing(self) -> rules.Unanswered:
        """What the case lacks before it can be submitted."""
        return rules.completeness(self.framework, self.case_list, self.known(), self._given(), self._given())

    def warnings(self) -> dict[str, rules.Disagreement]:
        """Key questions whose answer disagrees with all their prompts."""
        found = rules.disagreements(self.framework, self.case_list, self.known(), self._given(), self._given())
        return {one.key_question: one for one in found}

    def leads_out(self, listed: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
        """For each fact, the values with which the case should have been excluded, each with the id of the reason."""
        return {
            fact.id: [(value, reason) for value in fact.values if (reason := fact.exclusion(value, listed))]
            for fact in self.facts
            if fact.leads_out
        }

    def points_out(self, listed: Mapping[str, str]) -> dict[str, str]:
        """Facts recorded that say the case should have been excluded, each with the id of the reason."""
        return rules.points_out(self.framework, self.case_list, self.known(), listed)

    @property
    def routes(self) -> frozenset[str]:
        """Facts on which it depends which questions are asked."""
        standards = self.framework.standards_for_list(self.case_list)
        questions = [question for standard in standards for question in standard.key_questions]
        asked_when = [one.fact for fact in self.framework.facts for one in fact.asked_when]
        return frozenset(c.fact for q in questions for c in q.conditions(self.case_list) + q.leave_out) | {*asked_when}

    def _given(self) -> dict[str, str]:
        return {field: answer.value for field, answer in self.answers.items()}

    def unanswered(self, question: KeyQuestion) -> int:
        """How many answers a key question still lacks, its prompts included."""
        ids = (question.id, *(prompt.id for prompt in question.prompts))
        return sum(1 for one in ids if not self.value(one))


def case_form(case: SampledCase, answers: Iterable[Answer] = ()) -> CaseForm:
    """The form of a case with these answers. A field stays known when a fact takes its question out of the case."""
    framework = packs.pack_of(case.inspection).framework(case.inspection.kind)
    given = {answer.field: answer for answer in answers}
    known = {fact.id: given[fact.id].value for fact in framework.facts if fact.id in given and given[fact.id].value}
    return CaseForm(
        framework=framework,
        case_list=case.case_list,
        answers=given,
        standards=rules.applicable_standards(framework, case.case_list, known),
        facts=framework.facts_for_list(case.case_list, known),
        fields=fields_of(case.inspection.pack.pack, case.inspection.kind, case.case_list),
    )


def blank_form(inspection: Inspection, case_list: str) -> CaseForm:
    """The form of a list with every question that a case of it can be asked, and no answers. KeyError for a list that
    this inspection does not have."""
    framework = packs.pack_of(inspection).framework(inspection.kind)
    if case_list not in framework.case_lists:
        raise KeyError(case_list)
    return CaseForm(
        framework=framework,
        case_list=case_list,
        answers={},
        standards=tuple(framework.standards_for_list(case_list)),
        facts=tuple(fact for fact in framework.facts if case_list in fact.case_lists),
        fields=fields_of(inspection.pack.pack, inspection.kind, case_list),
    )


@cache
def fields_of(pack: str, kind: str, case_list: str) -> Mapping[str, tuple[str, ...]]:
    """Every field that a case of a list can have, with its options; none for a note. Read once a process."""
    framework = packs.by_id(pack).framework(kind)
    fields = {fact.id: fact.values for fact in framework.facts if case_list in fact.case_lists}
    for standard in framework.standards_for_list(case_list):
        for question in standard.key_questions:
            fields[question.id] = rules.ANSWERS
            fields[question.id + NOTE] = ()
            fields.update((prompt.id, rules.ANSWERS) for prompt in question.prompts)
    return MappingProxyType(fields)
