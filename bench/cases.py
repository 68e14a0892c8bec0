"""Fills an empty database with one inspection and its cases for the bench; prints what the requests need as JSON."""

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
from inspectorate.fieldwork import actions as fieldwork  # noqa: E402
from inspectorate.fieldwork.models import Answer  # noqa: E402
from inspectorate.programme import actions as programme  # noqa: E402
from inspectorate.programme.models import InspectedBody, Inspection  # noqa: E402
from inspectorate.sampling.models import ListedCase, LongList, SampledCase  # noqa: E402
from inspectorate.scheduling.models import Allocation  # noqa: E402

SAVERS = 8
SAVED_BY_PAGE, SAVED_BARE = "2.1.1", "2.1.2"


def main(count: int) -> None:
    """Makes `count` cases, all of one inspector, the first ones with an answer, and prints paths and cookies."""
    inspector = User.objects.create_user(email="inspector@example.org", name="Inspector")
    body = InspectedBody.objects.create(name="Made-up division", kind="NPS", nation="england", cluster="Aa")
    inspection = programme.plan_inspection(
        body=body,
        fieldwork=date(2019, 6, 3),
        nation="england",
        team={"assistant-inspector": [inspector]},
        by=inspector,
    )
    cases = _cases(inspection, inspector, count)
    for case in cases[:SAVERS]:
        for field in (SAVED_BY_PAGE, SAVED_BARE):
            fieldwork.save_answer(case=case, field=field, value="yes", seen=0, by=inspector)
    answers = list(
        Answer.objects.filter(field=SAVED_BARE).order_by("assessment__case__number").values_list("pk", flat=True)
    )
    place = {"inspection": inspection.public_id}
    one = place | {"case": cases[-1].public_id}
    paths = {
        "bare_view": reverse("bare_view"),
        "bare_read": reverse("bare_read", kwargs={"case": cases[-1].public_id}),
        "case": reverse("case", kwargs=one),
        "cases": reverse("cases", kwargs=place),
    } | {f"bare_save_{worker}": reverse("bare_save", args=[pk]) for worker, pk in enumerate(answers)}
    saves = [reverse("save_answer", kwargs=place | {"case": case.public_id}) for case in cases[:SAVERS]]
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(inspector)
    answer = client.get(paths["case"])
    if answer.status_code != 200:
        raise SystemExit(f"bench: the case's page answers {answer.status_code}")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    token = cookies.get(settings.CSRF_COOKIE_NAME, "")
    line = "; ".join(f"{name}={value}" for name, value in cookies.items())
    print(json.dumps({"paths": paths, "cookies": line, "token": token, "saves": saves}))


def _cases(inspection: Inspection, inspector: User, count: int) -> list[SampledCase]:
    now = clock.now()
    upload = Document.objects.create(
        inspection=inspection,
        slot="longlist:domain-two",
        file_name="list.csv",
        stored="list.csv",
        size=1,
        digest="0" * 64,
        content_type="text/csv",
        given_by=inspector,
        given_at=now,
    )
    long_list = LongList.objects.create(
        inspection=inspection,
        case_list="domain-two",
        document=upload,
        state="accepted",
        size=count,
        given_by=inspector,
        given_at=now,
    )
    made = []
    for number in range(1, count + 1):
        listed = ListedCase.objects.create(
            long_list=long_list,
            row=number + 1,
            reference=f"B{number:05}",
            unit_1="North",
            unit_2="Harbour",
            facts={"office": f"Office {number % 3}", "rosh": "medium"},
        )
        case = SampledCase.objects.create(
            inspection=inspection, case_list="domain-two", case=listed, number=number, at=now
        )
        Allocation.objects.create(case=case, inspector=inspector, week=1, by=inspector, at=now)
        made.append(case)
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]))
