"""Appendix 1: the roles of the shipped pack and what they may see and do."""

import tomllib
from importlib import resources

import pytest
from pydantic import TypeAdapter

from inspectorate.methodology.roles import Roles, UnknownRole

BODY = ("senior-leader", "link-manager", "body-staff", "responsible-officer")


@pytest.fixture(scope="module")
def roles() -> Roles:
    text = (resources.files("inspectorate.methodology") / "packs/probation-v3-2018/roles.toml").read_text("utf-8")
    return TypeAdapter(Roles).validate_python(tomllib.loads(text))


def test_every_granted_right_is_described_and_every_described_right_is_granted(roles: Roles) -> None:
    granted = {right for role in roles.roles for right in role.may}
    assert granted == {right.id for right in roles.rights}


def test_no_id_is_given_twice_and_no_right_is_granted_twice(roles: Roles) -> None:
    assert len({role.id for role in roles.roles}) == len(roles.roles)
    assert len({right.id for right in roles.rights}) == len(roles.rights)
    assert [role.id for role in roles.roles if len(set(role.may)) != len(role.may)] == []


def test_the_roles_are_those_of_appendix_1_and_the_outside_roles(roles: Roles) -> None:
    assert [role.id for role in roles.of_side("inspectorate")] == [
        "chief-inspector", "director-of-operations", "director-of-strategy", "head-of-inspection",
        "head-of-standards", "head-of-methodology", "lead-inspector", "deputy-lead-inspector", "hm-inspector",
        "assistant-inspector", "local-assessor", "administrator", "data-team", "communications",
        "system-administrator",
    ]  # fmt: skip
    assert tuple(role.id for role in roles.of_side("body")) == BODY
    assert [role.id for role in roles.of_side("outside")] == ["osag", "external-editor"]


@pytest.mark.parametrize(
    ("right", "holders"),
    [
        ("announcement.record", {"lead-inspector", "deputy-lead-inspector"}),
        ("sample.draw", {"administrator"}),
        ("sample.confirm", {"administrator", "lead-inspector"}),
        ("exclusions.mark", {"link-manager", "body-staff"}),
        ("longlist.give", {"link-manager", "body-staff", "administrator"}),
        ("domain-one.propose", {"lead-inspector"}),
        ("panel.decide", {"director-of-operations"}),
        (
            "panel.sit",
            {
                "director-of-operations",
                "lead-inspector",
                "head-of-inspection",
                "head-of-standards",
                "head-of-methodology",
            },
        ),
        ("accounts.manage", {"system-administrator"}),
    ],
)
def test_who_holds_a_right(roles: Roles, right: str, holders: set[str]) -> None:
    assert {role.id for role in roles.holders_of(right)} == holders


def test_indicative_ratings_go_to_lead_deputy_data_team_and_panel_members_only(roles: Roles) -> None:
    panel = {role.id for role in roles.holders_of("panel.sit")}
    holders = {role.id for role in roles.holders_of("ratings.indicative")}
    assert holders == panel | {"lead-inspector", "deputy-lead-inspector", "data-team"}


ASSESSOR = {
    "case.view-allocated", "case.judge", "personal.view", "alert.raise", "matter.view", "welfare.note", "training.view",
}  # fmt: skip


def test_a_local_assessor_sees_only_allocated_cases(roles: Roles) -> None:
    assert roles.rights_of(["local-assessor"]) == ASSESSOR


def test_the_inspected_body_sees_its_own_things_and_the_decision(roles: Roles) -> None:
    assert roles.rights_of(BODY) == {
        "plan.view", "evidence.give", "longlist.give", "longlist.view", "exclusions.mark", "decision.read",
        "task.complete", "personal.view",
    }  # fmt: skip


def test_the_system_administrator_sees_no_case(roles: Roles) -> None:
    assert roles.rights_of(["system-administrator"]) == {"accounts.manage", "audit.view"}


def test_somebody_in_two_roles_holds_the_rights_of_both(roles: Roles) -> None:
    both = roles.rights_of(["local-assessor", "system-administrator"])
    assert both == ASSESSOR | {"accounts.manage", "audit.view"}


def test_an_unknown_role_is_named_with_the_known_ones(roles: Roles) -> None:
    with pytest.raises(UnknownRole, match=r"no role 'leed-inspector'.*lead-inspector"):
        roles.rights_of(["leed-inspector"])
