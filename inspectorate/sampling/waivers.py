"""Chapter 4.4: the waivers of a long list as its page tells them for ever, and those of the versions before it."""

from dataclasses import dataclass

from inspectorate.sampling.limited import Sight
from inspectorate.sampling.models import LongList, Waiver

SHOWN = 200


def waivers_of(long_list: LongList) -> tuple[list[Waiver], list[Waiver]]:
    """The waivers of a list, in order of its rows, and those of earlier versions, newest version first. One query.

    Manual 4.4b
    """
    found = (
        Waiver.objects.filter(
            long_list__inspection=long_list.inspection,
            long_list__case_list=long_list.case_list,
            long_list__pk__lte=long_list.pk,
        )
        .select_related("by", "long_list__document")
        .defer("long_list__faults", "long_list__cells", "long_list__understood", "long_list__left_out")
        .order_by("-long_list", "row", "pk")
    )
    own, earlier = list[Waiver](), list[Waiver]()
    for one in found:
        (own if one.long_list_id == long_list.pk else earlier).append(one)
    return own, earlier


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of waivers: those of the list, those that fit no fault of it any more, those of earlier
    versions; at most SHOWN of each, and how many there are."""

    own: list[Waiver]
    idle: list[Waiver]
    earlier: list[Waiver]
    all_own: int
    all_earlier: int


def told_on_page(long_list: LongList, sight: Sight) -> Told:
    """The waivers of a list as one person may see them. Manual 4.4b, 4.4e."""
    own, earlier = waivers_of(long_list)
    off = set(long_list.matching.get("idle", ()))
    fitting, idle = [one for one in own if one.pk not in off], [one for one in own if one.pk in off]
    return Told(
        own=sight.waivers(fitting[:SHOWN]),
        idle=sight.waivers(idle[:SHOWN]),
        earlier=sight.waivers(earlier[:SHOWN]),
        all_own=len(own),
        all_earlier=len(earlier),
    )
