"""Fills an empty database with judged inspections: one by the models, the others as its copies in SQL."""

from datetime import date

from django.db import connection, transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.documents.models import Document
from inspectorate.fieldwork.form import NOTE, fields_of
from inspectorate.fieldwork.models import Answer, Assessment
from inspectorate.methodology.ratings import verified_as_json
from inspectorate.methodology.standards import Framework
from inspectorate.programme import actions as programme
from inspectorate.programme import packs
from inspectorate.programme.models import InspectedBody, Inspection
from inspectorate.ratings.consolidation import case_rows
from inspectorate.ratings.models import VerifiedData
from inspectorate.ratings.verified import frozen
from inspectorate.sampling.models import ListedCase, LongList, SampledCase
from inspectorate.scheduling.models import Allocation

CASES = 125
SAVED = 12
AT_ONCE = 250
MOST_SIGNED = 300
LIST = "domain-two"


def first() -> tuple[Inspection, User]:
    """An inspection with `CASES` judged cases; the last `SAVED` of them are allocated to its inspector, still open."""
    inspector = User.objects.create_user(email="inspector@example.org", name="Inspector")
    body = InspectedBody.objects.create(name="Made-up division", kind="NPS", nation="england", cluster="Aa")
    inspection = programme.plan_inspection(
        body=body, fieldwork=date(2019, 6, 3), nation="england", team={"assistant-inspector": [inspector]}, by=inspector
    )
    now = clock.now()
    upload = Document.objects.create(
        inspection=inspection, slot="longlist", file_name="list.csv", stored="list.csv", size=1, digest="0" * 64,
        content_type="text/csv", given_by=inspector, given_at=now,
    )  # fmt: skip
    listed = LongList.objects.create(
        inspection=inspection, case_list=LIST, document=upload, state="accepted", given_by=inspector, given_at=now
    )
    rows = ListedCase.objects.bulk_create(
        ListedCase(long_list=listed, row=n, reference=f"B{n:05}", facts={}) for n in range(CASES)
    )
    cases = SampledCase.objects.bulk_create(
        SampledCase(inspection=inspection, case_list=LIST, case=row, number=n, at=now) for n, row in enumerate(rows, 1)
    )
    Allocation.objects.bulk_create(
        Allocation(case=case, inspector=inspector, week=1, by=inspector, at=now) for case in cases
    )
    judged = Assessment.objects.bulk_create(
        Assessment(case=case, started_by=inspector, started_at=now, submitted_at=now if n < CASES - SAVED else None)
        for n, case in enumerate(cases)
    )
    Answer.objects.bulk_create(
        Answer(assessment=one, field=field, value=value, version=1, by=inspector, at=now)
        for number, one in enumerate(judged)
        for field, value in answers(number).items()
    )
    return inspection, inspector


def answers(number: int) -> dict[str, str]:
    """What is answered in a case: each fact, key question and prompt of the list, by a pattern of the number."""
    found = {}
    for place, (field, options) in enumerate(fields_of("probation-v3-2018", "NPS", LIST).items()):
        if not field.endswith(NOTE):
            found[field] = options[(number // SAVED + place) % len(options) if place % 5 else number % len(options)]
    return found


def framework(inspection: Inspection) -> Framework:
    """The standards of the inspection."""
    return packs.pack_of(inspection).framework(inspection.kind)


def copy(inspection: Inspection, times: int, so_far: int) -> None:
    """Adds copies of an inspection's cases and answers up to `times` inspections, of which `so_far` are there."""
    body = InspectedBody.objects.create(name=f"Others from {so_far}", kind="NPS", nation="england", cluster="Aa")
    others = Inspection.objects.bulk_create(
        Inspection(
            body=body,
            kind="NPS",
            nation="england",
            fieldwork=date.fromordinal(700_000 + 7 * n),
            pack=inspection.pack,
            made_by=inspection.made_by,
            made_at=inspection.made_at,
        )  # fmt: skip
        for n in range(so_far, times)
    )
    answered = Answer.objects.filter(assessment__case__inspection=inspection)
    first_of = {
        "case": SampledCase.objects.earliest("pk").pk,
        "assessment": Assessment.objects.earliest("pk").pk,
        "answer": answered.earliest("pk").pk,
        "answers": answered.count(),
        "inspection": others[0].pk - so_far,
        "by": inspection.made_by_id,
    }
    if times <= MOST_SIGNED:
        _sign(inspection, others)
    for begin in range(so_far, times, AT_ONCE):
        _copies(first_of, begin, min(begin + AT_ONCE, times) - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _sign(inspection: Inspection, others: list[Inspection]) -> None:
    """A version of the verified data for each, as long as real ones."""
    content = verified_as_json(frozen(case_rows(inspection, framework(inspection))))
    VerifiedData.objects.bulk_create(
        (VerifiedData(inspection=one, number=1, content=content, digest="0" * 64, sampled=CASES,
                      submitted=CASES - SAVED, by=inspection.made_by, at=inspection.made_at) for one in others),
        batch_size=100,
    )  # fmt: skip


def _copies(there: dict[str, int], first: int, last: int) -> None:
    """Copies of the first inspection's cases, assessments and answers for each number from `first` to `last`."""
    token = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    case, by, inspection = f"i * {CASES}", there["by"], there["inspection"]
    tables = (
        ("sampling_sampledcase", "id, public_id, inspection_id, case_list, case_id, number, file_read, at",
         f"id + {case}, {token}, {inspection} + i, case_list, case_id, number, file_read, at", "case", CASES),
        ("fieldwork_assessment", "id, case_id, started_by_id, started_at, submitted_at",
         f"id + {case}, case_id + {case}, {by}, started_at, started_at", "assessment", CASES),
        ("fieldwork_answer", "id, assessment_id, field, value, version, by_id, at",
         f"id + i * {there['answers']}, assessment_id + {case}, field, value, version, by_id, at", "answer",
         there["answers"]),
    )  # fmt: skip
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, values, begin, many in tables:
            where = f"id BETWEEN {there[begin]} AND {there[begin] + many - 1}"
            cursor.execute(f"INSERT INTO {table} ({columns}) {numbers} SELECT {values} FROM {table}, n WHERE {where}")
