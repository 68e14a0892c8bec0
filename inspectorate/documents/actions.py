"""Papers in and papers out: receiving a file, and sending a letter as frozen text (Manual 3.3c, 3.6b, 7.2g)."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.mail import send_mail
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.documents import files
from inspectorate.documents.models import READ_BY_BODY, Document, Letter
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, Membership

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")
LONGEST_NAME = 120
WAITING = """{what} about the inspection of {body} waits for you.

Sign in to read it. This message has no content on purpose: what we send you stays on the service.
"""


class UnknownTemplate(LookupError):
    """The pack has no letter of this name."""


class LetterIncomplete(ValueError):
    """A letter asks for facts that were not given; the message names all of them."""


def shown_name(name: str) -> str:
    """A file's name as people see it: no folders, no control signs, at most 120 characters with its ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*').strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if not dot:
        return clean[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


@transaction.atomic
def receive(
    *, inspection: Inspection, slot: str, upload: File[bytes], by: User, replaces: Document | None = None
) -> Document:
    """Keeps a file that was given, under a name of our own. Manual 3.6b, 4.4b.

    `slot` is one of files.SLOTS. `replaces` is the document that this one takes the place of; both stay. Raises
    files.WrongFile with a sentence for the person who gave it.
    """
    name = shown_name(upload.name or "")
    size = upload.size or 0
    opened = cast(BinaryIO, upload.file)
    extension, kind = files.kind_of(opened, name=name, slot=slot, size=size, limit=settings.UPLOAD_LIMIT_BYTES)
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    document = Document(
        inspection=inspection,
        slot=slot,
        file_name=name,
        size=size,
        digest=digest.hexdigest(),
        content_type=kind.content_type,
        given_by=by,
        given_at=clock.now(),
        replaces=replaces,
    )
    document.stored.save(f"{uuid.uuid4().hex}{extension}", upload, save=False)
    document.save(force_insert=True)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="receive",
        subject=document,
        summary=f"Gave a file for {slot}" + (" in place of an earlier one" if replaces else ""),
        details={"sha256": document.digest, "bytes": size},
    )
    return document


def written(template: str, values: Mapping[str, str], *, inspection: Inspection) -> str:
    """The text of a letter with its facts filled in. Raises UnknownTemplate and LetterIncomplete."""
    letters = packs.pack_of(inspection).letters
    if template not in letters:
        raise UnknownTemplate(f"There is no letter '{template}': the pack has {', '.join(sorted(letters))}.")
    text = letters[template]
    missing = sorted({name for name in PLACEHOLDER.findall(text) if name not in values})
    if missing:
        raise LetterIncomplete(f"The letter '{template}' cannot be written yet: it lacks {', '.join(missing)}.")
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)


@transaction.atomic
def send_letter(
    *,
    inspection: Inspection,
    template: str,
    addressed_to: str,
    subject: str,
    values: Mapping[str, str],
    by: User,
    opens_at: datetime,
    outward: bool,
) -> Letter:
    """Freezes a letter; an outward one is seen by the inspected body from `opens_at` on. Manual 3.3c, 7.2g.

    When it opens at once, those of the body who may read it are told by an e-mail without content. Raises
    UnknownTemplate and LetterIncomplete.
    """
    now = clock.now()
    letter = Letter.objects.create(
        inspection=inspection,
        template=template,
        subject=subject,
        addressed_to=addressed_to,
        text=written(template, values, inspection=inspection),
        outward=outward,
        opens_at=opens_at,
        by=by,
        at=now,
    )
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="send_letter",
        subject=letter,
        summary=f"Wrote the letter {template}" + (", for the inspected body" if outward else ""),
        details={"opens_at": opens_at, "sha256": hashlib.sha256(letter.text.encode()).hexdigest()},
    )
    if outward and opens_at <= now:
        tell_body(inspection=inspection, what="A letter", right=READ_BY_BODY.get(template, READ_BY_BODY[""]))
    return letter


def tell_body(*, inspection: Inspection, what: str, right: str) -> None:
    """Tells those of the inspected body who hold `right` that `what` ("A letter") waits, once the change is saved."""
    pack = packs.pack_of(inspection)
    roles = [role.id for role in pack.roles.holders_of(right) if role.side == "body"]
    held = Membership.objects.filter(inspection=inspection, role__in=roles, ended_at=None, user__is_active=True)
    tell(inspection=inspection, what=what, addresses=held.values_list("user__email", flat=True))


def tell(*, inspection: Inspection, what: str, addresses: Iterable[str]) -> None:
    """Tells these addresses that `what` ("An alert") waits, and nothing of what is in it, once the change is saved."""
    to = sorted(set(addresses))
    text = WAITING.format(what=what, body=inspection.body)
    transaction.on_commit(lambda: _send(f"{what} waits for you", text, to))


def _send(subject: str, text: str, addresses: Iterable[str]) -> None:
    """One message each: nobody sees the others' addresses."""
    for address in addresses:
        send_mail(subject, text, None, [address])
