"""Two devices make chains of edits without a line to the same fields of one case; requests and answers get lost on the
way. Of 1,000 edits none is lost: each stands in the end, or a person saw it beside the other's text and merged both.

The devices are a model of `sending.js` and `journal.js`: the same ids, bases and chains. Seen to fail with the check of
versions off, each time the drill runs: `test_the_drill_itself_can_fail`.
"""

import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.fieldwork import actions
from inspectorate.fieldwork.models import Answer, AnswerVersion, Patch
from inspectorate.sampling.models import SampledCase
from inspectorate.scheduling.models import Allocation
from tests.conftest import Team

pytestmark = pytest.mark.django_db
EDITS = 1000
NOTES = ("2.1.1:note", "2.1.2:note", "2.1.3:note")


@dataclass
class Change:
    """A change that waits on a device."""

    field: str
    value: str
    base: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    after: list[str] = field(default_factory=list)
    sent_as: str = ""


class Device:
    """One browser with its journal; `post` sends to the server."""

    def __init__(self, post: Callable[[dict[str, Any]], Any], owner: User, chance: random.Random) -> None:
        self.post, self.chance = post, chance
        self.envelope = {"owner": str(owner.public_id), "device": str(uuid.uuid4()), "here": True}
        self.known = 0
        self.stands: dict[str, tuple[str, int]] = {}
        self.waiting: dict[str, Change] = {}
        self.confirmed: set[str] = set()
        self.asked = 0

    def shows(self, name: str) -> str:
        return self.waiting[name].value if name in self.waiting else self.stands.get(name, ("", 0))[0]

    def edit(self, name: str, word: str) -> None:
        value = f"{self.shows(name)} {word}".strip()
        one = self.waiting.get(name)
        if one is None:
            self.waiting[name] = Change(name, value, self.stands.get(name, ("", 0))[1])
            return
        if one.sent_as == one.id:
            one.after, one.id = [*one.after, one.id], str(uuid.uuid4())
        one.value = value

    def send(self, loss: str = "") -> None:
        """Sends what waits; the request ("request") or its answer ("answer") may be lost on the way."""
        patches = []
        for one in self.waiting.values():
            one.sent_as = one.id
            patches.append({"id": one.id, "field": one.field, "value": one.value, "base": one.base, "after": one.after})
        if loss == "request":
            return
        told = self.post(self.envelope | {"known": self.known, "patches": patches})
        if loss == "answer":
            return
        for answer in told["answers"]:
            self.answered(answer)
        self.known = told["known"]
        for change in told["changes"]:
            name, version = change["field"], change["version"]
            if name not in self.waiting and version > self.stands.get(name, ("", 0))[1]:
                self.stands[name] = (change["value"], version)

    def answered(self, answer: dict[str, Any]) -> None:
        one = self.waiting[answer["field"]]
        assert answer["id"] == one.id
        if answer["outcome"] == "confirmed":
            self.confirmed.add(one.id)
            self.stands[one.field] = (one.value, answer["version"])
            del self.waiting[one.field]
            return
        assert answer["outcome"] == "differs"
        self.asked += 1
        mine = [word for word in one.value.split() if word not in answer["theirs"].split()]
        self.waiting[one.field] = Change(one.field, " ".join([answer["theirs"], *mine]), answer["version"])


def drill(case: SampledCase, owner: User, client: Client, edits: int) -> tuple[set[str], list[Device]]:
    """Words that are lost in the end, and the devices."""
    path = f"/inspections/{case.inspection.public_id}/cases/{case.public_id}/patches/"

    def post(body: dict[str, Any]) -> Any:
        answer = client.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code in (200, 409), answer.content
        return answer.json()

    chance = random.Random("chains")
    devices = [Device(post, owner, chance) for _ in range(2)]
    words = [f"w{number}" for number in range(edits)]
    for word in words:
        device = chance.choice(devices)
        device.edit(chance.choice(NOTES), word)
        if chance.random() < 0.3:
            device.send(chance.choice(("", "", "request", "answer", "answer")))
    while any(device.waiting for device in devices):
        for device in devices:
            device.send()
    stand = " ".join(Answer.objects.filter(field__in=NOTES).values_list("value", flat=True)).split()
    return set(words) - set(stand), devices


@pytest.fixture
def case(
    an_inspection: Callable[..., Team], sampled: Callable[..., list[SampledCase]]
) -> tuple[SampledCase, User]:  # fmt: skip
    team = an_inspection("NPS")
    one = sampled(team, "domain-two", 1)[0]
    inspector = team["assistant-inspector"]
    Allocation.objects.create(case=one, inspector=inspector, week=1, by=inspector, at=team.inspection.made_at)
    return one, inspector


def test_of_a_thousand_edits_in_chains_none_is_lost(
    case: tuple[SampledCase, User], signed_in: Callable[[User], Client]
) -> None:
    lost, devices = drill(*case, signed_in(case[1]), EDITS)
    assert lost == set()
    assert sum(device.asked for device in devices) > 20
    confirmed = set().union(*(device.confirmed for device in devices))
    assert confirmed <= {str(one) for one in Patch.objects.values_list("pk", flat=True)}
    assert Patch.objects.count() == AnswerVersion.objects.count()


def test_the_drill_itself_can_fail(
    case: tuple[SampledCase, User], signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = actions.save_held

    def unchecked(*, case: SampledCase, changes: dict[str, tuple[str, int]], **more: Any) -> dict[str, int]:
        now = dict(Answer.objects.filter(assessment__case=case).values_list("field", "version"))
        return real(case=case, changes={name: (text, now.get(name, 0)) for name, (text, _) in changes.items()}, **more)

    monkeypatch.setattr(actions, "save_held", unchecked)
    lost, _ = drill(*case, signed_in(case[1]), EDITS // 5)
    assert lost
