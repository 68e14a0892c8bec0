"""A case that should have been excluded, from the inspector's word to the file read that takes its place.

Given a CRC inspection whose cases are judged, when an inspector finds a case that was transferred and the deputy lead
inspector decides for a substitute, then the next one in order has its place, and what is still needed shows it.
"""

import pytest

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey


def sends(somebody: Person, button: str) -> None:
    """Presses a button and waits for the page that it leads to, also where the address stays the same."""
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("button", name=button).first.click()
    somebody.look()


def test_a_case_drops_out_and_a_substitute_steps_in(somebody: Person) -> None:
    somebody.is_on_the_morning_of_the_panel()
    somebody.is_now("assistant-inspector.crc")
    somebody.opens("Domain two case")
    somebody.opens("This case should have been excluded")
    somebody.page.get_by_label("Transferred to or from another NPS division or CRC").check()
    somebody.page.fill("textarea[name=note]", "It moved in March. The officer was told in a short talk.")
    sends(somebody, "Tell the deputy lead inspector")
    somebody.sees("The deputy lead inspector decides now what becomes of the case.")

    somebody.is_now("deputy-lead-inspector.crc")
    somebody.opens("1 case that should have been excluded, to be decided")
    somebody.opens("Decide")
    somebody.sees("Who would step in", "in the order of the draw")
    somebody.page.get_by_label("The substitute takes its place, as a file read").check()
    somebody.page.fill("textarea[name=note]", "Agreed; there is time.")
    sends(somebody, "Decide")
    somebody.sees("steps in as a file read.", "Another case takes its place")

    somebody.opens("Samples")
    somebody.opens("Precision")
    somebody.sees("dropped out 1; stepped in 1;", "still to be submitted 1.")
    somebody.page.fill("input[name=out] >> nth=0", "5")
    sends(somebody, "Show the margin then")
    somebody.sees("If 5 more cases drop out and nobody steps in")
