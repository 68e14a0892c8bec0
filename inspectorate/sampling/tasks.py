"""Chapter 4.4, long lists: what the background worker does."""

from django_tasks import task

from inspectorate.sampling import reading
from inspectorate.sampling.models import LongList


@task()
def read_long_list(long_list: int) -> None:
    """Reads the list with this key, if it waits to be read."""
    reading.read_long_list(long_list=LongList.objects.select_related("inspection__pack").get(pk=long_list))
