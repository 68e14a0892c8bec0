"""The days before the ratings panel as the demonstration tells them (Manual 7.1, 7.2a): data and proposals."""

from datetime import timedelta

from inspectorate.audit import clock
from inspectorate.demo.at_fieldwork import notes_on
from inspectorate.demo.scene import Scene, morning
from inspectorate.methodology.standards import Rating
from inspectorate.ratings import actions as ratings
from inspectorate.ratings import verifying_actions


def issue_indicative_ratings(scene: Scene, kind: str) -> None:
    """The data team checks and signs the data, and issues them with ratings, on the last Friday of fieldwork."""
    inspection, by = scene.inspections[kind], scene.who("data-team")
    clock.set_now(morning(inspection.events.get(event="indicative-ratings").date) + timedelta(hours=5))
    verifying_actions.sign_data(inspection=inspection, by=by)
    ratings.issue_indicative_ratings(inspection=inspection, by=by)


def propose(scene: Scene, kind: str) -> None:
    """The lead inspector proposes the domain one ratings, two days before the panel."""
    inspection = scene.inspections[kind]
    clock.set_now(morning(inspection.events.get(event="ratings-panel").date - timedelta(days=2)))
    for one in scene.story["proposals"]:
        ratings.propose_domain_one(
            inspection=inspection,
            standard=one["standard"],
            rating=Rating.from_slug(one["rating"]),
            rationale=one["rationale"],
            evidence=notes_on(scene, kind, one["standard"]),
            by=scene.who("lead-inspector", kind),
        )
