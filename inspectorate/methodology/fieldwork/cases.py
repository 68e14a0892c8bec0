"""Chapter 6 of the manual: which questions apply to a case, what is still unanswered, and where answers disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from inspectorate.methodology.standards import Facts, Framework, KeyQuestion, Standard

ANSWERS = ("yes", "no", "na")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What is missing before a case can be submitted: ids in the order of the standards. False where nothing is."""

    facts: tuple[str, ...] = ()
    key_questions: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.key_questions or self.prompts)

    def __len__(self) -> int:
        return len(self.facts) + len(self.key_questions) + len(self.prompts)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A key question answered against every one of its prompts: a warning to look again, never a correction."""

    key_question: str
    answer: str
    prompts: tuple[str, ...]


def applicable_standards(framework: Framework, case_list: str, facts: Facts) -> tuple[Standard, ...]:
    """The standards to show for a case of `case_list`, in order, each with only the key questions to ask of it.

    A question that leaves cases out is asked until a fact removes the case; one that is only for some cases is asked
    once the fact is known. ValueError where the kind of body has no such list.

    Manual 6.1b, 6.1d, 6.1e, 6.1f, 6.1g, 6.1h, 7.1b
    """
    standards = framework.standards_for_list(case_list)
    if not standards:
        raise ValueError(
            f"'{case_list}' is not a case list for {framework.kind}: write one of {', '.join(framework.case_lists)}"
        )
    narrowed = (_narrowed(standard, case_list, facts) for standard in standards)
    return tuple(standard for standard in narrowed if standard.key_questions)


def _narrowed(standard: Standard, case_list: str, facts: Facts) -> Standard:
    asked = tuple(question for question in standard.key_questions if _asked(question, case_list, facts))
    return standard if len(asked) == len(standard.key_questions) else replace(standard, key_questions=asked)


def applicable_questions(framework: Framework, case_list: str, facts: Facts) -> tuple[KeyQuestion, ...]:
    """Key questions to ask of a case of `case_list` with these facts, in the order of the standards.

    ValueError where the kind of body has no such list.

    Manual 6.1b, 6.1d, 6.1e, 6.1f, 6.1g, 6.1h, 7.1b
    """
    return tuple(q for s in applicable_standards(framework, case_list, facts) for q in s.key_questions)


def _asked(question: KeyQuestion, case_list: str, facts: Facts) -> bool:
    let_in = all(condition.holds(facts) for condition in question.conditions(case_list))
    return let_in and question.applies_to(facts, case_list)


def completeness(
    framework: Framework,
    case_list: str,
    facts: Facts,
    answers: Mapping[str, str],
    prompts: Mapping[str, str],
) -> Unanswered:
    """What a case still lacks: facts not recorded, key questions and prompts that apply without yes, no or na.

    `answers` and `prompts` go by id; an empty text is no answer. The risk of serious harm as the inspector judged it
    is one of the facts, since sub-samples depend on it.

    Manual 6.1b, 7.1b
    """
    asked = applicable_questions(framework, case_list, facts)
    return Unanswered(
        tuple(f.id for f in framework.facts_for_list(case_list, facts) if facts.get(f.id) not in f.values),
        tuple(q.id for q in asked if answers.get(q.id) not in ANSWERS),
        tuple(p.id for q in asked for p in q.prompts if prompts.get(p.id) not in ANSWERS),
    )


def disagreements(
    framework: Framework,
    case_list: str,
    facts: Facts,
    answers: Mapping[str, str],
    prompts: Mapping[str, str],
) -> tuple[Disagreement, ...]:
    """Key questions answered yes where every prompt answered says no, or the other way round.

    Prompts answered na or not at all say nothing; with none left there is no disagreement. The answer to a key
    question is the inspector's own and is never computed from the prompts.

    Manual 2.2a, 6.2a
    """
    opposite = {"yes": "no", "no": "yes"}
    found = []
    for question in applicable_questions(framework, case_list, facts):
        answer = answers.get(question.id, "")
        said = [p.id for p in question.prompts if prompts.get(p.id) in opposite]
        if answer in opposite and said and all(prompts[p] == opposite[answer] for p in said):
            found.append(Disagreement(question.id, answer, tuple(said)))
    return tuple(found)


def points_out(framework: Framework, case_list: str, facts: Facts, listed: Facts) -> dict[str, str]:
    """Facts that say this case should have been excluded, each with the reason of its list. `listed` is its row there.

    Manual 6.1d, 6.1e, 6.1g, 6.1h
    """
    asked = framework.facts_for_list(case_list, facts)
    found = {fact.id: fact.exclusion(facts.get(fact.id, ""), listed) for fact in asked}
    return {fact: reason for fact, reason in found.items() if reason}
