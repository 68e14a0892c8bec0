"""Chapters 3.9 and 6.1: cases judged a second time, what was agreed of differences, and training cases."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from inspectorate.programme.models import Inspection
from inspectorate.sampling.models import SampledCase


class SecondDraw(models.Model):
    """Cases of a list were drawn to be judged a second time: the seed, and what was drawn from, so that the draw can
    be repeated."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="second_draws")
    case_list = models.CharField(max_length=30)
    wanted = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=64)
    # Digest of the cases, inspectors and weeks that were drawn from
    drawn_from = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.wanted} second judgements of {self.case_list}"


class SecondJudgement(models.Model):
    """A case given to another inspector to be judged a second time, blind (Manual 6.1b); it counts in no rating. The
    judgement itself is the assessment of this person under `second_of`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(SampledCase, models.PROTECT, related_name="second_judgements")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="second_judgements")
    week = models.PositiveSmallIntegerField()
    # None where the case was picked by hand
    draw = models.ForeignKey(SecondDraw, models.PROTECT, null=True, related_name="judgements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="a_case_has_one_second_inspector")
        ]

    def __str__(self) -> str:
        return f"{self.case}, judged a second time"


class Settlement(models.Model):
    """What was made of a question on which two judgements differ; neither of them changes (Manual 6.1b)."""

    class Outcome(models.TextChoices):
        FIRST = "first", "The first answer is the better one"
        SECOND = "second", "The second answer is the better one"
        EITHER = "either", "Either answer can be defended"
        GUIDANCE = "guidance", "The guidance does not decide it"

    judgement = models.ForeignKey(SecondJudgement, models.PROTECT, related_name="settlements")
    field = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8, choices=Outcome)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.outcome}"


class TrainingCase(models.Model):
    """A case on which inspectors are trained and whose answers are set beforehand (Manual 3.9e)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="training_cases")
    title = models.CharField(max_length=150)
    case_list = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class TrainingAnswers(models.Model):
    """All answers of one person to a training case, or, as `reference`, those that it is measured against; the newest
    of each kind and person counts."""

    training_case = models.ForeignKey(TrainingCase, models.PROTECT, related_name="given")
    reference = models.BooleanField()
    # Key question -> 'yes', 'no' or 'na'
    answers = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_case", "by"], condition=Q(reference=False), name="a_training_case_is_judged_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_case}: {self.by}"
