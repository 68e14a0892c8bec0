"""Chapter 4.4: a comparison of two versions of a long list is at hand, or asked of the background worker."""

from inspectorate.methodology.sampling import CaseList
from inspectorate.sampling import comparing, tasks
from inspectorate.sampling.models import LongList
from inspectorate.sampling.versions import Comparison


def compared(*, case_list: CaseList, earlier: LongList, later: LongList, ask: bool) -> Comparison | None:
    """What differs between two versions; None where it is being worked out, which is asked for with `ask`. Manual 4.4b.

    Raises UnreadableSheet where the file of one holds no list that can be read.
    """
    found = comparing.at_hand(case_list, earlier, later)
    if found is None and ask:
        tasks.compare_lists.enqueue(earlier.pk, later.pk)
        found = comparing.at_hand(case_list, earlier, later)
    return found
