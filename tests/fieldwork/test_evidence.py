"""Domain one evidence: to key questions and prompts, with its strength, its gaps, and news of the others' notes."""

from collections.abc import Callable

import pytest
from django.test import Client

from inspectorate.accounts.models import User
from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.methodology import fieldwork as rules
from inspectorate.programme import packs
from tests.conftest import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(an_inspection: Callable[..., Team]) -> Team:
    return an_inspection("NPS")


def test_a_note_to_a_prompt_stands_under_its_key_question(team: Team, signed_in: Callable[[User], Client]) -> None:
    page = f"/inspections/{team.inspection.public_id}/domain-one/"
    lead, deputy = signed_in(team["lead-inspector"]), signed_in(team["deputy-lead-inspector"])
    before = deputy.get(page + "count/").json()
    sent = {
        "key_question": "1.1.1a",
        "source": "meeting",
        "weighs": "against",
        "strength": "strong",
        "text": "Nobody knew the plan",
    }
    assert lead.post(page, sent).status_code == 302
    note = EvidenceNote.objects.get()
    assert (note.key_question, note.prompt, note.strength) == ("1.1.1", "1.1.1a", "strong")
    shown = deputy.get(page).content.decode()
    assert "strong, meeting, on 1.1.1a: Nobody knew the plan" in " ".join(shown.split()).replace(
        "</strong>", ""
    ).replace("<strong>", "")
    assert "1.1.1 Vision and strategy: All evidence is of one kind: meeting." in " ".join(shown.split())
    after = deputy.get(page + "count/").json()
    assert (before["count"], after) == (0, {"count": 1, "by": team["lead-inspector"].name})


def test_gaps_are_named_until_there_are_two_kinds_of_source(team: Team) -> None:
    framework = packs.pack_of(team.inspection).framework("NPS")
    every = [q.id for s in framework.standards if s.source == "panel" for q in s.key_questions]
    assert [gap.key_question for gap in rules.evidence_gaps(framework, {})] == every
    two = {one: ["document", "meeting"] for one in every}
    assert rules.evidence_gaps(framework, two) == ()
    thin = rules.evidence_gaps(framework, {**two, every[3]: ["survey", "survey"]})
    assert [(gap.key_question, gap.lacks) for gap in thin] == [(every[3], "All evidence is of one kind: survey.")]
