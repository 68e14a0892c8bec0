"""Chapter 2.1: publishing an edition of the national results, and signing for one that the gate refuses."""

from django.db import IntegrityError, transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.reporting import national
from inspectorate.reporting.models import Edition, GateSignature
from inspectorate.reporting.national import Prepared


class NothingNew(Exception):
    """No more inspections are published than the edition before covers, or too few."""


class NotAsShown(Exception):
    """What would be published is no longer what the person was shown."""


class GateRefuses(Exception):
    """Counts would come out, and not enough people have signed for it."""


class CannotSign(Exception):
    """The signature cannot be given; the message says why."""


def _as_shown(year: int, everybody: bool, seen: str) -> Prepared:
    prepared = national.prepare(year, everybody=everybody)
    if not prepared.new:
        raise NothingNew("There is nothing new to publish: wait until more inspections are published.")
    if prepared.digest != seen:
        raise NotAsShown("The results have changed since this page was opened. Look at them again.")
    return prepared


@transaction.atomic
def publish_edition(*, year: int, everybody: bool, seen: str, by: User) -> Edition:
    """Publishes the next edition of a year as it was `seen` (its digest). Manual 2.1b.

    Raises NothingNew, NotAsShown, and GateRefuses unless enough others have signed for exactly this content.
    """
    prepared = _as_shown(year, everybody, seen)
    sentences = prepared.sentences()
    if sentences:
        signed = {one.by_id for one in national.signatures([prepared.digest])} - {by.pk}
        if len(signed) < national.rules().signatures:
            raise GateRefuses(
                f"The gate refuses this edition, and {len(signed)} of {national.rules().signatures} have signed for it."
            )
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                **prepared.content, leaks=sentences, digest=prepared.digest, by=by, at=clock.now()
            )
    except IntegrityError as twice:
        raise NotAsShown("Somebody else has published this edition a moment ago.") from twice
    trail.record_change(
        chain=trail.PROGRAMME,
        by=by,
        action="publish_edition",
        subject=edition,
        summary=f"Published the national results {year}, edition {edition.number}"
        + (", against the gate" if sentences else ""),
        details={"digest": edition.digest, "leaks": len(sentences)},
    )
    return edition


@transaction.atomic
def sign_override(*, year: int, everybody: bool, seen: str, reason: str, by: User) -> GateSignature:
    """Signs for an edition that the gate refuses, exactly as it was `seen`. Manual 2.1b.

    Raises NothingNew, NotAsShown and CannotSign.
    """
    prepared = _as_shown(year, everybody, seen)
    sentences = prepared.sentences()
    if not sentences:
        raise CannotSign("The gate lets this edition through: nobody has to sign.")
    if not reason.strip():
        raise CannotSign("Give the reason: it stands beside the edition for ever.")
    if any(one.by_id == by.pk for one in national.signatures([prepared.digest])):
        raise CannotSign("You have signed for this edition already; another person has to sign too.")
    try:
        with transaction.atomic():
            signature = GateSignature.objects.create(
                year=year, digest=prepared.digest, leaks=sentences, reason=reason.strip(), by=by, at=clock.now()
            )
    except IntegrityError as twice:
        raise CannotSign("You have signed for this edition a moment ago.") from twice
    trail.record_change(
        chain=trail.PROGRAMME,
        by=by,
        action="sign_override",
        subject=signature,
        summary=f"Signed for the national results {year}, edition {prepared.number}, against the gate",
        details={"digest": prepared.digest, "reason": signature.reason},
    )
    return signature
