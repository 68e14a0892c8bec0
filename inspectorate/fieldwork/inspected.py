"""Chapter 6.1: the cases of a sample as they go back each fieldwork week, showing which were inspected."""

import io
from typing import Any

from django.utils import timezone

from inspectorate.audit import clock
from inspectorate.documents.spreadsheets import Cell, Column, WrittenSheet, write_workbook
from inspectorate.fieldwork.drop_out_actions import reasons
from inspectorate.methodology import timeline
from inspectorate.methodology.sampling import CaseList
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection
from inspectorate.sampling import writing
from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LEFT_THE_SAMPLE, DropOut

HEADERS = (("Case", 8), ("Inspected", 12), ("Fieldwork week", 14), ("Submitted on", 14), ("Remark", 60))


def workbook(inspection: Inspection, case_list: CaseList, sight: Sight, *, named: bool) -> bytes:
    """The list as .xlsx: each case of the sample, the week in which it was inspected, or why it left; the reference
    where `named`, and nothing of a case that is kept from who reads. Two queries. Manual 6.1d."""
    strata = [column for column in case_list.columns if column.id in {one.column for one in case_list.strata}]
    left = {
        one.case_id: one
        for one in DropOut.objects.filter(
            case__inspection=inspection, case__case_list=case_list.id, decision__in=LEFT_THE_SAMPLE
        )
    }
    texts = {one.id: one.text for one in reasons(inspection, case_list.id)}
    cases = inspection.sampled_cases.filter(case_list=case_list.id).select_related("case", "assessment")
    shown = [Column("Case reference", 18)] if named else []
    columns = [*(Column(*one) for one in HEADERS), *shown, *(Column(one.header, 22) for one in strata)]
    rows: list[list[Cell]] = []
    for case in sight.rows(cases):
        own: list[Cell] = [case.case.reference] if named else []
        facts: list[Cell] = [writing.shown(one, case.case.facts.get(one.id, "")) for one in strata]
        rows.append([case.number, *_state(inspection, case, left.get(case.pk), texts), *own, *facts])
    target = io.BytesIO()
    write_workbook(target, [WrittenSheet("Cases inspected", tuple(columns), rows)])
    return target.getvalue()


def _state(inspection: Inspection, case: Any, left: DropOut | None, texts: dict[str, str]) -> list[Cell]:
    """Whether a case was inspected, in which week, on which day, and what is to be said of it."""
    if left:
        return ["Left", "", "", f"Should have been excluded: {texts.get(left.reason, left.reason)}"]
    remark = "File read, stepped in during fieldwork" if case.file_read else ""
    assessment = getattr(case, "assessment", None)
    if assessment is None or assessment.submitted_at is None:
        return ["No", "", "", remark]
    day = timezone.localtime(assessment.submitted_at, clock.LONDON).date()
    week = timeline.week_of(inspection.fieldwork, day, packs.pack_of(inspection).timeline)
    return ["Yes", week, day, remark]
