"""Carries an inspection through on a database of its own and lets several people act at once; says what came of it.

Run as a module with INSPECTORATE_VAR (and DATABASE_URL): the last line that it prints is JSON.
"""

import json
import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import django
import pytest

assert pytest, "the settings know by it that this is a test"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from inspectorate.audit import clock, trail  # noqa: E402
from inspectorate.audit.models import Entry  # noqa: E402
from inspectorate.fieldwork import actions as fieldwork  # noqa: E402
from inspectorate.fieldwork.models import Answer, AnswerVersion  # noqa: E402
from inspectorate.planning import actions as planning  # noqa: E402
from inspectorate.planning.models import AnnouncementCall  # noqa: E402
from inspectorate.programme import actions as programme  # noqa: E402
from inspectorate.programme.models import Membership  # noqa: E402
from inspectorate.ratings import actions as ratings  # noqa: E402
from inspectorate.ratings.models import Panel  # noqa: E402
from inspectorate.sampling import actions as sampling  # noqa: E402
from inspectorate.sampling.models import Draw, DrawInputs, SampledCase  # noqa: E402
from inspectorate.scheduling import actions as scheduling  # noqa: E402
from inspectorate.scheduling.models import Allocation  # noqa: E402
from tests.drills.thread import SAMPLED, Browsers, Post, Thread  # noqa: E402

SAVES, EDITORS = 200, 2
# So many notes the two editors need; the short lists have fewer of them.
NOTES = 5
Run = Callable[[], Any]


class NeverDiffers(int):
    """A version seen that equals every other one: the planted fault, as if nobody compared versions."""

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = int.__hash__


def at_once(runs: Sequence[Run]) -> tuple[list[Any], list[str], list[str]]:
    """Runs everything at the same moment: what was answered, what was refused in words of ours, what failed."""
    answers: list[Any] = []
    refused: list[str] = []
    errors: list[str] = []
    gate = threading.Barrier(len(runs))

    def run(one: Run) -> None:
        gate.wait()
        try:
            answers.append(one())
        except Exception as fault:
            ours = type(fault).__module__.startswith("inspectorate.")
            (refused if ours else errors).append(f"{type(fault).__name__}: {fault}"[:300])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, refused, errors


def race(runs: Sequence[Run], effects: Callable[[], int]) -> dict[str, Any]:
    answers, refused, errors = at_once(runs)
    return {"runners": len(runs), "effects": effects(), "effects_of_runners": len(answers), "refused": refused,
            "errors": errors}  # fmt: skip


