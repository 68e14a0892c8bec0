"""Chapter 6: what is settled at a site, what the closing meeting holds, and where domain one evidence is thin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from inspectorate.methodology.standards import Framework

# Evidence of fewer kinds of source than this is not triangulated.
LEAST_KINDS = 2


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist; `kinds` are those of the bodies it is for, none for every one."""

    id: str
    title: str
    manual: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """The checklists of the fieldwork: for a site, for an inspector at it, and for the last day."""

    sites: tuple[Item, ...] = ()
    access: tuple[Item, ...] = ()
    closing: tuple[Item, ...] = ()

    def access_for(self, kind: str) -> tuple[Item, ...]:
        """What each inspector needs access to at a body of this kind."""
        return tuple(item for item in self.access if not item.kinds or kind in item.kinds)


@dataclass(frozen=True, slots=True)
class Gap:
    """A key question of domain one whose evidence is not enough yet, and what it lacks."""

    key_question: str
    lacks: str


def evidence_gaps(framework: Framework, sources: Mapping[str, Collection[str]]) -> tuple[Gap, ...]:
    """The key questions that the panel rates and that lack evidence, in the order of the standards.

    `sources` are the kinds of source (one for each piece of evidence) by key question. Evidence has to come from more
    than one kind.

    Manual 6.1a
    """
    gaps = []
    for standard in framework.standards:
        if standard.source != "panel":
            continue
        for question in standard.key_questions:
            kinds = set(sources.get(question.id, ()))
            if not kinds:
                gaps.append(Gap(question.id, "There is no evidence yet."))
            elif len(kinds) < LEAST_KINDS:
                gaps.append(Gap(question.id, f"All evidence is of one kind: {next(iter(kinds))}."))
    return tuple(gaps)
