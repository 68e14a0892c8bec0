"""Chapter 6.8: what the background worker does about alerts."""

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from inspectorate.audit import clock
from inspectorate.fieldwork import escalating

# How often the worker looks whether an alert was acknowledged. The clock of a demonstration can be moved, so the time
# itself is not handed to the queue.
EVERY = timedelta(seconds=30)


@task()
def watch_alert(alert: int) -> None:
    """Tells the next in line where nobody acknowledged in time, and looks again until there is nobody left to tell."""
    with transaction.atomic():
        if escalating.escalate(alert=alert):
            watch(alert)


def watch(alert: int) -> None:
    """Puts the next look at an alert into the queue, where the queue can wait (that of the tests cannot)."""
    if watch_alert.get_backend().supports_defer:
        watch_alert.using(run_after=clock.now() - clock.shift() + EVERY).enqueue(alert)