class Races:
    """The races, each in place of the first post of its kind."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.found: dict[str, Any] = {}

    def instead_of(self, post: Post) -> bool:
        """Whether something else was done in place of this post."""
        drill = getattr(self, f"at_{post.name}", None)
        if drill is None or (post.name in self.found and post.name != "confirm_sample"):
            return False
        if post.name == "confirm_sample" and post.args[1] != self.found.setdefault("confirmed", post.args[1]):
            return False
        return bool(drill(post))

    def keep(self, name: str, post: Post, runs: Sequence[Run], effects: Callable[[], int]) -> bool:
        self.found[post.name] = True
        self.found[name] = race(runs, effects)
        return True

    def at_add_to_team(self, post: Post) -> bool:
        inspection, by = self.thread.inspection, self.thread.somebody(post.who)
        given = {name: post.data[name] for name in ("email", "name", "role")}
        return self.keep(
            "join", post, [lambda: programme.invite(inspection=inspection, by=by, **given)] * 4,
            lambda: Membership.objects.filter(user__email=given["email"]).count(),
        )  # fmt: skip

    def at_announce(self, post: Post) -> bool:
        by, moment = self.thread.somebody(post.who), datetime(2019, 4, 4, 9, 30, tzinfo=clock.LONDON)
        call = planning.Call(
            called_at=moment, spoke_to="Somebody", position="Director", link_manager_name="Link Manager",
            link_manager_email=self.thread.address("link-manager"), reason="A drill",
            planning_meeting_at=datetime(2019, 4, 10, 11, tzinfo=clock.LONDON),
        )  # fmt: skip
        seen = [self.thread.inspection for _ in range(3)]
        runs = [lambda one=one: planning.announce(inspection=one, call=call, by=by) for one in seen]  # type: ignore[misc]
        return self.keep("announce", post, runs, AnnouncementCall.objects.count)

    def at_accept_long_list(self, post: Post) -> bool:
        by, inspection = self.thread.somebody(post.who), self.thread.inspection
        lists = [inspection.long_lists.get(public_id=post.args[1]) for _ in range(3)]
        runs = [lambda one=one: sampling.accept_long_list(long_list=one, by=by) for one in lists]  # type: ignore[misc]
        return self.keep("accept", post, runs, lambda: Entry.objects.filter(action="accept_long_list").count())

    def at_draw_sample(self, post: Post) -> bool:
        by = self.thread.somebody(post.who)
        prepared = DrawInputs.objects.select_related("long_list__inspection__pack")
        runs = [lambda: sampling.draw_sample(inputs=prepared.get(public_id=post.args[1]), by=by)] * 3
        return self.keep("draw", post, runs, Draw.objects.count)

    def at_confirm_sample(self, post: Post) -> bool:
        """Both roles at once, each of them twice: the final sample is made once."""
        if "confirm" in self.found:
            return True
        people = [self.thread.somebody(role) for role in ("administrator", "lead-inspector")] * 2
        draws = Draw.objects.select_related("long_list__inspection__pack")
        runs = [
            lambda who=who: sampling.confirm_sample(draw=draws.get(public_id=post.args[1]), by=who)  # type: ignore[misc]
            for who in people
        ]
        return self.keep("confirm", post, runs, lambda: SampledCase.objects.count() // SAMPLED)

    def at_allocate_cases(self, post: Post) -> bool:
        by, inspection = self.thread.somebody(post.who), self.thread.inspection
        runs = [lambda: scheduling.allocate_cases(inspection=inspection, by=by)] * 3
        return self.keep("deal", post, runs, lambda: Allocation.objects.count() / SampledCase.objects.count())

    def at_open_panel(self, post: Post) -> bool:
        by, inspection = self.thread.somebody(post.who), self.thread.inspection
        runs = [lambda: ratings.open_panel(inspection=inspection, by=by)] * 3
        return self.keep("open", post, runs, Panel.objects.count)

    def at_case(self, post: Post) -> bool:
        """The notes of a case are written by two windows at once; then the page is sent without them."""
        notes = [name for name in post.data if name.endswith(":note") and name[0].isdigit()]
        if len(notes) < NOTES:
            return False
        self.found[post.name] = True
        case = SampledCase.objects.select_related("inspection__pack").get(public_id=post.args[1])
        by = self.thread.somebody(post.who)
        self.found["editors"] = edit(case, notes[:3], by, SAVES, int)
        self.found["editors without the check"] = edit(case, notes[3:NOTES], by, SAVES // 4, NeverDiffers)
        for name in notes[:NOTES]:
            for key in (name, f"seen:{name}", f"version:{name}"):
                post.data.pop(key)
        return False


def edit(case: SampledCase, fields: Sequence[str], by: Any, saves: int, seen_as: type[int]) -> dict[str, Any]:
    """Two windows save at random into the same fields, each knowing only what it was told."""
    acknowledged: list[tuple[str, int, str, str]] = []
    told: list[str] = []
    step = threading.Barrier(EDITORS)

    def window(number: int) -> None:
        chance = random.Random(f"window {number}")
        known = dict.fromkeys(fields, (0, ""))
        for save in range(saves):
            field, text = chance.choice(fields), f"window {number}, save {save}"
            version, before = known[field]
            step.wait(timeout=60)
            try:
                now = fieldwork.save_answer(case=case, field=field, value=text, seen=seen_as(version), by=by)
                acknowledged.append((field, now, text, before))
                known[field] = (now, text)
            except fieldwork.OtherVersion as other:
                told.append(other.field)
                known[field] = (other.version, other.theirs)

    _, refused, errors = at_once([lambda number=number: window(number) for number in range(EDITORS)])  # type: ignore[misc]
    kept = {
        (field, version): value
        for field, version, value in AnswerVersion.objects.filter(assessment__case=case, field__in=fields).values_list(
            "field", "version", "value"
        )
    }
    last = {field: text for field, _, text, _ in sorted(acknowledged, key=lambda one: one[1])}
    return {
        "sent": saves * EDITORS,
        "acknowledged": len(acknowledged),
        "told of the other": len(told),
        "failed": refused + errors,
        "lost": sum(1 for field, version, text, _ in acknowledged if kept.get((field, version)) != text),
        "overwritten unseen": sum(
            1 for field, version, _, before in acknowledged if kept.get((field, version - 1), "") != before
        ),
        "last": last,
        "stands": dict(
            Answer.objects.filter(assessment__case=case, field__in=fields).values_list("field", "value")
        ),
    }  # fmt: skip


def main() -> None:
    call_command("migrate", verbosity=0)
    now = [datetime(2019, 3, 1, 9, tzinfo=clock.LONDON)]
    clock.now = lambda: now[0].astimezone(UTC)

    def move(instant: datetime) -> None:
        now[0] = instant.replace(tzinfo=clock.LONDON)

    thread = Thread("CRC")
    thread.prepare()
    browsers, races = Browsers(thread, move), Races(thread)
    browsers.carry(until="open_panel", instead=races.instead_of)
    races.found["faults of the trail"] = [str(fault) for fault in trail.verify()]
    print(json.dumps(races.found, default=str))


if __name__ == "__main__":
    main()
