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
        ACCEPTING = "accepts", "Being accepted"
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


class KeptComparison(models.Model):
    """What differs between two versions of a long list, worked out in the background (Manual 4.4b). `key` says what it
    follows from: where that is another now, a new one is kept."""

    earlier = models.ForeignKey(LongList, models.PROTECT, related_name="+")
    later = models.ForeignKey(LongList, models.PROTECT, related_name="comparisons")
    key = models.CharField(max_length=64)
    # the comparison as packed JSON
    found = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["earlier", "later", "key"], name="one_comparison_each")]

    def __str__(self) -> str:
        return f"comparison of {self.later} with {self.earlier}"


class AskedPeriod(models.Model):
    """The days that a list is to cover, where they differ from those that follow from the plan (Manual 4.2a, 4.4b);
    the newest row counts."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="asked_periods")
    case_list = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_list}: {self.first_day} to {self.last_day}"


class ExpectedCount(models.Model):
    """How many cases a list is expected to hold, and whence the number is (Manual 4.2a); the newest row counts."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="expected_counts")
    case_list = models.CharField(max_length=20)
    cases = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_list}: {self.cases} cases expected"


class Waiver(models.Model):
    """A fault of a list that cannot be mended, and what became of its row (Manual 4.4b); never taken away."""

    class Outcome(models.TextChoices):
        AS_WRITTEN = "as-written", "Taken as it is"
        LEFT_OUT = "left-out", "Row left out"

    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="waivers")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return f"row {self.row}: {self.what}"


class LimitedReader(models.Model):
    """A person who may read the limited-access cases of an inspection, until `ended_at` (Manual 4.4e)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="limited_readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "reader"], condition=models.Q(ended_at=None), name="a_reader_is_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader} reads limited-access cases"


class ListedCase(models.Model):
    """One row of a long list; `facts` holds each column of the specification under its id. A limited-access case is
    seen by its named readers only (Manual 4.4e)."""

    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="cases")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=60)
    unit_1 = models.CharField(max_length=120, blank=True)
    unit_2 = models.CharField(max_length=120, blank=True)
    facts = models.JSONField()
    limited = models.BooleanField(default=False)

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["long_list", "reference"], name="a_case_is_listed_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class UnitChoice(models.Model):
    """The lead inspector's choice of units to draw from (Manual 4.4a, 4.4b); the newest row of a list counts."""

    class Option(models.TextChoices):
        SOME_TIER_2 = "some-tier-2", "Some tier 2 units from each tier 1 unit"
        ALL = "all", "All tier 2 units from every tier 1 unit"
        NOT_EVERY_TIER_1 = "not-every-tier-1", "Not every tier 1 unit"

    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="unit_choices")
    option = models.CharField(max_length=20, choices=Option)
    # [[tier 1, tier 2], …], none for all
    units = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.long_list}: {self.get_option_display()}"


class DrawInputs(models.Model):
    """All that a draw will be made from, hashed and shown before its seed exists (Manual 4.4d); never changed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="draw_inputs")
    size = models.PositiveIntegerField()
    substitutes = models.PositiveIntegerField()
    # as of Draw
    units = models.JSONField(default=list)
    units_reason = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    # digest of the list, specification, pack, algorithm and the numbers above, as they are hashed
    inputs = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"inputs {self.digest[:12]} of {self.long_list}"


class Draw(models.Model):
    """One random draw with its receipt; a second one needs a reason and both stay (Manual 4.4d)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    long_list = models.ForeignKey(LongList, models.PROTECT, related_name="draws")
    size = models.PositiveIntegerField()
    substitutes = models.PositiveIntegerField()
    inputs = models.OneToOneField(DrawInputs, models.PROTECT, null=True, related_name="draw")
    seed = models.CharField(max_length=64)
    seed_from = models.CharField(
        max_length=6,
        choices=[("system", "System randomness"), ("dice", "Dice"), ("given", "Given beforehand")],
        default="system",
    )
    # What was thrown, as typed, where the seed is from dice
    dice = models.CharField(max_length=400, blank=True)
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


class Extension(models.Model):
    """More cases for a sample than were drawn at first: the next substitutes in order join it (Manual 4.4k)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="extensions")
    cases = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.draw}: {self.cases} more"


class Exclusion(models.Model):
    """What the body says of a drawn case: excluded for a reason of the closed list, or, without one, not excluded
    after all (Manual 4.4e). The newest row counts, older ones stay."""

    drawn = models.ForeignKey(DrawnCase, models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.drawn}: {self.reason or 'not excluded'}"


class ExclusionAnswer(models.Model):
    """The inspectorate's answer to a marked exclusion (Manual 4.4f); the newest row counts."""

    exclusion = models.ForeignKey(Exclusion, models.PROTECT, related_name="answers")
    accepted = models.BooleanField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.exclusion}: {'accepted' if self.accepted else 'refused'}"


class OfficerAway(models.Model):
    """Days of fieldwork on which a responsible officer cannot be interviewed (Manual 4.4d), until it is withdrawn."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="officers_away")
    officer = models.CharField(max_length=150)
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["officer", "first_day", "pk"]

    def __str__(self) -> str:
        return f"{self.officer} away from {self.first_day} to {self.last_day}"


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
    # Stepped in during fieldwork, so inspected as a file read (Manual 6.1c)
    file_read = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["case_list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "case_list", "number"], name="one_case_a_number"),
            models.UniqueConstraint(fields=["inspection", "case"], name="a_case_is_sampled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_list} {self.number}"


class DropOut(models.Model):
    """A case found during fieldwork that should have been excluded, and what was decided of it (Manual 6.1c)."""

    class Decision(models.TextChoices):
        SUBSTITUTED = "substituted", "Another case takes its place"
        NOT_REPLACED = "not-replaced", "It leaves the sample and no case takes its place"
        KEPT = "kept", "It stays in the sample"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(SampledCase, models.PROTECT, related_name="drop_outs")
    reason = models.CharField(max_length=60)
    note = models.TextField()
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    decision_note = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    substitute = models.OneToOneField(SampledCase, models.PROTECT, null=True, related_name="stepped_in_for")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decision=""), name="one_open_question_a_sampled_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.decision or 'waits for a decision'}"


# Decisions on a case found to be ineligible in fieldwork after which it counts no longer.
LEFT_THE_SAMPLE = (DropOut.Decision.SUBSTITUTED, DropOut.Decision.NOT_REPLACED)


def standing(cases: models.QuerySet[SampledCase]) -> models.QuerySet[SampledCase]:
    """Cases of a final sample without those that left it during fieldwork (Manual 6.1c)."""
    return cases.exclude(drop_outs__decision__in=LEFT_THE_SAMPLE)
