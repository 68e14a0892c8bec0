"""Chapter 4.4: more cases for a sample that was drawn: substitutes join it in their order, and nobody moves."""

from collections.abc import Collection, Iterable
from dataclasses import replace as changed

from inspectorate.methodology.sampling.draws import Draw, DrawnCase, ImpossibleSizeError, replace


def extend(drawn: Draw, cases: int) -> Draw:
    """Return the draw with so many more cases selected: the first of its substitutes, which stay in their order.

    Nobody who was selected leaves. Raises `ImpossibleSizeError` for fewer than no cases, and for more than there are
    substitutes.

    Manual 4.4d, 4.4k
    """
    if not 0 <= cases <= len(drawn.substitutes):
        raise ImpossibleSizeError(
            f"{cases} more cases cannot join: there are {len(drawn.substitutes)} substitutes. Ask for 0 to so many."
        )
    return changed(
        drawn,
        selected=(*drawn.selected, *drawn.substitutes[:cases]),
        substitutes=drawn.substitutes[cases:],
        wanted=drawn.wanted + cases,
    )


def joining(
    drawn: Draw, cases: int, *, before: int = 0, inside: Collection[str], out: Iterable[str]
) -> tuple[DrawnCase, ...]:
    """Return the substitutes that join a sample which stands already, in their order; fewer when they run out.

    `inside` are the references in the sample now, `out` those excluded so far (in the order in which they were
    replaced), `before` by how many cases the draw was extended earlier. Those join who would be in had the draw been so
    much larger before anybody left: the next substitutes in order, and where one of them has stepped in for an excluded
    case already, the next one for that case. So it makes no odds which came first, and nobody moves.

    Manual 4.4f, 4.4k
    """
    gone = list(dict.fromkeys(out))
    waiting = [one for one in drawn.substitutes if one.reference not in inside and one.reference not in set(gone)]
    larger = extend(drawn, min(before + cases, len(drawn.substitutes)))
    stepping_in = {one.substitute.reference for one in replace(larger, gone) if one.substitute}
    would = {one.reference for one in larger.selected} | stepping_in
    first = [one for one in waiting if one.reference in would][:cases]
    taken = {one.reference for one in first}
    rest = [one for one in waiting if one.reference not in taken]
    order = {one.reference: place for place, one in enumerate(drawn.substitutes)}
    return tuple(sorted((*first, *rest[: cases - len(first)]), key=lambda one: order[one.reference]))
