"""Chapter 7.1: how sure ratings are, as the page shows it: pictures with tables, and a plain sentence for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspectorate.design import charts, words
from inspectorate.methodology.fieldwork import Agreement
from inspectorate.methodology.ratings import Chances, KeyQuestionRating, Lens, QuestionConfidence, RatingRules
from inspectorate.methodology.standards import Framework, Rating, Standard

HEAD = ("Answered yes", "Share", "Interval", "Same band again in 100 draws", "What would change the band")
TWICE = "Alike where judged twice"
# Ratings look as in every picture.
LOOKS: Mapping[Rating | None, int] = dict(zip((*sorted(Rating, reverse=True), None), charts.RATED, strict=True))
# How alike the cases judged twice were judged, in all and by key question; None for who may not know.
Alike = tuple[Agreement, Mapping[str, Agreement]] | None


@dataclass(frozen=True, slots=True)
class StandardLens:
    """One standard: its rating (a slug or None), what redraws say of it, and its key questions with intervals."""

    standard: Standard
    rating: str | None
    sentence: str
    questions: charts.Intervals


@dataclass(frozen=True, slots=True)
class LensShown:
    """The whole page: `overall` is None while the overall rating is not rated yet; `alike` is '' for who may not know
    how alike inspectors judge."""

    standards: tuple[StandardLens, ...]
    chances: charts.StackedBar
    overall: charts.StackedBar | None
    sentence: str
    points: str
    given: str
    bands: str
    limits: tuple[str, ...]
    alike: str


def shown(framework: Framework, rules: RatingRules, lens: Lens, alike: Alike = None) -> LensShown:
    """A lens as the page has it."""
    standards = tuple(_standard(framework, rules, lens, one.id, alike) for one in lens.standards)
    bars = [(f"{one.id} {framework.standard(one.id).title}", one.chances) for one in lens.standards]
    return LensShown(
        standards=standards,
        chances=_bar("Standards: ratings in 100 draws of other cases", bars),
        overall=_bar("Overall rating in 100 draws of other cases", [("Overall", lens.overall)])
        if lens.overall
        else None,
        sentence=_sentence("the overall rating", lens.rating, lens.overall)
        if lens.overall
        else "The overall rating is not rated yet, so there is nothing to say on how sure it is.",
        points=_points(lens),
        given=_given(framework, lens),
        bands=words.listed(f"{band.rating.label} from {band.least}%" for band in rules.bands),
        limits=_limits(lens),
        alike=_alike(alike[0]) if alike else "",
    )


def _standard(framework: Framework, rules: RatingRules, lens: Lens, standard_id: str, alike: Alike) -> StandardLens:
    standard, seen = framework.standard(standard_id), lens.standard(standard_id)
    twice = alike[1] if alike else {}
    questions = [lens.question(one.id) for one in standard.key_questions]
    names = [f"{one.id} {one.label}" for one in standard.key_questions]
    picture = charts.intervals(
        f"Key questions of {standard.id}",
        [_row(name, one) for name, one in zip(names, questions, strict=True)],
        [(band.least, band.rating.label) for band in rules.bands],
        (*HEAD, TWICE) if twice else HEAD,
        [(*_cells(one), _twice(twice.get(one.rating.id))) if twice else _cells(one) for one in questions],
    )
    said = _sentence("it", seen.rating, seen.chances) if seen.rating is not None else _never_rated(seen.chances)
    return StandardLens(standard, None if seen.rating is None else seen.rating.slug, said, picture)


def _row(name: str, one: QuestionConfidence) -> tuple[str, float | None, float, float]:
    """The share lies in the picture's interval even where other numbers of cases of the groups would leave it out."""
    if one.rating.unrounded is None or one.low is None or one.high is None:
        return name, None, 0, 0
    share = float(one.rating.unrounded)
    return name, share, min(one.low, share), max(one.high, share)


def _cells(one: QuestionConfidence) -> tuple[str, ...]:
    _, share, low, high = _row("", one)
    row = one.rating
    if share is None or row.computed is None:
        return "No case counts", "Not rated", "", "", ""
    known = "Certain: every case was judged" if one.certain else f"{low:.0f}% to {high:.0f}%"
    again = one.chances.in_hundred()[row.computed]
    return f"{row.yes} of {row.n}", words.percent(row.percent), known, str(again), _changes(row)


