"""Makes an inspection with its people and open cases in tables that hold nothing yet, for the desk of the drills.

Run as a module with INSPECTORATE_VAR; the last line that it prints is JSON.
"""

import json
from datetime import UTC, date, datetime

import django

django.setup()

from inspectorate.accounts.models import User  # noqa: E402
from inspectorate.documents.models import Document  # noqa: E402
from inspectorate.programme import actions  # noqa: E402
from inspectorate.programme.models import InspectedBody, Inspection  # noqa: E402
from inspectorate.sampling.models import ListedCase, LongList, SampledCase  # noqa: E402
from inspectorate.scheduling.models import Allocation  # noqa: E402
from tests.drills.desk import PASSWORD  # noqa: E402

PEOPLE = {"assistant-inspector": "Asha Quill", "lead-inspector": "Bram Lowe", "administrator": "Cleo Marsh"}
CASES = 6
NOW = datetime(2019, 6, 3, 9, tzinfo=UTC)


def main() -> None:
    people = {
        role: User.objects.create_user(email=f"{role}@example.org", name=name, password=PASSWORD)
        for role, name in PEOPLE.items()
    }
    body = InspectedBody.objects.create(name="Drill NPS", kind="NPS", nation="england", cluster="Aa")
    team = {role: [somebody] for role, somebody in people.items()}
    inspection = actions.plan_inspection(
        body=body, fieldwork=date(2019, 6, 3), nation="england", by=people["administrator"], team=team
    )
    cases = open_cases(inspection, people["assistant-inspector"], people["administrator"])
    print(json.dumps({"cases": cases, "emails": {role: one.email for role, one in people.items()}}))


def open_cases(inspection: Inspection, inspector: User, by: User) -> list[str]:
    """Cases of domain two that this inspector is to judge, as addresses."""
    paper = Document.objects.create(
        inspection=inspection, slot="longlist:domain-two", file_name="list.csv", stored="list.csv", size=1,
        digest="0" * 64, content_type="text/csv", given_by=by, given_at=NOW,
    )  # fmt: skip
    long_list = LongList.objects.create(
        inspection=inspection, case_list="domain-two", document=paper, state="accepted", size=CASES, given_by=by,
        given_at=NOW,
    )  # fmt: skip
    made = []
    for number in range(1, CASES + 1):
        listed = ListedCase.objects.create(
            long_list=long_list, row=number + 1, reference=f"DR{number:05}", unit_1="North", unit_2="Harbour", facts={}
        )
        case = SampledCase.objects.create(
            inspection=inspection, case_list="domain-two", case=listed, number=number, at=NOW
        )
        Allocation.objects.create(case=case, inspector=inspector, week=1, by=by, at=NOW)
        made.append(f"/inspections/{inspection.public_id}/cases/{case.public_id}/")
    return made


if __name__ == "__main__":
    main()
