"""Chapters 1, 2 and 3.1: inspected bodies and their units, inspections, their teams and their dated plan."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from inspectorate.accounts.models import User


NAMES_OF_UNITS = {1: "Tier 1 unit", 2: "Tier 2 unit"}


class BodyKind(models.TextChoices):
    CRC = "CRC", "Community Rehabilitation Company"
    NPS = "NPS", "National Probation Service division"


class Nation(models.TextChoices):
    ENGLAND = "england", "England"
    WALES = "wales", "Wales"


class InspectedBody(models.Model):
    """A CRC or an NPS division (Manual 1.3a); cluster size as in figure 2 (Manual 4.1a)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=3, choices=BodyKind)
    nation = models.CharField(max_length=7, choices=Nation, default=Nation.ENGLAND)
    cluster = models.CharField(max_length=2)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name_plural = "inspected bodies"

    def __str__(self) -> str:
        return self.name

    @cached_property
    def unit_names(self) -> dict[int, str]:
        """What the body calls a unit of tier 1 and of tier 2; the manual's words until it has said. One query."""
        return NAMES_OF_UNITS | {one.tier: one.name for one in self.tier_names.all()}


class TierName(models.Model):
    """What a body calls its tier 1 or tier 2 units (Manual 3.5b); the newest row counts, older ones stay."""

    body = models.ForeignKey(InspectedBody, models.PROTECT, related_name="tier_names")
    tier = models.PositiveSmallIntegerField(choices=[(1, "Tier 1"), (2, "Tier 2")])
    name = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.body}: tier {self.tier} is called {self.name}"


class Unit(models.Model):
    """A tier 1 unit, or a tier 2 unit under one (Manual 4.4)."""

    body = models.ForeignKey(InspectedBody, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["body", "name"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="one_tier_2_unit_a_name"),
            models.UniqueConstraint(fields=["body", "name"], condition=Q(parent=None), name="one_tier_1_unit_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tier(self) -> int:
        return 2 if self.parent_id else 1


class PackVersion(models.Model):
    """A pack as it was when first used; the same version with another digest is refused at start."""

    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "version"], name="one_digest_a_version")]

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


# What the dated event is like with which the ratings of an inspection were decided (Manual 7.2f).
PANEL_DECIDED: dict[str, Any] = {"event": "panel-decision", "done_at__isnull": False}


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def for_user(self, user: "User") -> "InspectionQuerySet":
        """Inspections that a person may know of: those of their roles, all for national offices; the inspected
        body's side only once the inspection is announced."""
        held = Membership.objects.filter(user=user, ended_at=None)
        reaches = held.filter(Q(inspection=None) | Q(inspection=models.OuterRef("pk")))
        return (
            self.filter(
                models.Exists(reaches.filter(side="inspectorate"))
                | Q(models.Exists(reaches.exclude(side="inspectorate")), announced_at__isnull=False)
            )
            .select_related("body", "pack")
            .defer("pack__files")
        )


class Inspection(models.Model):
    """One inspection of one body; keeps its pack for ever. One that was stopped keeps what it has and is not rated."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(InspectedBody, models.PROTECT, related_name="inspections")
    kind = models.CharField(max_length=3, choices=BodyKind)
    nation = models.CharField(max_length=7, choices=Nation)
    fieldwork = models.DateField("Monday of fieldwork week 1")
    pack = models.ForeignKey(PackVersion, models.PROTECT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    stopped_why = models.TextField(blank=True, default="", editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["fieldwork", "body__name"]
        constraints = [models.UniqueConstraint(fields=["body", "fieldwork"], name="one_inspection_of_a_body_a_week")]

    def __str__(self) -> str:
        return f"{self.body} {self.fieldwork.year}"

    def panel_decided(self) -> bool:
        """Whether the ratings panel has decided. One query. Manual 7.2f."""
        return self.events.filter(**PANEL_DECIDED).exists()

    @property
    def chain(self) -> str:
        """Name of this inspection's chain in the audit trail."""
        return str(self.public_id)


class Membership(models.Model):
    """A role that a person holds on an inspection, or, without one, a national office (Manual A1a).

    `kind`: the kind of inspected body for which an office is held, where it is for one (Manual 7.2b).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=40)
    side = models.CharField(max_length=12)
    kind = models.CharField(max_length=3, choices=BodyKind, blank=True, default="")
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "inspection", "role"], condition=Q(ended_at=None), name="a_role_is_held_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(ended_at=None, inspection=None), name="an_office_is_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class PlannedEvent(models.Model):
    """A dated event of an inspection's plan (Manual 2.3a, 3.4a). Its title and owner stand in the pack."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="events")
    event = models.CharField(max_length=60)
    date = models.DateField()
    last_date = models.DateField(null=True)
    instant = models.DateTimeField(null=True)
    original_date = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["date", "instant", "pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "event"], name="an_event_is_planned_once")]

    def __str__(self) -> str:
        return f"{self.event} on {self.date}"


class DateChange(models.Model):
    """A planned date that was moved: from, to, who and why (Manual 3.4b)."""

    planned = models.ForeignKey(PlannedEvent, models.PROTECT, related_name="changes")
    was = models.DateField()
    becomes = models.DateField()
    reason = models.TextField()
    follows = models.BooleanField("follows another date", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.planned.event}: {self.was} to {self.becomes}"
