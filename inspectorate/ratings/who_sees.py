"""Chapter 7.2a: who sees indicative ratings, and from when on."""

from inspectorate.accounts.models import User
from inspectorate.programme import access
from inspectorate.programme.models import Inspection
from inspectorate.ratings.models import Panel

# Those who make indicative ratings, and those to whom they are issued.
FIRST = frozenset({"data-team", "lead-inspector", "deputy-lead-inspector"})


def may_see_ratings(user: User, inspection: Inspection, *, opened: bool | None = None) -> bool:
    """Whether somebody who holds the right sees indicative ratings now: lead, deputy and data team always, the others
    once the panel that decides on them is open. `opened`: that, from who has read the panel. Manual 7.2a, 7.2b."""
    if FIRST & access.roles_on(user, inspection):
        return True
    return Panel.objects.filter(inspection=inspection).exists() if opened is None else opened
