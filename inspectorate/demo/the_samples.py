"""Chapter 4 as the demonstration tells it (Manual 4.4): lists sent and accepted, samples drawn, returned, confirmed."""

from datetime import timedelta
from pathlib import Path

from django.core.files.base import File

from inspectorate.audit import clock
from inspectorate.demo import judging, make_files
from inspectorate.demo.scene import Scene, morning
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import actions as sampling
from inspectorate.sampling import reading
from inspectorate.sampling.models import Draw, LongList

FILES = Path(__file__).with_name("files")
# Of ten drawn cases, so many substitutes are kept ready besides.
_SUBSTITUTES_IN_TEN = 3
_A_WHILE = timedelta(minutes=20)
# What the imaginary bodies count themselves, a little beside what they send.
_COUNTED = {
    "CRC": {"domain-two": 2450, "unpaid-work": 440, "through-the-gate": 330},
    "NPS": {"domain-two": 1560, "court-reports": 640, "victim-work": 150},
}


def give_lists(scene: Scene, kind: str) -> None:
    """The link manager sends the lists: domain two at first with faults, and two days later put right."""
    inspection = scene.inspections[kind]
    day = inspection.events.get(event="long-list").date
    clock.set_now(morning(day - timedelta(days=4)))
    for case_list in reading.lists_of(inspection):
        sampling.expect_cases(
            inspection=inspection,
            case_list=case_list.id,
            cases=_COUNTED[kind][case_list.id],
            source="The body's own count, told at the planning meeting",
            by=scene.who("administrator", kind),
        )
    clock.set_now(morning(day - timedelta(days=3)))
    _give(scene, kind, "domain-two", "domain-two-as-first-received")
    clock.set_now(morning(day))
    for case_list in reading.lists_of(inspection):
        given = _give(scene, kind, case_list.id, case_list.id)
        if given.state != LongList.State.READY:
            raise RuntimeError(f"The demonstration's {case_list.id} list was read with faults: {given.faults[:3]}")


def _give(scene: Scene, kind: str, case_list: str, name: str) -> LongList:
    by = scene.who("link-manager", kind)
    with (FILES / kind.lower() / f"{name}.xlsx").open("rb") as opened:
        given = sampling.give_long_list(
            inspection=scene.inspections[kind], case_list=case_list, upload=File(opened, name=f"{name}.xlsx"), by=by
        )
    clock.set_now(clock.now() + timedelta(minutes=2))
    # Nobody waits here for the background worker; it finds the list read already.
    sampling.read_long_list(long_list=given)
    given.refresh_from_db()
    return given


def draw_samples(scene: Scene, kind: str) -> None:
    """The administrator accepts the lists, prepares the draws and makes them: for ever from the same seeds, so that
    the demonstration looks alike each time."""
    inspection, by = scene.inspections[kind], scene.who("administrator", kind)
    clock.set_now(morning(inspection.events.get(event="provisional-sample").date - timedelta(days=2)))
    for given in _ready(inspection):
        sampling.accept_long_list(long_list=given, by=by)
        clock.set_now(clock.now() + _A_WHILE)
        size = make_files.sample_size(packs.pack_of(inspection), kind, given.case_list)
        inputs = sampling.prepare_draw(long_list=given, size=size, substitutes=size * _SUBSTITUTES_IN_TEN // 10, by=by)
        clock.set_now(clock.now() + _A_WHILE)
        sampling.draw_sample(inputs=inputs, seed=make_files.standard_seed(kind, given.case_list), by=by)
        clock.set_now(clock.now() + _A_WHILE)


def _ready(inspection: Inspection) -> list[LongList]:
    found = inspection.long_lists.filter(state=LongList.State.READY).order_by("pk")
    return list(found.select_related("inspection__body", "inspection__pack", "document"))


def return_samples(scene: Scene, kind: str) -> None:
    """The link manager marks the exclusions and returns the samples."""
    inspection, by = scene.inspections[kind], scene.who("link-manager", kind)
    clock.set_now(morning(inspection.events.get(event="exclusions-returned").date))
    for draw in _draws(inspection):
        marks = {}
        if draw.long_list.case_list == "domain-two":
            for one in draw.cases.filter(substitute=False).select_related("case"):
                if reason := judging.excluded_for(one.case.reference, one.case.facts, kind=kind):
                    marks[one.case.reference] = (reason, "")
        sampling.mark_exclusions(draw=draw, marks=marks, by=by)
        clock.set_now(clock.now() + _A_WHILE)
        sampling.return_sample(draw=draw, by=by)
        clock.set_now(clock.now() + _A_WHILE)


def _draws(inspection: Inspection) -> list[Draw]:
    found = Draw.objects.filter(long_list__inspection=inspection).order_by("pk")
    return list(found.select_related("long_list__inspection__body", "long_list__inspection__pack"))


def confirm_samples(scene: Scene, kind: str) -> None:
    """Administrator and lead inspector check what came back; with the second of them each sample is final."""
    inspection = scene.inspections[kind]
    clock.set_now(morning(inspection.events.get(event="final-sample").date + timedelta(days=1)))
    for role in ("administrator", "lead-inspector"):
        for draw in _draws(inspection):
            sampling.confirm_sample(draw=draw, by=scene.who(role, kind))
            clock.set_now(clock.now() + _A_WHILE)
