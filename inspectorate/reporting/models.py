"""Chapter 7.3: the steps of the report, in order, each with its owner."""

from django.conf import settings
from django.db import models

from inspectorate.programme.models import Inspection


class StepDone(models.Model):
    """A step of the report, signed in a role (Manual 7.3b); a step that is done together has a row for each owner."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="report_steps")
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "step", "role"], name="a_step_is_signed_once")]

    def __str__(self) -> str:
        return f"{self.step} done as {self.role}"
