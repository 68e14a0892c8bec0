"""Chapter 7.2e, consistency: how ratings and key questions lie over past inspections, one of them marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inspectorate.design import charts, words
from inspectorate.methodology.pack import Pack
from inspectorate.methodology.ratings import Place, RatingRules, Spread, more_often, one_way, place, seldom, spread
from inspectorate.methodology.standards import Framework, KeyQuestion, Rating
from inspectorate.ratings import past
from inspectorate.ratings.past import Past

SCALE = tuple(sorted(Rating, reverse=True))


@dataclass(frozen=True, slots=True)
class Question:
    """One key question over inspections, and where the marked one stands: its band (slug) and its place."""

    question: KeyQuestion
    spread: Spread
    place: Place | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Used:
    """Discretion of the panel in one inspection: changed key questions of those within the window, and the chance that
    as many fall on it blindly."""

    past: Past
    changed: int
    window: int
    chance: Fraction
    flagged: bool


@dataclass(frozen=True, slots=True)
class Discretion:
    """Discretion over all inspections: up, down, of how many within the window; `flagged` where all go one way beyond
    chance; `used` in each inspection that has any, the least likely first, then the newest; domain one ratings that
    the panel changed up and down."""

    up: int
    down: int
    window: int
    flagged: bool
    used: tuple[Used, ...]
    domain_one_up: int
    domain_one_down: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Past inspections of one kind of body beside one another."""

    inspections: tuple[Past, ...]
    marked: Past | None
    standards: charts.StackedBar
    picture: charts.Spread
    questions: tuple[Question, ...]
    discretion: Discretion


def compare(pack: Pack, kind: str, found: Sequence[Past], marked: str) -> Compared:
    """Those of one kind, with the one of this public id marked where it is among them."""
    own = past.of_kind(found, pack.id, kind)
    one = next((one for one in own if str(one.public_id) == marked), None)
    framework = pack.framework(kind)
    questions = tuple(_questions(pack.ratings, framework, own, one))
    return Compared(
        tuple(own),
        one,
        _standards(framework, own),
        _picture(pack.ratings, questions, one),
        questions,
        _discretion(pack.ratings, own),
    )


def _standards(framework: Framework, own: Sequence[Past]) -> charts.StackedBar:
    rows = [("Overall", [sum(1 for one in own if one.locked.overall is rating) for rating in SCALE])]
    for standard in framework.standards:
        if standard.rated:
            given = [one.locked.standards[standard.id] for one in own if standard.id in one.locked.standards]
            rows.append((f"{standard.id} {standard.title}", [given.count(rating) for rating in SCALE]))
    return charts.stacked_bar("Inspections by rating", [rating.label for rating in SCALE], rows, charts.RATED)


def _questions(
    rules: RatingRules, framework: Framework, own: Sequence[Past], marked: Past | None
) -> Iterator[Question]:
    for standard in framework.standards:
        for question in standard.key_questions if standard.source == "cases" else ():
            counted = {one.pk: one.locked.counts.get(question.id, (0, 0)) for one in own}
            over_all = spread(list(counted.values()))
            if over_all is None:
                continue
            here, band = None, None
            if marked is not None:
                others = [pair for pk, pair in counted.items() if pk != marked.pk]
                here = place(rules.consistency, counted[marked.pk], others)
                changed = marked.locked.changes.get(question.id)
                rating = changed[1] if changed else marked.locked.bands.get(question.id)
                band = None if rating is None else rating.slug
            yield Question(question, over_all, here, band)


def _picture(rules: RatingRules, questions: Sequence[Question], marked: Past | None) -> charts.Spread:
    rows = []
    for one in questions:
        it, own = one.spread, None if one.place is None else round(one.place.percent, 1)
        lowest, lower, middle, upper, highest = (
            round(edge, 1) for edge in (it.lowest, it.lower, it.middle, it.upper, it.highest)
        )
        name = f"{one.question.id} {one.question.label}"
        rows.append(charts.Stretch(name, lowest, lower, middle, upper, highest, own))
    bounds = [band.least for band in rules.bands]
    return charts.spread("Answered yes, over inspections", rows, bounds, marked.name if marked else "")


def _discretion(rules: RatingRules, own: Sequence[Past]) -> Discretion:
    changes = [pair for one in own for pair in one.locked.changes.values()]
    led = [pair for one in own for pair in one.locked.changed_standards.values()]
    window = sum(len(one.locked.window) for one in own)
    up = sum(1 for was, became in changes if became > was)
    found = [(one, (len(one.locked.changes), len(one.locked.window))) for one in reversed(own) if one.locked.changes]
    # As many changes of as many within the window come about by the same chance: worked out once.
    chances = {
        (mine, within): more_often((mine, within), (len(changes) - mine, window - within))
        for mine, within in {pair for _, pair in found}
    }
    enough = len(own) > rules.consistency.fewest
    flagged = {pair: enough and seldom(rules.consistency, chance) for pair, chance in chances.items()}
    used = [Used(one, *pair, chances[pair], flagged[pair]) for one, pair in found]
    used.sort(key=lambda one: one.chance)
    down = len(changes) - up
    led_up = sum(1 for was, became in led if became > was)
    return Discretion(
        up, down, window, seldom(rules.consistency, one_way(up, down)), tuple(used), led_up, len(led) - led_up
    )


def said(found: Place, others: int) -> str:
    """'63%, above 3 of 11 others; 0.4 usual distances below their middle'."""
    if not others:
        return f"{words.percent(found.percent)}; there is no other inspection yet"
    text = f"{words.percent(found.percent)}, above {found.lower} of {words.plural(others, 'other')}"
    if found.distance is None:
        return text
    if round(found.distance, 1) == 0:
        return f"{text}; at their middle"
    side = "above" if found.distance > 0 else "below"
    return f"{text}; {abs(found.distance):.1f} usual distances {side} their middle"
