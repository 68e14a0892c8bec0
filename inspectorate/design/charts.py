"""Pictures as values: counts, percentages and dates in, positions out; `design/charts.html` draws them with a table.

Every width and x is a percentage of the picture's width (0 to 100), so that text keeps its size on every screen.
"""

import calendar
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

# Narrower pieces carry no number inside; the table beneath has it.
ROOM_FOR_NUMBER = 8.0
ROOM_FOR_WORD = 18.0
PATTERNS = 6
# Ratings best first, then what is not rated, look alike in every picture, and like their tags.
RATED = (1, 4, 3, 5, 6)


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar: x and width in percent; pattern 1 to 6 tells it apart without colour."""

    name: str
    count: int
    x: float
    width: float
    pattern: int
    labelled: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its name, its total and its pieces from left to right."""

    name: str
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class StackedBar:
    """Counts by row and category, every row drawn on the scale of the greatest total."""

    title: str
    categories: tuple[str, ...]
    rows: tuple[Row, ...]
    description: str
    patterns: tuple[int, ...]


def stacked_bar(
    title: str,
    categories: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    patterns: Sequence[int] = range(1, PATTERNS + 1),
) -> StackedBar:
    """rows: (name, one count for each category); `patterns` of the categories, 1 to 6. Refuses a row of another length
    or a negative count."""
    for name, counts in rows:
        if len(counts) != len(categories) or min(counts, default=0) < 0:
            raise ValueError(f"row {name!r} needs {len(categories)} counts of 0 or more, got {list(counts)}")
    greatest = max((sum(counts) for _, counts in rows), default=0) or 1
    looks = tuple(patterns[place % len(patterns)] for place in range(len(categories)))
    drawn = tuple(Row(name, sum(counts), _segments(categories, counts, greatest, looks)) for name, counts in rows)
    parts = "; ".join(f"{row.name} {row.total}" for row in drawn)
    return StackedBar(title, tuple(categories), drawn, f"{title}. Totals: {parts or 'none'}.", looks)


