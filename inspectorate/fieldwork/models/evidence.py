"""Chapters 6.1, 6.4, 6.5, 6.9 and 6.10: domain one evidence, meetings, sites, and the running of the fieldwork."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.documents.models import Document
from inspectorate.programme.models import Inspection


class MeetingRecord(models.Model):
    """A meeting or focus group as it was held, with who sat in it (Manual 5.2b, 6.9a); the newest row of a
    `public_id` counts."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="meeting_records")
    # id of the pack's list, or "" for one that was arranged besides
    meeting = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    place = models.CharField(max_length=150, blank=True)
    people = models.PositiveSmallIntegerField()
    same_grade = models.BooleanField(null=True)
    line_managers = models.BooleanField(null=True)
    private = models.BooleanField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.held_on}"


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
    prompt = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=12, choices=Source)
    text = models.TextField()
    weighs = models.CharField(max_length=8, choices=[("for", "For"), ("against", "Against")])
    strength = models.CharField(
        max_length=8, choices=[("weak", "Weak"), ("fair", "Fair"), ("strong", "Strong")], default="fair"
    )
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True)
    meeting = models.ForeignKey(MeetingRecord, models.PROTECT, null=True, blank=True, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.key_question}: {self.text[:60]}"


class Site(models.Model):
    """A place where the team works, with its hours and contact (Manual 6.4a)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=150)
    hours = models.CharField(max_length=150, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["inspection", "name"], name="a_site_is_named_once")]

    def __str__(self) -> str:
        return self.name


class SiteCheck(models.Model):
    """One item of a site or of an inspector's access there, as it stands (Manual 6.4a, 6.5a); the newest row counts."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=60)
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=[("ready", "Ready"), ("problem", "Problem"), ("open", "Not yet")])
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.site}: {self.item} {self.state}"


class DayMeeting(models.Model):
    """The team's talk at the end of a fieldwork day (Manual 5.3a, A1b); the newest row of a day counts."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="day_meetings")
    day = models.DateField()
    text = models.TextField()
    actions = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.day}"


class WelfareNote(models.Model):
    """A note on somebody's welfare to the deputy lead inspector, who alone reads it (Manual A1b)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="welfare_notes")
    text = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"welfare note of {self.at:%d %B %Y}"


class WeeklyReturn(models.Model):
    """The cases inspected in a fieldwork week, told to the administrator and the data team (Manual 6.1d)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="weekly_returns")
    week = models.PositiveSmallIntegerField()
    # case list -> numbers of the cases inspected
    cases = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.inspection}: week {self.week}"


class ClosingItem(models.Model):
    """An item of the closing checklist, done (Manual 6.10a)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="closing_items")
    item = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="a_closing_item_is_done_once")]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.item}"
