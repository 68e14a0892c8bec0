"""Fills an empty database with four fieldworks and their people; prints what the requests need as JSON."""

import json
import sys
from datetime import date

import django
from django.conf import settings
from django.test import Client
from django.urls import reverse

django.setup()

from inspectorate.accounts.models import User  # noqa: E402 (models can be read only after setup)
from inspectorate.audit import clock  # noqa: E402
from inspectorate.documents.models import Document  # noqa: E402
from inspectorate.fieldwork.form import blank_form  # noqa: E402
from inspectorate.methodology.fieldwork import ANSWERS  # noqa: E402
from inspectorate.programme import actions as programme  # noqa: E402
from inspectorate.programme.models import InspectedBody, Inspection  # noqa: E402
from inspectorate.sampling.models import ListedCase, LongList, SampledCase  # noqa: E402
from inspectorate.scheduling.models import Allocation  # noqa: E402

FIELDWORKS = 4
CASES_EACH = 5
READERS = ("lead-inspector", "deputy-lead-inspector", "administrator", "link-manager")


def main(assessors: int) -> None:
    """Makes the fieldworks with so many assessors in all, each with cases of their own."""
    places = [_fieldwork(number, assessors // FIELDWORKS + (number < assessors % FIELDWORKS)) for number in range(4)]
    judged = Inspection.objects.first()
    assert judged
    fields = blank_form(judged, "domain-two").fields
    print(json.dumps({
        "assessors": [one for place in places for one in place["assessors"]],
        "readers": [one for place in places for one in place["readers"]],
        "fields": {name: list(values) for name, values in fields.items()},
        "answers": list(ANSWERS),
        "static": settings.STATIC_URL,
    }))  # fmt: skip


def _person(name: str) -> User:
    return User.objects.create(email=f"{name}@example.org", name=name, password="!")  # no password: nobody signs in


def _fieldwork(number: int, assessors: int) -> dict[str, list[dict[str, object]]]:
    kind = ("NPS", "CRC")[number % 2]
    body = InspectedBody.objects.create(name=f"Made-up {number}", kind=kind, nation="england", cluster="Aa")
    own = [_person(f"assessor-{number}-{one}") for one in range(assessors)]
    team = {role: [_person(f"{role}-{number}")] for role in READERS}
    inspection = programme.plan_inspection(
        body=body, fieldwork=date(2019, 6, 3), nation="england", team=team | {"assistant-inspector": own},
        by=team["administrator"][0],
    )  # fmt: skip
    inspection.announced_at = clock.now()
    inspection.save(update_fields=["announced_at"])
    cases = _cases(inspection, own)
    here = {"inspection": inspection.public_id}
    paths = {name: reverse(name, kwargs=here) for name in ("cases", "fieldwork_progress", "project_plan")}
    made: dict[str, list[dict[str, object]]] = {"assessors": [], "readers": []}
    for place, somebody in enumerate(own):
        mine = cases[place * CASES_EACH : (place + 1) * CASES_EACH]
        known = _signed_in(somebody) | {
            "owner": str(somebody.public_id),
            "cases": [reverse("case", kwargs=here | {"case": one.public_id}) for one in mine],
        }
        made["assessors"].append(known)
    for role, (somebody,) in team.items():
        looks_at = ["/", paths["project_plan"]]
        if role in ("lead-inspector", "deputy-lead-inspector"):
            looks_at += [
                paths["cases"],
                paths["fieldwork_progress"],
                reverse("case", kwargs=here | {"case": cases[0].public_id}),
            ]
        made["readers"].append(_signed_in(somebody) | {"paths": looks_at})
    return made


def _signed_in(user: User) -> dict[str, object]:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    client.get("/accounts/login/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": user.name, "cookies": f"{settings.SESSION_COOKIE_NAME}={session}"}


def _cases(inspection: Inspection, inspectors: list[User]) -> list[SampledCase]:
    now, by = clock.now(), inspection.made_by
    upload = Document.objects.create(
        inspection=inspection, slot="longlist:domain-two", file_name="list.csv", stored="list.csv", size=1,
        digest="0" * 64, content_type="text/csv", given_by=by, given_at=now,
    )  # fmt: skip
    count = len(inspectors) * CASES_EACH
    long_list = LongList.objects.create(
        inspection=inspection, case_list="domain-two", document=upload, state="accepted", size=count, given_by=by,
        given_at=now,
    )  # fmt: skip
    listed = ListedCase.objects.bulk_create(
        ListedCase(
            long_list=long_list, row=number + 1, reference=f"B{number:05}", unit_1="North", unit_2="Harbour",
            facts={"office": f"Office {number % 3}", "rosh": "medium", "name": f"Made-up {number}"},
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    cases = SampledCase.objects.bulk_create(
        SampledCase(inspection=inspection, case_list="domain-two", case=one, number=number, at=now)
        for number, one in enumerate(listed, 1)
    )
    Allocation.objects.bulk_create(
        Allocation(case=case, inspector=inspectors[place // CASES_EACH], week=1, by=by, at=now)
        for place, case in enumerate(cases)
    )
    return cases


if __name__ == "__main__":
    main(int(sys.argv[1]))