def _segments(
    categories: Sequence[str], counts: Sequence[int], scale: int, looks: Sequence[int] = range(1, PATTERNS + 1)
) -> tuple[Segment, ...]:
    pieces, x = [], 0.0
    for place, (name, count) in enumerate(zip(categories, counts, strict=True)):
        look = looks[place % len(looks)]
        width = 100 * count / scale
        pieces.append(Segment(name, count, round(x, 3), round(width, 3), look, width >= ROOM_FOR_NUMBER))
        x += width
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of an inspection within the year shown: dates inclusive."""

    name: str
    start: datetime.date
    end: datetime.date
    x: float
    width: float
    pattern: int
    labelled: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """One inspection: its name, address (or empty) and its phases that fall into the year."""

    name: str
    href: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the axis."""

    name: str
    letter: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months from the first day of one, with a row for each inspection."""

    title: str
    months: tuple[Month, ...]
    rows: tuple[YearRow, ...]
    phases: tuple[str, ...]
    today: float | None
    description: str


def year(
    title: str,
    first: datetime.date,
    rows: Sequence[tuple[str, str, Sequence[tuple[str, datetime.date, datetime.date]]]],
    today: datetime.date | None = None,
) -> Year:
    """rows: (name, address or "", phases as (name, first day, last day)). The year starts with the month of `first`."""
    start = first.replace(day=1)
    end = start.replace(year=start.year + 1)
    days = (end - start).days
    names = tuple(dict.fromkeys(name for _, _, phases in rows for name, _, _ in phases))

    def place(day: datetime.date) -> float:
        return 100 * min(max((day - start).days, 0), days) / days

    drawn = []
    for row_name, href, phases in rows:
        pieces = []
        for name, begins, ends in phases:
            x, right = place(begins), place(ends + datetime.timedelta(days=1))
            if right > x:
                pattern = names.index(name) % PATTERNS + 1
                pieces.append(
                    Phase(name, begins, ends, round(x, 3), round(right - x, 3), pattern, right - x > ROOM_FOR_WORD)
                )
        drawn.append(YearRow(row_name, href, tuple(pieces)))
    now = round(place(today), 3) if today and start <= today < end else None
    said = f"{title}: {len(drawn)} inspections from {start:%B %Y} to {end - datetime.timedelta(days=1):%B %Y}."
    return Year(title, _months(start, days), tuple(drawn), names, now, said)


def _months(start: datetime.date, days: int) -> tuple[Month, ...]:
    months, x = [], 0.0
    for step in range(12):
        number, in_year = (start.month - 1 + step) % 12 + 1, start.year + (start.month - 1 + step) // 12
        width = 100 * calendar.monthrange(in_year, number)[1] / days
        name = calendar.month_abbr[number]
        months.append(Month(name, name[0], round(x, 3), round(width, 3)))
        x += width
    return tuple(months)


@dataclass(frozen=True, slots=True)
class Band:
    """One band of the strip, from `low` up to `high`, in percent."""

    name: str
    low: int
    high: int
    here: bool
    pattern: int


@dataclass(frozen=True, slots=True)
class BandStrip:
    """A percentage on its bands; `percent` is None where nothing was rated."""

    title: str
    percent: float | None
    bands: tuple[Band, ...]
    n: int
    band: str
    description: str
    anchor: str


def band_strip(
    title: str, percent: int | Fraction | None, bands: Sequence[tuple[int, str]], n: int, unit: str = "cases"
) -> BandStrip:
    """bands: (lower bound, name) from the lowest; a percentage on a bound belongs to the band that starts there."""
    bounds = [low for low, _ in bands]
    if not bounds or bounds[0] != 0 or bounds != sorted(set(bounds)) or bounds[-1] >= 100:
        raise ValueError(f"bands must start at 0 and rise below 100, got {bounds}")
    if percent is not None and not 0 <= percent <= 100:
        raise ValueError(f"a percentage lies between 0 and 100, got {percent}")
    drawn = []
    for place, (low, name) in enumerate(bands):
        high = bounds[place + 1] if place + 1 < len(bounds) else 100
        here = percent is not None and low <= percent and (percent < high or high == 100)
        drawn.append(Band(name, low, high, here, place % PATTERNS + 1))
    found = next((band.name for band in drawn if band.here), "")
    value = None if percent is None else round(float(percent), 2)
    said = f"{title}: not rated" if value is None else f"{title}: {value:g}% of {n} {unit}, {found}"
    # Near an edge the number stands beside the mark instead of over it.
    anchor = "middle" if value is None or 8 <= value <= 92 else ("start" if value < 8 else "end")
    return BandStrip(title, value, tuple(drawn), n, found, said, anchor)


@dataclass(frozen=True, slots=True)
class Interval:
    """One share with the interval it is known to, in percent (None without a share); `said` is both in words."""

    name: str
    percent: float | None
    low: float
    width: float
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """Shares with their intervals, each on the same bands; `head` and `cells` are the table, a row for each share."""

    title: str
    rows: tuple[Interval, ...]
    bands: tuple[Band, ...]
    head: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    description: str


def intervals(
    title: str,
    rows: Sequence[tuple[str, float | Fraction | None, float, float]],
    bands: Sequence[tuple[int, str]],
    head: Sequence[str],
    cells: Sequence[Sequence[str]],
) -> Intervals:
    """rows: (name, percentage or None, from, to), with the share inside. bands: as of `band_strip`. cells: further
    cells of the table for each row, under `head`."""
    if len(rows) != len(cells) or any(len(row) != len(head) for row in cells):
        raise ValueError(f"{len(rows)} rows need as many rows of {len(head)} cells, got {[len(row) for row in cells]}")
    drawn = []
    for name, share, low, high in rows:
        if share is None:
            drawn.append(Interval(name, None, 0.0, 0.0, "middle", "not rated"))
            continue
        if not 0 <= low <= share <= high <= 100:
            raise ValueError(f"{name}: {share} has to lie between {low} and {high}, from 0 to 100")
        at = round(float(share), 2)
        anchor = "middle" if 8 <= at <= 92 else ("start" if at < 8 else "end")
        said = f"{at:.0f}%, from {low:.0f}% to {high:.0f}%"
        drawn.append(Interval(name, at, round(low, 2), round(high - low, 2), anchor, said))
    strip = band_strip(title, None, bands, 0)
    parts = "; ".join(f"{one.name}: {one.said}" for one in drawn)
    return Intervals(
        title, tuple(drawn), strip.bands, tuple(head), tuple(map(tuple, cells)), f"{title}. {parts or 'None'}."
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """One group: its share of the population and of the sample, in percent of each."""

    name: str
    population: int
    sample: int
    population_share: float
    sample_share: float


@dataclass(frozen=True, slots=True)
class Proportions:
    """Population beside sample, group by group."""

    title: str
    pairs: tuple[Pair, ...]
    population: int
    sample: int
    greatest_gap: float
    description: str


def proportions(title: str, rows: Sequence[tuple[str, int, int]]) -> Proportions:
    """rows: (group, count in the population, count in the sample). Shares of an empty total are 0."""
    population, sample = sum(row[1] for row in rows), sum(row[2] for row in rows)
    pairs = tuple(
        Pair(name, of_all, drawn, round(100 * of_all / (population or 1), 1), round(100 * drawn / (sample or 1), 1))
        for name, of_all, drawn in rows
    )
    gap = round(max((abs(pair.population_share - pair.sample_share) for pair in pairs), default=0.0), 1)
    said = f"{title}: {sample} of {population}; the greatest difference of any group is {gap:g} percentage points."
    return Proportions(title, pairs, population, sample, gap, said)


@dataclass(frozen=True, slots=True)
class Gauge:
    """Counts side by side on one bar, with a mark at the number that is needed; all x and widths in percent."""

    title: str
    segments: tuple[Segment, ...]
    mark: int
    mark_x: float
    mark_name: str
    anchor: str
    description: str


def gauge(title: str, parts: Sequence[tuple[str, int]], mark: int, mark_name: str) -> Gauge:
    """parts: (name, count) from the left. The bar is as long as all of them, or as the mark where that lies beyond."""
    if mark < 0 or any(count < 0 for _, count in parts):
        raise ValueError(f"counts and the mark are 0 or more, got {list(parts)} and {mark}")
    scale = max(sum(count for _, count in parts), mark) or 1
    pieces = _segments([name for name, _ in parts], [count for _, count in parts], scale)
    at = round(100 * mark / scale, 3)
    said = ", ".join(f"{name} {count}" for name, count in parts)
    anchor = "middle" if 15 <= at <= 85 else ("start" if at < 15 else "end")
    return Gauge(title, pieces, mark, at, mark_name, anchor, f"{title}: {said}; {mark_name} {mark}.")


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: a percentage with between what it lies, None where there is too little to tell, and of how many."""

    name: str
    n: int
    percent: float | None
    low: float
    high: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A percentage moment by moment, each with its interval, and a line through one to hold the later against."""

    title: str
    moments: tuple[Moment, ...]
    line: float | None
    line_name: str
    description: str


def drift(
    title: str, rows: Sequence[tuple[str, int, tuple[float, float, float] | None]], line: str, unit: str = "cases"
) -> Drift:
    """rows: (moment, of how many, (percentage, low, high) or None), the earliest first; `line` names the moment to hold
    the later ones against."""
    moments = []
    for name, n, figure in rows:
        if figure is None:
            moments.append(Moment(name, n, None, 0.0, 0.0, "start"))
            continue
        value, low, high = (round(one, 1) for one in figure)
        if not 0 <= low <= value <= high <= 100:
            raise ValueError(f"{name!r}: a percentage and its bounds rise from 0 to 100, got {low}, {value}, {high}")
        anchor = "middle" if 8 <= value <= 92 else ("start" if value < 8 else "end")
        moments.append(Moment(name, n, value, low, high, anchor))
    held = next((one.percent for one in moments if one.name == line), None)
    parts = "; ".join(
        f"{one.name}: " + ("too few to tell" if one.percent is None else f"{one.percent:g}% of {one.n} {unit}")
        for one in moments
    )
    return Drift(title, tuple(moments), held, line if held is not None else "", f"{title}. {parts}.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """How far figures reach in percent: lowest, quartiles and highest; `mark` is one of them, None for none."""

    name: str
    lowest: float
    lower: float
    middle: float
    upper: float
    highest: float
    mark: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Rows of such stretches on one scale of 0 to 100 percent, with the bounds of the bands."""

    title: str
    rows: tuple[Stretch, ...]
    bounds: tuple[int, ...]
    mark_name: str
    description: str


