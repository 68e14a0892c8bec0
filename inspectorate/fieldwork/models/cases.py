"""Chapter 6.1: cases as they are judged, answer by answer with every earlier answer kept; patches, checks, threads."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.sampling.models import SampledCase


class Assessment(models.Model):
    """A case being judged (Manual 6.1b); once submitted it is locked. A second judgement of the same case, made blind
    to see how alike inspectors judge, stands under `second_of` and counts in no rating."""

    case = models.OneToOneField(SampledCase, models.PROTECT, null=True, related_name="assessment")
    second_of = models.ForeignKey(SampledCase, models.PROTECT, null=True, related_name="second_assessments")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case=None) ^ models.Q(second_of=None), name="an_assessment_has_one_case"
            ),
            models.UniqueConstraint(
                fields=["second_of", "started_by"], name="a_person_judges_a_case_a_second_time_once"
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.judged}"

    @property
    def judged(self) -> SampledCase:
        """The case, judged for the first or for the second time."""
        found = self.case or self.second_of
        assert found is not None
        return found


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
    # Why, where somebody other than the inspector of the case changed an answer
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "field", "version"], name="a_version_is_written_once")
        ]

    def __str__(self) -> str:
        return f"{self.field} version {self.version}"


class Patch(models.Model):
    """The receipt of one change sent by a device, under the id that the device gave it: sent again, it has no second
    effect and gets the same answer (Manual 6.1b)."""

    id = models.UUIDField(primary_key=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="patches")
    field = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    # When the change was made on the device, by its own clock
    made_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"patch {self.id} of {self.field}"


class Presence(models.Model):
    """Who has a case open on which device, and when the page was last heard of; renewed, not kept."""

    case = models.ForeignKey(SampledCase, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    device = models.UUIDField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "user", "device"], name="a_device_is_present_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.case}"


class Submission(models.Model):
    """A case was submitted and locked (Manual 6.1b); a case that was opened again can have several."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="submissions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assessment} submitted"


class Reopening(models.Model):
    """A submitted case was opened again, by another person than the one who submitted it (Manual 6.1b)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reopenings")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assessment} opened again"


class Check(models.Model):
    """The supporting assistant inspector looked through the case of a local assessor (Manual 3.9b, 6.1b)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="checks")
    text = models.TextField()
    agreed = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"check of {self.assessment}"


class Thread(models.Model):
    """A note to the inspector on one field of a case, with its answers (Manual 6.1b)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="threads")
    field = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"thread on {self.field}"


class ThreadEntry(models.Model):
    """What was said in a thread, or that it was resolved or opened again; the newest state counts."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="entries")
    what = models.CharField(
        max_length=9, choices=[("said", "Said"), ("resolved", "Resolved"), ("reopened", "Opened again")]
    )
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what}: {self.text[:40]}"
