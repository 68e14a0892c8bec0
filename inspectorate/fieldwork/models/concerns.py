"""Chapters 6.7 and 6.8: officer interviews under seal, alerts, and matters raised about a case."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.documents.models import Document
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


class OfficerInterview(models.Model):
    """The talk with the officer of a case (Manual 6.7a): sealed, and used in aggregate only (Manual 1.4b); the newest
    row counts."""

    class Mode(models.TextChoices):
        FACE_TO_FACE = "face-to-face", "Face to face"
        TELEPHONE = "telephone", "By telephone"
        REPLACEMENT = "replacement", "With another suitable person"
        FILE_READ = "file-read", "No interview: file read"

    case = models.ForeignKey(SampledCase, models.PROTECT, related_name="interviews")
    mode = models.CharField(max_length=12, choices=Mode)
    held_on = models.DateField(null=True)
    # field of the form -> what was said; read with the right to the seal only
    evidence = models.JSONField(default=dict)
    feedback_given = models.BooleanField(default=False)
    feedback = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"interview on {self.case}"


class Alert(models.Model):
    """Significant actual or potential harm, or a practice that needs attention at once (Manual 6.8a)."""

    class Kind(models.TextChoices):
        LIFE = "life", "Danger to life"
        OFFENCE = "offence", "An offence may have been committed"
        HARM = "harm", "Significant harm to somebody"
        PRACTICE = "practice", "Practice of the organisation"

    class Likely(models.TextChoices):
        CERTAIN = "certain", "It has happened or will"
        LIKELY = "likely", "Likely"
        POSSIBLE = "possible", "Possible"

    class Imminent(models.TextChoices):
        NOW = "now", "Now or today"
        DAYS = "days", "Within days"
        LATER = "later", "Later"

    # Made by the device, so that an alert raised offline and sent twice is one
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="alerts")
    case = models.ForeignKey(SampledCase, models.PROTECT, null=True, related_name="alerts")
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.TextField()
    likely = models.CharField(max_length=8, choices=Likely)
    imminent = models.CharField(max_length=5, choices=Imminent)
    # When it was raised on the device; `at` is when the server had it
    made_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"alert of {self.at:%d %B %Y}"


class AlertStep(models.Model):
    """What was done about an alert; its newest state counts (Manual 6.8a)."""

    class What(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ESCALATED = "escalated", "Told to the next in line"
        TOLD = "told", "Told to an organisation"
        ACTED = "acted", "The organisation acted"
        ASSURED = "assured", "Assurance with evidence"
        CLOSED = "closed", "Closed"
        OPENED = "opened", "Opened again"

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12, choices=What)
    text = models.TextField(blank=True)
    told = models.CharField(max_length=200, blank=True)
    # Which details that identify somebody were passed on, and no more than these
    identity = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.alert}: {self.what}"


class SealBroken(models.Model):
    """A recorded, reasoned act by which what an officer said is shown beyond the aggregate (Manual 1.4b, 6.7a)."""

    interview = models.ForeignKey(OfficerInterview, models.PROTECT, related_name="broken")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="seals_broken")
    reason = models.TextField()
    fields = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"seal of {self.interview} broken"


class Matter(models.Model):
    """Something about a case that has to be followed to an outcome (Manual 6.1c, 6.1d, 6.1i)."""

    class Kind(models.TextChoices):
        WITH_NPS = "with-nps", "With the NPS, should be with the CRC"
        WITH_CRC = "with-crc", "With the CRC, should be with the NPS"
        SHORTCOMING = "shortcoming", "Shortcoming before allocation that affects the CRC"
        WRONGLY_INCLUDED = "wrongly-included", "Should have been excluded"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(SampledCase, models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.case}"


class MatterStep(models.Model):
    """What was asked, answered or decided about a matter; `closed` ends it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    what = models.CharField(
        max_length=8,
        choices=[
            ("raised", "Raised"),
            ("answered", "Answered"),
            ("evidence", "Evidence"),
            ("closed", "Closed"),
            ("opened", "Opened again"),
        ],
    )
    text = models.TextField()
    document = models.ForeignKey(Document, models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.matter}: {self.what}"
