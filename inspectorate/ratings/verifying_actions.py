"""What the data team does before it issues: explains what the checks found, and signs the data as verified (7.2a)."""

from collections.abc import Collection, Iterable

from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import clock, trail
from inspectorate.methodology.ratings import verified_as_json, verified_digest
from inspectorate.programme.actions import one_at_a_time
from inspectorate.programme.models import Inspection
from inspectorate.ratings import verified
from inspectorate.ratings.models import Decision, Explanation, VerifiedData


class NothingToExplain(Exception):
    """No reason was given, or nothing was chosen, or what was chosen is not found any more."""


class CannotSign(Exception):
    """The data cannot be signed as verified; `missing` says all that has to come first, each as a sentence."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(" ".join(self.missing))


@transaction.atomic
def explain_findings(*, inspection: Inspection, findings: Collection[str], reason: str, by: User) -> int:
    """Says why things that the checks found, by key, are right as they are; answers with how many.

    Manual 7.2a. Raises NothingToExplain.
    """
    one_at_a_time(inspection)
    if not reason.strip():
        raise NothingToExplain("Enter why it is right as it is.")
    known = set(inspection.explanations.values_list("finding", flat=True))
    found, _ = verified.findings(inspection)
    chosen = [one for one in found if one.key in findings and one.key not in known]
    if not chosen:
        raise NothingToExplain("Choose at least one thing that the checks found and nobody has explained yet.")
    now = clock.now()
    for one in chosen:
        Explanation.objects.create(inspection=inspection, finding=one.key, reason=reason.strip(), by=by, at=now)
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="explain_findings",
        subject=inspection,
        summary=f"Explained {len(chosen)} of the things that the checks of the data found",
        details={"findings": [one.key for one in chosen], "reason": reason.strip()},
    )
    return len(chosen)


@transaction.atomic
def sign_data(*, inspection: Inspection, by: User, reason: str = "") -> VerifiedData:
    """Signs the data of now as verified: a new version, frozen under its digest. Manual 7.2a. Raises CannotSign.

    Everything that the checks find has to be put right or explained first; from the second version on a reason is
    needed.
    """
    one_at_a_time(inspection)
    explained = {one.finding: one for one in inspection.explanations.select_related("by")}
    found, cases = verified.findings(inspection)
    content = verified_as_json(verified.frozen(cases))
    digest = verified_digest(content)
    before = verified.newest(inspection)
    if missing := list(_before_signing(inspection, content, before, digest, reason)):
        raise CannotSign(missing)
    if open_ones := sum(1 for one in found if one.key not in explained):
        raise CannotSign([f"Put right or explain what the checks found first: {open_ones} left."])
    signed = VerifiedData.objects.create(
        inspection=inspection,
        number=before.number + 1 if before else 1,
        content=content,
        digest=digest,
        sampled=len(content),
        submitted=sum(1 for one in content if one["submitted"]),
        findings=[
            {"what": one.finding.what, "case": one.finding.case, "kind": one.finding.kind,
             "explained": explained[one.key].reason, "by": explained[one.key].by.name}
            for one in found
        ],
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )  # fmt: skip
    trail.record_change(
        chain=inspection.chain,
        by=by,
        action="sign_data",
        subject=signed,
        summary=f"Signed version {signed.number} of the verified data: {signed.submitted} of {signed.sampled} cases",
        details={"digest": digest, "reason": signed.reason, "explained": len(found)},
    )
    return signed


def _before_signing(
    inspection: Inspection, content: list[dict[str, object]], before: VerifiedData | None, digest: str, reason: str
) -> Iterable[str]:
    if Decision.objects.filter(panel__inspection=inspection).exists():
        yield "The ratings panel has decided, and everything is locked."
    elif not any(one["submitted"] for one in content):
        yield "No case is submitted yet, so there is nothing to sign."
    elif before and before.digest == digest:
        yield f"Version {before.number} holds these data already: nothing has changed since it was signed."
    elif before and not reason.strip():
        yield f"Enter why a new version takes the place of version {before.number}."
