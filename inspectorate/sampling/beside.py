"""Chapter 4.4: what stands beside a version of a long list, fetched with it in one query."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from inspectorate.sampling.models import ExpectedCount, LongList


def with_beside(long_lists: QuerySet[LongList]) -> QuerySet[Any]:
    """Adds to each version the number noted (`noted_cases`, `noted_source`, `noted_by`), the list accepted last at the
    body's inspection before (`before_size`, `before_fieldwork`), and the version before it (`earlier`)."""
    here = {"inspection": OuterRef("inspection"), "case_list": OuterRef("case_list")}
    noted = ExpectedCount.objects.filter(**here).order_by("-pk")
    before = LongList.objects.filter(
        inspection__body=OuterRef("inspection__body"),
        inspection__fieldwork__lt=OuterRef("inspection__fieldwork"),
        case_list=OuterRef("case_list"),
        state=LongList.State.ACCEPTED,
        size__gt=0,
    ).order_by("-inspection__fieldwork", "-pk")
    earlier = LongList.objects.filter(**here, pk__lt=OuterRef("pk")).order_by("-pk")
    return long_lists.annotate(
        noted_cases=Subquery(noted.values("cases")[:1]),
        noted_source=Subquery(noted.values("source")[:1]),
        noted_by=Subquery(noted.values(name=F("by__name"))[:1]),
        before_size=Subquery(before.values("size")[:1]),
        before_fieldwork=Subquery(before.values(day=F("inspection__fieldwork"))[:1]),
        earlier=Subquery(earlier.values("public_id")[:1]),
    )
