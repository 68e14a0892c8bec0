"""Chapter 7.1 of the manual, ratings as written in commands and files."""

from collections.abc import Iterable

from inspectorate.methodology.ratings.judgements import RatingFaultsError
from inspectorate.methodology.ratings.result import Overall, Result
from inspectorate.methodology.standards import Framework, Rating, UnknownIdError


def read_ratings(framework: Framework, words: Iterable[str]) -> dict[str, Rating]:
    """Ratings by standard id from words such as '1.1=good'; RatingFaultsError with all faults at once.

    Manual 2.1c, 7.1d
    """
    ratings: dict[str, Rating] = {}
    found: list[str] = []
    for word in words:
        standard_id, sign, slug = (part.strip() for part in word.partition("="))
        try:
            if not sign:
                raise ValueError("write it as standard=rating, such as 1.1=good")
            framework.standard(standard_id)
            if standard_id in ratings:
                raise ValueError(f"standard {standard_id} stands there twice: keep one")
            ratings[standard_id] = Rating.from_slug(slug)
        except (ValueError, UnknownIdError) as error:
            found.append(f"'{word}': {error}")
    if found:
        raise RatingFaultsError(found)
    return ratings


def result_as_json(result: Result) -> dict[str, object]:
    """A result as plain values: ratings as slugs, `unrounded` as a number for reading only, None where not rated.

    `band` is the band computed from the answers; a key question that the panel changed has `panel` besides.

    Manual 7.1a, 7.1d, 7.2a
    """
    return {
        "key_questions": {
            row.id: {
                "yes": row.yes,
                "n": row.n,
                "percent": row.percent,
                "unrounded": None if row.unrounded is None else float(row.unrounded),
                "band": _slug_of(row.computed),
                "within_window": row.within_window,
                "cases_to_change": row.cases_to_change,
                **({"panel": _slug_of(row.rating)} if row.changed else {}),
            }
            for row in result.key_questions
        },
        "standards": {
            row.id: {"rating": _slug_of(row.rating), "score": row.score, "decided_by": list(row.decided_by)}
            for row in result.standards
        },
        "total": result.total,
        "overall": _slug_of(result.overall),
    }


def overall_as_json(result: Overall) -> dict[str, object]:
    """Total, maximum and overall rating as plain values.

    Manual 7.1d
    """
    return {"total": result.total, "maximum": result.maximum, "overall": _slug_of(result.rating)}


def _slug_of(rating: Rating | None) -> str | None:
    return None if rating is None else rating.slug
