"""Papers in and papers out: uploaded documents with their versions, and letters as they were sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from inspectorate.accounts.models import User
from inspectorate.audit import clock
from inspectorate.programme import access
from inspectorate.programme.models import Inspection

# Which right a person of each side needs to read a letter or open a file; "" stands for every other one.
READ_BY_BODY = {"": "evidence.give", "panel-summary": "decision.read", "draft-report": "report.view"}
READ_BY_INSPECTORATE = {"": "inspection.view", "panel-summary": "decision.read", "draft-report": "report.view"}
OPENED_WITH = {
    "evidence": (frozenset({"evidence.give"}), frozenset({"evidence.assess"}), frozenset({"inspection.view"})),
    "longlist": (frozenset({"longlist.view", "personal.view"}),),
}
PERSONAL_SLOTS = frozenset({"longlist"})


class DocumentQuerySet(models.QuerySet["Document"]):
    def for_user(self, user: User, inspection: Inspection) -> "DocumentQuerySet":
        """Files of an inspection that a person may open."""
        rights = access.rights_on(user, inspection)
        slots = {slot for slot, ways in OPENED_WITH.items() if any(needed <= rights for needed in ways)}
        if slots & PERSONAL_SLOTS and not _opens_personal_files(user, inspection):
            slots -= PERSONAL_SLOTS
        return self.filter(inspection=inspection, slot__in=slots)


def _opens_personal_files(user: User, inspection: Inspection) -> bool:
    """Whether no case is named in these files that is kept from this person: chapter 4 knows, and the settings name
    what to ask of it (Manual 4.4e)."""
    return bool(import_string(settings.PERSONAL_FILES_OPEN_TO)(user, inspection))


class LetterQuerySet(models.QuerySet["Letter"]):
    def for_user(self, user: User, inspection: Inspection) -> "LetterQuerySet":
        """Letters of an inspection that a person may read: the body's side only outward ones, once they are open."""
        rights = access.rights_on(user, inspection)
        own = self.filter(inspection=inspection)
        if access.is_inspectorate(user, inspection):
            return own.filter(_readable(READ_BY_INSPECTORATE, rights))
        return own.filter(_readable(READ_BY_BODY, rights), outward=True, opens_at__lte=clock.now())


def _readable(needed: dict[str, str], rights: frozenset[str]) -> Q:
    special = [template for template, right in needed.items() if template and right in rights]
    others = ~Q(template__in=[template for template in needed if template])
    return Q(template__in=special) | others if needed[""] in rights else Q(template__in=special)


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

    objects = DocumentQuerySet.as_manager()

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

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
