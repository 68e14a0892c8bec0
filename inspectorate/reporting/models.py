"""Chapter 7.2, the call about the decision; 7.3, the steps of the report; 2.1, editions of the national results."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.programme.models import Inspection


class RatingsCall(models.Model):
    """A telephone call in which the lead inspector explained the decision to the body (Manual 7.2g); all of them stay.

    `by` is who telephoned; `reason` says why it was not on the day of the release.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="ratings_calls")
    called_at = models.DateTimeField()
    spoke_to = models.CharField(max_length=150)
    position = models.CharField(max_length=150)
    said = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"call about the decision on {self.inspection}"


class StepDone(models.Model):
    """A step of the report, signed in a role (Manual 7.3b); a step that is done together has a row for each owner."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="report_steps")
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "step", "role"], name="a_step_is_signed_once")]

    def __str__(self) -> str:
        return f"{self.step} done as {self.role}"


class Edition(models.Model):
    """An edition of the national results as it was published (Manual 2.1b): rounded and hidden, never changed.

    `year` is that in whose April the inspections' year began. `covers` names the bodies by kind and inspection,
    `cells` and `ratings` are rows of [kind, id, ...]. `leaks` is what the gate said against it, where two signed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    covers = models.JSONField()
    cells = models.JSONField()
    ratings = models.JSONField()
    base = models.PositiveSmallIntegerField()
    hide = models.PositiveSmallIntegerField()
    leaks = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["year", "number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="an_edition_has_a_number")]

    def __str__(self) -> str:
        return f"national results {self.year}, edition {self.number}"


class GateSignature(models.Model):
    """Somebody signed for an edition that the gate refuses, with a reason (Manual 2.1b); `digest` is its content."""

    year = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    leaks = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["digest", "by"], name="a_gate_is_signed_once_each")]

    def __str__(self) -> str:
        return f"signature for national results {self.year}"
