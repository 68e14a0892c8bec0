"""Chapter 4.4, long lists: what the background worker does."""

from django_tasks import task

from inspectorate.sampling import accepting, comparing, reading
from inspectorate.sampling.models import LongList


@task()
def read_long_list(long_list: int) -> None:
    """Reads the list with this key, if it waits to be read, and compares it with the version before."""
    reading.read_long_list(long_list=LongList.objects.select_related("inspection__pack").get(pk=long_list))
    _compare_with_the_one_before(long_list)


@task()
def accept_long_list(long_list: int) -> None:
    """Writes the cases of the list with this key, if a person accepts it, and compares it with the version before."""
    accepting.finish_accepting(long_list=LongList.objects.get(pk=long_list))
    _compare_with_the_one_before(long_list)


@task()
def compare_lists(earlier: int, later: int) -> None:
    """Compares the lists with these keys, and keeps what differs."""
    found = LongList.objects.select_related("inspection__pack", "document").in_bulk([earlier, later])
    comparing.keep(found[earlier], found[later])


def _compare_with_the_one_before(long_list: int) -> None:
    later = LongList.objects.select_related("inspection__pack", "document").get(pk=long_list)
    same = later.inspection.long_lists.filter(case_list=later.case_list, pk__lt=later.pk)
    earlier = same.select_related("inspection__pack", "document").first()
    if earlier:
        comparing.keep(earlier, later)
