"""The whole thread of an NPS inspection in the browser, on the files that a division would really send.

Given a planned inspection, when each person does what the manual has them do, then the division reads its overall
rating at 09:00 on the Monday of week +2, and not a second before. The steps build on one another, in this order.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from inspectorate.demo.judging import judge, judge_prompt
from tests.journeys.conftest import FILES, Person, copied

pytestmark = pytest.mark.journey

LISTS = {"domain-two": 96, "court-reports": 85, "victim-work": 15}
HERE: dict[str, str] = {}
INSPECTORS = (
    "lead-inspector.nps",
    "deputy-lead-inspector.nps",
    "assistant-inspector.nps",
    "assistant-inspector-2.nps",
    "assistant-inspector-3.nps",
    "assistant-inspector-4.nps",
    "local-assessor.nps",
)


@pytest.fixture(scope="module")
def product(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied(loaded, tmp_path_factory.mktemp("own")) as address:
        yield address


def inspection(rest: str = "") -> str:
    return HERE["inspection"] + rest


def fill_date(page: Page, name: str, day: int, month: int, year: int) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.fill(f"input[name='{name}-{part}']", str(value))


def test_the_lead_announces_the_inspection_by_telephone(somebody: Person) -> None:
    somebody.is_now("lead-inspector.nps")
    somebody.opens("Northern Vales")
    HERE["inspection"] = somebody.page.url.removeprefix(somebody.address)
    somebody.sees("Week -9", "Announcement by telephone")
    somebody.opens("Announcement by telephone")
    somebody.sees("Thursday 4 July 2019 or Friday 5 July 2019")
    fill_date(somebody.page, "call_date", 4, 7, 2019)
    fill_date(somebody.page, "meeting_date", 10, 7, 2019)
    for name, value in {
        "call_time": "9:30am",
        "spoke_to": "Philippa Hartsmere",
        "position": "Divisional director",
        "link_manager_name": "Emrys Candleford",
        "link_manager_email": "link-manager.nps@demonstration.example",
        "meeting_time": "11am",
    }.items():
        somebody.page.fill(f"[name={name}]", value)
    somebody.presses("Save and announce")
    somebody.sees("Philippa Hartsmere, Divisional director", "11am on Wednesday 10 July 2019")
    somebody.opens("Read the announcement letter")
    somebody.sees("Northern Vales will be inspected")


def test_the_administrator_issues_the_project_plan_and_the_body_reads_it(somebody: Person) -> None:
    somebody.moves_the_clock_to(8, 7, 2019, "9am")
    somebody.is_now("administrator.nps")
    somebody.goes_to(inspection("plan/"))
    somebody.presses("Issue the plan and the confirmation")
    somebody.is_now("link-manager.nps")
    somebody.opens("Northern Vales")
    somebody.goes_to(inspection("plan/"))
    somebody.sees("9am on Monday 30 September 2019", "Agreed ratings and panel summary note")
    somebody.does_not_see("Background information pack")
    somebody.goes_to(inspection("letters/"))
    somebody.sees("confirmation")


def test_the_planning_meeting_names_the_units(somebody: Person) -> None:
    somebody.moves_the_clock_to(10, 7, 2019, "14:00")
    somebody.is_now("lead-inspector.nps")
    somebody.goes_to(inspection("planning-meeting/record/"))
    fill_date(somebody.page, "held_date", 10, 7, 2019)
    somebody.page.fill("[name=held_time]", "11am")
    for role in ("lead-inspector", "link-manager", "senior-leader"):
        somebody.page.locator(f"input[name=present][value={role}]").check(force=True)
    somebody.page.fill("[name=tier_1]", "Cluster")
    somebody.page.fill("[name=tier_2]", "Local delivery unit")
    somebody.page.locator("textarea[name^='item-']").first.fill("The three domains were explained.")
    somebody.presses("Save the minutes")
    somebody.sees("The three domains were explained.")


def test_the_link_manager_gives_evidence_and_the_lead_reads_it(somebody: Person) -> None:
    paper = next(path for path in sorted((FILES / "nps/evidence").iterdir()) if path.suffix == ".pdf")
    somebody.moves_the_clock_to(18, 7, 2019, "10am")
    somebody.is_now("link-manager.nps")
    somebody.goes_to(inspection("evidence/"))
    somebody.opens("Give document")
    somebody.page.fill("[name=title]", "Strategic plan to 2021")
    somebody.page.fill("[name=covers]", "April 2018 to March 2019")
    somebody.page.set_input_files("[name=upload]", paper)
    somebody.presses("Give the document")
    somebody.look()
    somebody.sees("Strategic plan to 2021", "1 of 40")
    somebody.is_now("lead-inspector.nps")
    somebody.goes_to(inspection("evidence-received/"))
    given = somebody.page.get_by_role("link", name="Strategic plan to 2021").first.get_attribute("href") or ""
    assert somebody.page.request.get(somebody.address + given).body() == paper.read_bytes()


def test_a_long_list_with_faults_is_refused_with_all_of_them_at_once(somebody: Person) -> None:
    planted = json.loads((FILES / "nps/domain-two-as-first-received.json").read_text())["faults"]
    somebody.moves_the_clock_to(18, 7, 2019, "11am")
    somebody.is_now("link-manager.nps")
    give(somebody, "domain-two", "domain-two-as-first-received.xlsx")
    somebody.sees(f"{len(planted)} faults", "Nothing of this list has been kept but the file")
    for fault in planted[:5]:
        somebody.sees(str(fault["value"]).strip())


def give(somebody: Person, case_list: str, name: str) -> None:
    somebody.goes_to(inspection("long-lists/"))
    form = somebody.page.locator(f"form[action$='/{case_list}/give/']")
    form.locator("input[type=file]").set_input_files(FILES / "nps" / name)
    form.locator("button[type=submit]").click()
    expect(somebody.page.get_by_text("The list is being read")).to_have_count(0, timeout=30_000)
    somebody.look()


def test_good_lists_are_given_and_accepted(somebody: Person) -> None:
    somebody.is_now("link-manager.nps")
    give(somebody, "domain-two", "domain-two-libreoffice.xlsx")
    somebody.sees("The list has no faults")
    give(somebody, "court-reports", "court-reports.xlsx")
    give(somebody, "victim-work", "victim-work.xlsx")
    somebody.is_now("administrator.nps")
    for case_list in LISTS:
        somebody.goes_to(inspection("long-lists/"))
        somebody.page.locator(f"section[aria-labelledby={case_list}] tbody a").first.click()
        somebody.sees("Summary")
        somebody.presses_and_waits_for("Accept the list", "The list is accepted with")


def test_the_lead_sees_what_leaving_units_out_costs_and_draws_from_all(somebody: Person) -> None:
    somebody.moves_the_clock_to(23, 7, 2019, "10am")
    somebody.is_now("lead-inspector.nps")
    somebody.goes_to(inspection("samples/domain-two/units/"))
    somebody.page.locator("input[name=option][value=not-every-tier-1]").check(force=True)
    somebody.page.locator("input[name=unit]").first.uncheck(force=True)
    somebody.presses("Show what this costs")
    somebody.sees("have no chance of being in the sample", "Seen as a sample of units", "Why units are left out")
    somebody.page.locator("input[name=option][value=all]").check(force=True)
    somebody.presses("Show what this costs")
    somebody.presses("Decide on this choice")
    somebody.sees("The units are chosen.")


def test_the_administrator_draws_the_samples(somebody: Person) -> None:
    somebody.moves_the_clock_to(24, 7, 2019, "10am")
    somebody.is_now("administrator.nps")
    for case_list, size in LISTS.items():
        somebody.goes_to(inspection(f"samples/{case_list}/draw/"))
        somebody.page.fill("[name=size]", str(size))
        somebody.page.fill("[name=substitutes]", str(size // 3))
        somebody.presses("Prepare the draw")
        somebody.sees("no seed exists", "Digest of what the draw is made from")
        somebody.presses("Draw the sample")
        somebody.sees(f"{size} cases and {size // 3} substitutes", "How near it is to proportion")
    somebody.opens("Verify the draw")
    somebody.page.locator("main form button[type=submit]").click()
    somebody.sees("gives the same cases and the same substitutes in the same order")


def test_the_body_marks_exclusions_and_returns_the_samples(somebody: Person) -> None:
    somebody.moves_the_clock_to(31, 7, 2019, "10am")
    somebody.is_now("link-manager.nps")
    for place, case_list in enumerate(LISTS):
        somebody.goes_to(inspection("samples/"))
        somebody.page.locator(f"section[aria-labelledby={case_list}]").get_by_role(
            "link", name="Mark exclusions"
        ).click()
        if place == 0:
            for row in range(3):
                somebody.page.locator("tbody select").nth(row).select_option(index=1)
            somebody.presses("Save")
            somebody.sees("3 are marked as excluded")
        somebody.presses("Save and return the sample")
        somebody.sees("Returned")


@pytest.mark.parametrize("role", ["administrator.nps", "lead-inspector.nps"])
def test_two_people_confirm_the_final_samples(somebody: Person, role: str) -> None:
    somebody.moves_the_clock_to(6, 8, 2019, "10am")
    somebody.is_now(role)
    for case_list, size in LISTS.items():
        somebody.goes_to(inspection("samples/"))
        somebody.page.locator(f"section[aria-labelledby={case_list}] tbody a").first.click()
        if role == "administrator.nps" and case_list == "domain-two":
            somebody.opens("Accept or refuse the exclusions")
            somebody.presses("Accept all that remain")
            somebody.opens("Check and confirm the sample")
        somebody.presses("Confirm the sample")
        if role == "lead-inspector.nps":
            somebody.goes_to(inspection("samples/"))
            somebody.sees(f"{size} cases to be inspected.")


def test_the_cases_are_allocated(somebody: Person) -> None:
    somebody.moves_the_clock_to(19, 8, 2019, "10am")
    somebody.is_now("administrator.nps")
    somebody.goes_to(inspection("allocation/"))
    somebody.presses("Allocate all of them")
    somebody.sees(f"{sum(LISTS.values())} cases are allocated.", "Every case has an inspector.")


def test_an_inspector_judges_a_case_with_the_keyboard_and_nothing_typed_is_lost(somebody: Person) -> None:
    somebody.moves_the_clock_to(3, 9, 2019, "10am")
    somebody.is_now("deputy-lead-inspector.nps")
    somebody.goes_to(inspection("cases/?list=domain-two"))
    # Which cases are the deputy's is up to the draw: the first row is another's now and then.
    somebody.page.locator("main tbody tr", has_text="Delphine Oxhey").first.get_by_role("link").click()
    somebody.look()
    HERE["case"] = somebody.page.url
    page = somebody.page
    page.locator("[id='rosh_judged-2']").focus()
    page.keyboard.press("Space")
    expect(page.locator("#saved")).to_contain_text("Every change is kept on this device", timeout=10_000)
    page.locator("[id='2.1.1a-1']").focus()
    for key in ("y", "Tab", "n"):
        page.keyboard.press(key)
    page.locator("textarea[name='2.1.1:note']").fill("The first interview is on record.")
    expect(page.locator("#saved")).to_contain_text("Confirmed by the server", timeout=10_000)
    page.reload()
    assert page.locator("[id='2.1.1a-1']").is_checked()
    assert page.locator("[id='2.1.1b-2']").is_checked()
    assert page.locator("textarea[name='2.1.1:note']").input_value() == "The first interview is on record."
    somebody.presses("Submit the case")
    somebody.sees("This case cannot be submitted yet")


def test_two_windows_on_one_case_never_overwrite_each_other(somebody: Person, context: BrowserContext) -> None:
    somebody.is_now("deputy-lead-inspector.nps")
    somebody.page.goto(HERE["case"])
    other = context.new_page()
    other.goto(HERE["case"])
    somebody.page.locator("textarea[name='2.1.2:note']").fill("Written in the first window.")
    expect(somebody.page.locator("#saved")).to_contain_text("Confirmed by the server", timeout=10_000)
    other.locator("textarea[name='2.1.2:note']").fill("Written in the second window.")
    expect(other.locator(".app-differ")).to_contain_text("Written in the first window.", timeout=10_000)
    other.get_by_role("button", name="Keep mine").click()
    expect(other.locator("#saved")).to_contain_text("Confirmed by the server", timeout=10_000)
    somebody.page.reload()
    assert somebody.page.locator("textarea[name='2.1.2:note']").input_value() == "Written in the second window."


def test_a_cut_line_is_said_and_made_good(somebody: Person, context: BrowserContext) -> None:
    somebody.is_now("deputy-lead-inspector.nps")
    somebody.page.goto(HERE["case"])
    expect(somebody.page.locator("#saved")).to_contain_text("Every change is kept on this device")
    context.set_offline(True)
    somebody.page.locator("textarea[name='2.1.3:note']").fill("Typed without a line.")
    expect(somebody.page.locator("#saved")).to_contain_text("On this device: 1 change. No connection.", timeout=10_000)
    context.set_offline(False)
    expect(somebody.page.locator("#saved")).to_contain_text("Confirmed by the server", timeout=15_000)
    somebody.complaints.clear()


@pytest.mark.parametrize("role", INSPECTORS)
def test_every_inspector_judges_and_submits_the_own_cases(somebody: Person, role: str) -> None:
    somebody.signs_in(role)
    somebody.goes_to("/")
    links = somebody.page.locator("a[href*='/cases/']").all()
    addresses = sorted(
        {link.get_attribute("href") or "" for link in links if "/cases/" in (link.get_attribute("href") or "")}
    )
    mine = [address for address in addresses if address.startswith(HERE["inspection"]) and address.count("/") > 4]
    assert mine, f"{role} has no cases"
    for address in mine:
        judge_without_script(somebody, address)
    somebody.goes_to(mine[-1])
    somebody.sees("The answers are locked.")


def test_an_assistant_inspector_checks_what_the_local_assessor_judged(somebody: Person) -> None:
    somebody.is_now("assistant-inspector.nps")
    somebody.goes_to(inspection("checks/"))
    somebody.page.locator("main tbody a").first.click()
    somebody.look()
    case = somebody.page.url.removeprefix(somebody.address)
    somebody.page.locator("summary", has_text="Note a check").click()
    somebody.page.get_by_label("Yes").last.check()
    somebody.presses("Note the check")
    somebody.goes_to(inspection("checks/"))
    somebody.sees("Agreed, ")
    somebody.is_now("local-assessor.nps")
    somebody.goes_to(case)
    somebody.sees("Checked", "Submitted")
    somebody.does_not_see("Note a check", "Open the case again")


def judge_without_script(somebody: Person, address: str) -> None:
    """Answers a whole case by plain posts of its page, as a browser without script does, and submits it."""
    request = somebody.page.request
    page = request.get(somebody.address + address).text()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    reference = re.findall(r'app-inline">([^<]+)<', page)[0]
    given = {"csrfmiddlewaretoken": token}
    for name, value in re.findall(r'name="((?:version|seen):[^"]+)" value="([^"]*)"', page):
        given[name] = value
    for field in {name.split(":", 1)[1] for name in given if name.startswith("seen:")}:
        given[field] = given[f"seen:{field}"] or answer(reference, field, page)
    saved = request.post(somebody.address + address, form=given, max_redirects=0)
    assert saved.status == 302, saved.text()[:500]
    sent = request.post(somebody.address + address + "submit/", form={"csrfmiddlewaretoken": token}, max_redirects=0)
    to = sent.headers.get("location", "")
    assert to.endswith("/cases/"), f"{address} was not submitted: {re.sub('<[^>]+>', ' ', sent.text())[:3000]}"


def answer(reference: str, field: str, page: str) -> str:
    """What the imaginary inspectors say to a key question or a prompt; a fact gets its second value of those with
    which the case stays in the sample."""
    if field.endswith(":note"):
        return ""
    if not field[0].isdigit():
        leads_out = re.findall(rf'data-leads-out="{field}" data-value="([^"]+)"', page)
        values = re.findall(rf'id="{field}-\d" value="([^"]+)"', page)
        return [value for value in values if value not in leads_out][:2][-1]
    if field[-1].isalpha():
        return judge_prompt(reference, "domain-two", field[:-1], field, first=field.endswith("a"), kind="NPS")
    return judge(reference, "domain-two", field, kind="NPS")


def test_the_lead_notes_domain_one_evidence(somebody: Person) -> None:
    somebody.moves_the_clock_to(18, 9, 2019, "10am")
    somebody.is_now("lead-inspector.nps")
    for question, source in (("1.1.1", "document"), ("1.2.1", "focus-group"), ("1.3.1", "meeting"), ("1.4.1", "data")):
        somebody.goes_to(inspection("domain-one/"))
        somebody.page.select_option("[name=key_question]", question)
        somebody.page.locator(f"input[name=source][value={source}]").check(force=True)
        somebody.page.locator("input[name=weighs][value=for]").check(force=True)
        somebody.page.fill("[name=text]", f"What was found on {question}.")
        somebody.presses("Note the evidence")
        somebody.sees(f"What was found on {question}.")


def test_the_data_team_issues_the_indicative_ratings_and_the_lead_proposes(somebody: Person) -> None:
    somebody.moves_the_clock_to(20, 9, 2019, "15:00")
    somebody.is_now("data-team")
    somebody.goes_to(inspection("verified-data/"))
    somebody.sees("196 of 196 cases submitted")
    explains = somebody.page.locator("form[action$='/explain/']")
    if explains.count():
        for box in explains.locator("input[type=checkbox]").all():
            box.check(force=True)
        explains.locator("[name=reason]").fill("Asked the inspectors: the answers stand.")
        somebody.presses("Explain what is chosen")
    somebody.presses("Sign the data as verified")
    somebody.goes_to(inspection("ratings/"))
    somebody.page.locator("form[action$='/ratings/issue/'] button").click()
    somebody.sees("Issued by")
    somebody.is_now("lead-inspector.nps")
    for standard, rating in (("1.1", "good"), ("1.2", "requires-improvement"), ("1.3", "good"), ("1.4", "good")):
        somebody.goes_to(inspection(f"proposals/{standard}/"))
        somebody.page.locator(f"input[name=rating][value={rating}]").check(force=True)
        somebody.page.locator("input[name=evidence]").first.check(force=True)
        somebody.page.fill("[name=rationale]", "The evidence is consistent.")
        somebody.presses("Propose this rating")


def test_the_panel_decides_with_its_quorum(somebody: Person) -> None:
    somebody.moves_the_clock_to(26, 9, 2019, "10am")
    somebody.is_now("director-of-operations")
    somebody.goes_to(inspection("panel/"))
    somebody.presses("Open the ratings panel")
    somebody.goes_to(inspection("panel/"))
    somebody.sees("No quorum")
    somebody.opens("Record who sits")
    for box in somebody.page.locator("input[name=members]").all():
        box.check(force=True)
    somebody.presses("Record who sits")
    somebody.sees("Everybody needed for a decision is there")
    for standard in ("1.1", "1.2", "1.3", "1.4"):
        somebody.goes_to(inspection(f"panel/{standard}/"))
        decided = "requires-improvement" if standard == "1.4" else None
        radio = somebody.page.locator(
            f"input[name=rating][value={decided}]" if decided else "input[name=rating]:checked"
        )
        if decided or not radio.count():
            value = decided or {"1.2": "requires-improvement"}.get(standard, "good")
            somebody.page.locator(f"input[name=rating][value={value}]").check(force=True)
        if decided:
            somebody.page.fill("[name=reason]", "The weight of the evidence is against.")
        somebody.presses("Record the decision")
    somebody.goes_to(inspection("panel/"))
    somebody.opens("Write the summary note and lock the decision")
    somebody.presses("Sign and lock the decision")
    somebody.goes_to(inspection("decision/"))
    somebody.sees("Decision of the ratings panel", "of 30 points", "The weight of the evidence is against.")
    HERE["overall"] = somebody.page.locator("main .govuk-tag").first.inner_text()


def test_the_body_reads_its_overall_rating_at_nine_and_not_before(somebody: Person) -> None:
    somebody.moves_the_clock_to(30, 9, 2019, "08:59")
    somebody.is_now("link-manager.nps")
    assert somebody.page.goto(somebody.address + inspection("decision/")).status == 404  # type: ignore[union-attr]
    somebody.goes_to(inspection("letters/"))
    somebody.does_not_see("Ratings of Northern Vales")
    somebody.moves_the_clock_to(30, 9, 2019, "9am")
    somebody.is_now("link-manager.nps")
    somebody.goes_to(inspection("decision/"))
    somebody.sees("Decision of the ratings panel", HERE["overall"])
    somebody.does_not_see("The weight of the evidence is against.", "Decisions one by one")
    somebody.goes_to(inspection("letters/"))
    somebody.sees("Ratings of Northern Vales")


def test_the_body_makes_the_draw_again_from_its_own_copy(somebody: Person) -> None:
    somebody.is_now("link-manager.nps")
    somebody.goes_to(inspection("samples/domain-two/draws/"))
    somebody.opens("Check this draw")
    somebody.page.set_input_files("[name=copy]", FILES / "nps/domain-two.xlsx")
    somebody.presses("Check the draw")
    somebody.sees("of your copy and gives the same cases and the same substitutes in the same order")


def test_the_trail_of_all_this_is_whole_and_shown(somebody: Person) -> None:
    somebody.is_now("lead-inspector.nps")
    somebody.goes_to(inspection("audit/"))
    somebody.sees("Looked at")