def spread(title: str, rows: Sequence[Stretch], bounds: Sequence[int], mark_name: str = "") -> Spread:
    """rows in percent, each from the lowest upwards; `mark_name` says what is marked in them."""
    for row in rows:
        reach = [row.lowest, row.lower, row.middle, row.upper, row.highest]
        if reach != sorted(reach) or not 0 <= row.lowest <= row.highest <= 100:
            raise ValueError(f"row {row.name!r} has to rise from 0 to at most 100, got {reach}")
    said = "; ".join(f"{row.name} middle {round(row.middle)}%" for row in rows)
    return Spread(title, tuple(rows), tuple(bounds), mark_name, f"{title}: {said or 'none'}.")


RATING_COLOURS: Mapping[str, str] = {
    "outstanding": "govuk-tag--purple",
    "good": "govuk-tag--green",
    "requires-improvement": "govuk-tag--yellow",
    "inadequate": "govuk-tag--red",
}


def rating_tag(slug: str | None, label: str = "") -> dict[str, str]:
    """Parameters of `govukTag` for a rating: the words carry it, the colour only helps."""
    if not slug:
        return {"text": label or "Not rated", "classes": "govuk-tag--grey"}
    return {
        "text": label or slug.replace("-", " ").capitalize(),
        "classes": RATING_COLOURS.get(slug, "govuk-tag--grey"),
    }
