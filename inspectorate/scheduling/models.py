"""Chapter 5: which inspector judges which case, in which fieldwork week."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


class Allocation(models.Model):
    """A case given to an inspector (Manual 5.1a); a re-allocation ends this row and begins another."""

    case = models.ForeignKey(SampledCase, models.PROTECT, related_name="allocations")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocations")
    week = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="a_case_has_one_inspector")
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.inspector}"


class Conflict(models.Model):
    """A declared connection of an inspector with an office, an officer or a case (Manual 3.9c)."""

    class What(models.TextChoices):
        OWN = "own", "Normal place of work"
        OFFICE = "office", "Another office"
        OFFICER = "officer", "A responsible officer"
        CASE = "case", "A case"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="conflicts")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    what = models.CharField(max_length=8, choices=What)
    name = models.CharField(max_length=150)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.inspector}: {self.name}"