def _twice(figures: Agreement | None) -> str:
    """Of the cases that two inspectors judged, how many they judged alike: '9 of 10'."""
    if figures is None or not figures.judged:
        return "None judged twice"
    return f"{figures.judged - figures.differ} of {figures.judged}"


def _alike(figures: Agreement) -> str:
    if not figures.cases:
        return "No case is judged twice yet, so nothing can be said of how alike inspectors judge."
    cases = words.plural(figures.cases, "case is", "cases are")
    if figures.percent is None:
        return f"{cases} judged twice: too few to tell how alike inspectors judge."
    its = figures.percent
    return (
        f"{cases} judged twice. Two inspectors gave the same answer of yes or no {words.percent(its.value)} of the "
        f"time, which stands for something between {words.percent(its.low)} and {words.percent(its.high)} in all "
        "cases. The intervals and draws above do not allow for it."
    )


def _changes(row: KeyQuestionRating) -> str:
    """How many answers the other way would change the band: '3 more yes: Good; 5 fewer yes: Inadequate'."""
    return "; ".join(
        f"{near.cases} {'more' if row.computed is not None and near.rating > row.computed else 'fewer'} yes: "
        f"{near.rating.label}"
        for near in row.neighbours
    )


def _bar(title: str, rows: Sequence[tuple[str, Chances]]) -> charts.StackedBar:
    names: list[Rating | None] = [rating for rating, _ in rows[0][1].times] if rows else []
    if any(one.not_rated for _, one in rows):
        names.append(None)
    counts = [(name, [one.in_hundred()[rating] for rating in names]) for name, one in rows]
    return charts.stacked_bar(title, [_label(one).capitalize() for one in names], counts, [LOOKS[one] for one in names])


def _sentence(what: str, rating: Rating | None, chances: Chances) -> str:
    """'If other cases had been drawn, it would be Good again in 87 of 100 draws, Requires improvement in 13.'"""
    label, hundred = _label(rating), chances.in_hundred()
    times = chances.not_rated if rating is None else dict(chances.times)[rating]
    start = f"If other cases had been drawn, {what} would be {label} again in"
    if times == chances.draws:
        return f"{start} every draw."
    if hundred[rating] == 100:
        return f"{start} nearly every draw."
    others = sorted((one for one in hundred if hundred[one] and one is not rating), key=lambda one: -hundred[one])
    said = words.listed(f"{_label(one)} in {hundred[one]}" for one in others)
    return f"{start} {hundred[rating]} of 100 draws, {said}."


def _label(rating: Rating | None) -> str:
    return "not rated" if rating is None else rating.label


def _never_rated(chances: Chances) -> str:
    if chances.not_rated == chances.draws:
        return "It is not rated: no submitted case counts for any of its key questions."
    return _sentence("it", None, chances)


def _points(lens: Lens) -> str:
    if lens.points is None:
        return ""
    now, low, high = lens.points
    between = f"between {low} and {high}" if low < high else f"{low}"
    return (
        f"The standards that are rated from cases give {words.plural(now, 'point')}; "
        f"in {lens.level:.0f} of 100 draws they give {between}."
    )


def _given(framework: Framework, lens: Lens) -> str:
    if lens.missing:
        names = words.listed(f"{one} {framework.standard(one).title}" for one in lens.missing)
        return f"There is no overall rating without: {names}. What is said of the other standards holds all the same."
    if lens.given:
        names = words.listed(f"{one} {rating.label}" for one, rating in lens.given.items())
        return f"This holds if domain one is rated as it stands now: {names}. These ratings do not depend on a draw."
    return ""


def _limits(lens: Lens) -> tuple[str, ...]:
    said = [
        "Whether another inspector would have answered the same.",
        "What the panel makes of it: its discretion is not redrawn.",
        "Cases that are missing from the long list, and cases of it that turn out to be excluded.",
    ]
    if lens.units_left_out:
        units = words.plural(lens.units_left_out, "unit was", "units were")
        said.append(
            f"{units} left out of the draw. The figures take it that they were left out by chance and that "
            "the cases of one unit are a little alike, which is an assumption."
        )
    if not lens.population_known:
        said.append(
            "How many cases there were to draw from is not known for every list. The intervals there are rather too "
            "wide than too narrow."
        )
    return tuple(said)
