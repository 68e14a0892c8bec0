"""Chapter 4: long lists as received, draws with their receipts, exclusions, and the cases of the final sample."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.documents.models import Document
from inspectorate.programme.models import Inspection


class LongList(models.Model):
    """A long list as the body sent it (Manual 4.4b); a later version is a new row, none is ever changed."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        READING = "reading", "Being read"
        REFUSED = "refused", "Has faults"
        READY = "ready", "Ready to accept"
        ACCEPTED = "accepted", "Accepted"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="long_lists")
    case_list = models.CharField(max_length=20)
    document = models.ForeignKey(Document, models.PROTECT)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    # {"sheet", "row", "columns": [[header, column id or ""], …], "by_hand"}
    matching = models.JSONField(default=dict)
    # [[sheet, row, column, value, what is wrong, what would be right], …], all of them
    faults = models.JSONField(default=list)
    # [[column, as written, as read, times], …] and [[row, why], …]
    understood = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    # [[units], [strata], cases], …: how many cases of each unit and stratum
    cells = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.case_list} long list of {self.given_at:%d %B %Y}"


class ListedCase(models.Model):
    """One row of a long list; `facts` holds each column of the specification under its id."""

    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="cases")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=60)
    unit_1 = models.CharField(max_length=120, blank=True)
    unit_2 = models.CharField(max_length=120, blank=True)
    facts = models.JSONField()

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["long_list", "reference"], name="a_case_is_listed_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class Draw(models.Model):
    """One random draw with its receipt; a second one needs a reason and both stay (Manual 4.4d)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="draws")
    size = models.PositiveIntegerField()
    substitutes = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    receipt = models.JSONField()
    margins = models.JSONField()
    # [[tier 1, tier 2], …] where not all units were drawn from, and why
    units = models.JSONField(default=list)
    units_reason = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    # Set once, when the final sample is confirmed
    final_margins = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"draw of {self.size} from {self.long_list}"

    @property
    def returned_or_none(self) -> "SampleReturn | None":
        """The body's return of this draw, if it came."""
        return getattr(self, "returned", None)


class DrawnCase(models.Model):
    """A case that a draw selected, or kept as a substitute, in ticket order (Manual 4.4k)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="cases")
    case = models.ForeignKey(ListedCase, models.PROTECT, related_name="drawn")
    ticket = models.PositiveIntegerField()
    substitute = models.BooleanField(default=False)

    class Meta:
        ordering = ["substitute", "ticket"]
        constraints = [models.UniqueConstraint(fields=["draw", "case"], name="a_case_is_drawn_once")]

    def __str__(self) -> str:
        return f"{self.case} ({'substitute ' if self.substitute else ''}{self.ticket})"


class Exclusion(models.Model):
    """What the body says of a drawn case: excluded for a reason of the closed list, or, without one, not excluded
    after all (Manual 4.4e). The newest row counts, older ones stay."""

    drawn = models.ForeignKey(DrawnCase, models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.drawn}: {self.reason or 'not excluded'}"


class SampleReturn(models.Model):
    """The body's word that a provisional sample is marked as far as it goes (Manual 4.4e)."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="returned")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.draw} returned"


class SampleConfirmation(models.Model):
    """The administrator's or the lead's check of the returned sample; both are needed (Manual 4.4f)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="confirmations")
    role = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "role"], name="a_role_confirms_once")]

    def __str__(self) -> str:
        return f"{self.draw} confirmed by {self.role}"


class SampledCase(models.Model):
    """A case of the final sample, to be inspected; `in_place_of` names the excluded case that it replaces."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="sampled_cases")
    case_list = models.CharField(max_length=20)
    case = models.ForeignKey(ListedCase, models.PROTECT, related_name="sampled")
    number = models.PositiveIntegerField()
    in_place_of = models.ForeignKey(ListedCase, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["case_list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "case_list", "number"], name="one_case_a_number"),
            models.UniqueConstraint(fields=["inspection", "case"], name="a_case_is_sampled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_list} {self.number}"
