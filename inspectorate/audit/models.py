"""The trail: one line for every change and every look at personal data; rows are only ever added, chained by hash."""

from django.db import models


class Kind(models.TextChoices):
    CHANGE = "change", "Change"
    LOOK = "look", "Look at personal data"
    REFUSED = "refused", "Refused"


class Entry(models.Model):
    """One line of the trail. `chain` is an inspection's public id, or "programme" for what belongs to none."""

    chain = models.CharField(max_length=64)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    kind = models.CharField(max_length=8, choices=Kind)
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    summary = models.CharField(max_length=500)
    details = models.TextField(default="{}")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_entry_a_number")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.summary}"


class Head(models.Model):
    """The last line of each chain: locked while a line is added, so that two writers never share a number."""

    chain = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
