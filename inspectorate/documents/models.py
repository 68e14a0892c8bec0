"""Papers in and papers out: uploaded documents with their versions, and letters as they were sent."""

import uuid

from django.conf import settings
from django.db import models

from inspectorate.programme.models import Inspection


class Document(models.Model):
    """A file that was given to an inspection; never changed, a newer one `replaces` it (Manual 3.6b)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="documents")
    slot = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    stored = models.FileField(upload_to="documents/%Y", max_length=300)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name


class Letter(models.Model):
    """A letter or note as it was sent: the frozen text, to whom and when (Manual 3.3c, 7.2g)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="letters")
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    addressed_to = models.CharField(max_length=300)
    text = models.TextField()
    outward = models.BooleanField(default=False)
    opens_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
