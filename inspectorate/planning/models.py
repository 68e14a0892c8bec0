"""Chapter 3: the announcement call, the planning meeting, and evidence in advance with its gaps."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.documents.models import Document, Letter
from inspectorate.programme.models import Inspection, PlannedEvent


class AnnouncementCall(models.Model):
    """The record of the telephone call that announced an inspection (Manual 3.3a, 3.3b)."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="announcement")
    called_at = models.DateTimeField()
    spoke_to = models.CharField(max_length=150)
    position = models.CharField(max_length=150)
    link_manager_name = models.CharField(max_length=150)
    link_manager_email = models.EmailField()
    planning_meeting_at = models.DateTimeField()
    agreed = models.TextField(blank=True)
    reason = models.TextField("why on another day", blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"announcement of {self.inspection}"


class PlanIssue(models.Model):
    """The external project plan as it was issued to the body (Manual 3.4a); the newest counts."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="plan_issues")
    dates = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"project plan of {self.inspection}, issued {self.at:%d %B %Y}"


class DateConcern(models.Model):
    """A date of the plan that collides with something else, and what was decided about it (Manual 3.4b)."""

    class Answer(models.TextChoices):
        MOVED = "moved", "Moved"
        KEPT = "kept", "Kept"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    planned = models.ForeignKey(PlannedEvent, models.PROTECT, related_name="concerns")
    what = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=5, choices=Answer, blank=True)
    moved_to = models.DateField(null=True)
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.planned.event}: {self.what[:60]}"


class PlanningMeeting(models.Model):
    """Minutes of the telephone planning meeting (Manual 3.5a); a correction is a new row."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="planning_meetings")
    held_at = models.DateTimeField()
    attendees = models.TextField()
    minutes = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"planning meeting of {self.inspection}"


class EvidenceItem(models.Model):
    """One row of the evidence source grid: what was given for which item of the list (Manual 3.6a, 3.6b)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence")
    item = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    covers = models.CharField("period it covers", max_length=100, blank=True)
    document = models.ForeignKey(Document, models.PROTECT)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class EvidenceAssessment(models.Model):
    """The lead's reading of an item against a key question (Manual 3.6c); the newest row of a pair counts."""

    class Finding(models.TextChoices):
        MEETS = "meets", "Meets the key question"
        PARTLY = "partly", "Meets it in part"
        GAP = "gap", "Leaves a gap"

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="assessments")
    key_question = models.CharField(max_length=20)
    finding = models.CharField(max_length=12, choices=Finding)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item}: {self.key_question} {self.finding}"


class EvidenceRequest(models.Model):
    """A further request for evidence (Manual 3.6c), open until an item answers it."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence_requests")
    key_question = models.CharField(max_length=20)
    what = models.TextField()
    answered_by = models.ForeignKey(EvidenceItem, models.PROTECT, null=True, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.what
