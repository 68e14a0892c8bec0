"""A second judgement counts nowhere: with one that says the opposite, every page, figure and file is as it was without,
for everybody but its inspector and those who see calibration.

Seen to fail with the returns, the progress and the ratings reading `second_assessments` too.
"""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from inspectorate.accounts.models import User
from inspectorate.fieldwork import calibration_actions as calibration
from inspectorate.fieldwork import running_actions
from inspectorate.sampling.models import LongList, SampledCase
from tests.conftest import Team
from tests.drills.test_canaries import body_of
from tests.drills.test_lines import patterns
from tests.fieldwork.conftest import Sample
from tests.fieldwork.twice import judge, with_assistants

ROW = ("North", "Harbour", "male", "medium")
# What differs from one opening of a page to the next, and the day on which a workbook was written.
CHANGING = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|<dcterms:[^<]*<|"token": "[^"]*"')
READERS = ("lead-inspector", "data-team", "link-manager")
# The trail tells those who read it, these are the pages of calibration, and an alert has a new name on each page.
TOLD = {"audit_trail", "calibration", "choose_seconds", "raise_alert"}
# To those who see calibration it stands beside how sure ratings are.
BESIDE = ("lead-inspector", "/confidence/")


def paths(team: Team, case: SampledCase) -> list[str]:
    """Every address that needs nothing but the inspection, its case, or a list."""
    known = {"inspection": team.inspection.public_id, "case": case.public_id, "case_list": case.case_list,
             "key_question": "2.1.1"}  # fmt: skip
    found = []
    for pattern in patterns(get_resolver()):
        names = set(pattern.pattern.converters)
        ours = hasattr(pattern.callback, "right") and pattern.name not in TOLD
        if ours and "inspection" in names and names <= set(known):
            found.append(reverse(str(pattern.name), kwargs={name: known[name] for name in names}))
    return found


def seen(clients: dict[str, Client], every: list[str]) -> dict[tuple[str, str], str]:
    found = {}
    for role, client in clients.items():
        for path in every:
            answer = client.get(path)
            found[role, path] = f"{answer.status_code} {CHANGING.sub('', body_of(answer))}"
    return found


@pytest.mark.django_db
def test_a_second_judgement_changes_no_page_figure_or_file_of_anybody_else(
    final: Callable[..., Sample], person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    sample = final([ROW] * 3, [ROW], kind="NPS")
    team, cases = sample.team, sample.cases
    LongList.objects.update(accepted_by=team["administrator"], accepted_at=team.inspection.made_at)
    people = with_assistants(team, person, 2)
    for case in cases[:2]:
        judge(case, people[0])
    running_actions.return_week(inspection=team.inspection, week=1, by=team["deputy-lead-inspector"])
    clients = {role: signed_in(team[role]) for role in READERS} | {"first": signed_in(people[0])}
    every = paths(team, cases[0])
    before = seen(clients, every)
    for case in (cases[0], cases[2]):
        calibration.give_second(case=case, to=people[1], by=team["deputy-lead-inspector"])
        judge(case, people[1], {"rosh_judged": "high"}, rest="no")
    after = seen(clients, every)
    changed = [(role, path) for (role, path), page in before.items() if after[role, path] != page]
    assert [one for one in changed if not (one[0] == BESIDE[0] and one[1].endswith(BESIDE[1]))] == []
    assert sum(page.startswith("200") for page in before.values()) > 60
    kept = running_actions.return_week(inspection=team.inspection, week=1, by=team["deputy-lead-inspector"])
    assert kept.cases == {"domain-two": [1, 2]}
