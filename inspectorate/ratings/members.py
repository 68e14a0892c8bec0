"""Chapter 7.2b: who may sit on the panel of an inspection, and who holds such an office for another kind of body."""

from django.db.models import Q

from inspectorate.methodology.ratings import is_relevant
from inspectorate.programme import packs
from inspectorate.programme.models import Inspection, Membership
from inspectorate.ratings.sitting import panel_rules


def candidates(inspection: Inspection) -> tuple[list[Membership], list[str]]:
    """Those who may sit, each with a role; and of the others in such roles, why they do not. One query."""
    rules = panel_rules(packs.pack_of(inspection).ratings, inspection.kind)
    held = Membership.objects.filter(
        Q(inspection=inspection) | Q(inspection=None), role__in=[*rules.quorum, *rules.may_attend], ended_at=None
    ).select_related("user")
    found = [(one, not_relevant(inspection, one)) for one in held]
    return [one for one, refusal in found if not refusal], [refusal for _, refusal in found if refusal]


def not_relevant(inspection: Inspection, held: Membership) -> str:
    """Why an office is not the relevant one for the body of this inspection, as a sentence; empty where it is.
    Manual 7.2b."""
    pack = packs.pack_of(inspection)
    if is_relevant(pack.ratings, held.role, held.kind, inspection.kind):
        return ""
    title = pack.roles.role(held.role).title.lower()
    return f"{held.user.name} is {title} for {held.kind}: on this panel sits the {title} for {inspection.kind}."
