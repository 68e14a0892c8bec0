"""Chapter 6: cases as they are judged, answer by answer with every earlier answer kept, and domain one evidence."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.documents.models import Document
from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


class Assessment(models.Model):
    """A case being judged (Manual 6.1b); once submitted it is locked."""

    case = models.OneToOneField(SampledCase, models.PROTECT, related_name="assessment")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"assessment of {self.case}"


class Answer(models.Model):
    """The answer that stands to one field: a key question ("2.1.1"), a prompt ("2.1.1a"), a note ("2.1.1:note") or
    a case fact ("rosh_judged"). `version` counts its changes, so that two editors never overwrite each other."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    field = models.CharField(max_length=40)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "field"], name="a_field_has_one_answer")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class AnswerVersion(models.Model):
    """Every value that a field ever had; rows are only added."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="versions")
    field = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    value = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "field", "version"], name="a_version_is_written_once")
        ]

    def __str__(self) -> str:
        return f"{self.field} version {self.version}"


class EvidenceNote(models.Model):
    """A piece of domain one evidence, tagged to a key question, with its kind of source (Manual 6.1a)."""

    class Source(models.TextChoices):
        DOCUMENT = "document", "Document"
        MEETING = "meeting", "Meeting"
        FOCUS_GROUP = "focus-group", "Focus group"
        INTERVIEW = "interview", "Interview"
        SURVEY = "survey", "Survey"
        DATA = "data", "Data"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence_notes")
    key_question = models.CharField(max_length=20)
    source = models.CharField(max_length=12, choices=Source)
    text = models.TextField()
    weighs = models.CharField(max_length=8, choices=[("for", "For"), ("against", "Against")])
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.key_question}: {self.text[:60]}"
