"""Chapter 7.1 and 7.2: the data set issued, domain one proposals, the ratings panel, its decisions and document."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from inspectorate.accounts.models import User
from inspectorate.documents.models import Document
from inspectorate.fieldwork.models import EvidenceNote
from inspectorate.programme import access
from inspectorate.programme.models import Inspection


class IndicativeIssue(models.Model):
    """The verified data with its indicative ratings as issued (Manual 7.2a); the newest counts, earlier ones stay.

    `digest` covers every fact and answer that counted, so that a later change of a case shows.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="indicative_issues")
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    sampled = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"indicative ratings of {self.inspection}"


class VerifiedData(models.Model):
    """A version of the verified data as the data team signed it (Manual 7.2a): every fact and answer that counts,
    frozen in `content`, under a digest. The newest version counts, earlier ones stay; rows are only added."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="verified_data")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    sampled = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    # What the checks found and how it was explained, as it was when this was signed
    findings = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="a_version_of_verified_data_is_signed_once")
        ]

    def __str__(self) -> str:
        return f"verified data of {self.inspection}, version {self.number}"


class Explanation(models.Model):
    """Why something that the checks of the data found is right as it is (Manual 7.2a); rows are only added."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="explanations")
    # The digest of the id that the check gave it; it changes with the values concerned
    finding = models.CharField(max_length=64)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"explanation of {self.finding[:12]}"


class Proposal(models.Model):
    """The lead's proposed rating of a domain one standard (Manual 7.1c); the newest counts, older ones stay."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="proposals")
    standard = models.CharField(max_length=20)
    rating = models.CharField(max_length=24)
    rationale = models.TextField()
    evidence = models.ManyToManyField(EvidenceNote, related_name="proposals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.standard}: {self.rating} proposed"


class Panel(models.Model):
    """The ratings panel of an inspection (Manual 7.2b)."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="panel")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ratings panel of {self.inspection}"


class Attendance(models.Model):
    """Who sits on the panel, in which role; the quorum is counted from rows that have not ended (Manual 7.2b)."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "member", "role"], condition=Q(ended_at=None), name="a_member_attends_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"


class PanelDecision(models.Model):
    """One decision of the panel: a domain one standard, or a key question changed within the window of discretion
    (Manual 7.2c, 7.2d). The computed or proposed rating stands beside the decided one; the newest row counts."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="decisions")
    subject = models.CharField(max_length=20)
    was = models.CharField(max_length=24)
    decided = models.CharField(max_length=24)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.subject}: {self.was} -> {self.decided}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def for_reader(self, user: User, inspection: Inspection, now: datetime) -> "DecisionQuerySet":
        """The decision as a person may read it: the inspectorate once it is locked, everybody else who holds the right
        from `opens_at` on (Manual 7.2g)."""
        own = self.filter(panel__inspection=inspection)
        if not access.may(user, "decision.read", inspection):
            return own.none()
        return own if access.is_inspectorate(user, inspection) else own.filter(opens_at__lte=now)


class Decision(models.Model):
    """The Ratings Panel Decision document (Manual 7.2f): everything locked, visible to the body from `opens_at`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.OneToOneField(Panel, models.PROTECT, related_name="decision")
    result = models.JSONField()
    total = models.PositiveSmallIntegerField()
    maximum = models.PositiveSmallIntegerField()
    overall = models.CharField(max_length=24)
    summary = models.TextField()
    opens_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"decision of the {self.panel}"


class EvidenceWeighing(models.Model):
    """How a piece of domain one evidence weighs: validity, source and impact (Manual 7.2c); the newest counts."""

    MARKS = [("weak", "Weak"), ("fair", "Fair"), ("strong", "Strong")]

    note = models.ForeignKey(EvidenceNote, models.PROTECT, related_name="weighings")
    validity = models.CharField(max_length=8, choices=MARKS)
    source = models.CharField(max_length=8, choices=MARKS)
    impact = models.CharField(max_length=8, choices=MARKS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.note}: {self.validity}, {self.source}, {self.impact}"


class RatingView(models.Model):
    """Another view on a rating than the proposed or decided one, and whose it is (Manual 7.1c, 7.2c); each stays."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="rating_views")
    subject = models.CharField(max_length=20)
    rating = models.CharField(max_length=24)
    text = models.TextField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.subject}: {self.holder} would say {self.rating}"


class PanelConnection(models.Model):
    """A connection of a panel member with the inspected body, declared or taken back (Manual 7.2b); while the newest
    row of a member `stands`, they neither count to the quorum nor decide."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="panel_connections")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stands = models.BooleanField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.member}: {'connected' if self.stands else 'no connection'}"


class MinuteCorrection(models.Model):
    """A correction of the panel's minutes: a later entry beside the one that it corrects (Manual 7.2f)."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="corrections")
    # key of the entry in the minutes, such as "decision-12"
    entry = models.CharField(max_length=40)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"correction of entry {self.entry} of the {self.panel}"


class DecisionFile(models.Model):
    """The Ratings Panel Decision document, or the agreed ratings for the inspected body, as a file made when the chair
    signed (Manual 7.2f, 7.2g)."""

    class Kind(models.TextChoices):
        DECISION = "decision", "Ratings Panel Decision"
        AGREED = "agreed", "Agreed ratings"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind)
    extension = models.CharField(max_length=4)
    document = models.OneToOneField(Document, models.PROTECT, related_name="decision_file")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind", "extension"], name="a_decision_has_each_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}.{self.extension}"
