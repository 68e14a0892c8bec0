"""Chapter 6.8: what the background worker does about alerts."""

from datetime import timedelta

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from inspectorate.audit import clock
from inspectorate.fieldwork import escalating

# How often the worker looks whether an alert was acknowledged. The clock of a demonstration can be moved, so the time
# itself is not handed to the queue.
EVERY = timedelta(seconds=30)


@task()
def watch_alert(alert: int) -> None:
    """Tells the next in line where nobody acknowledged in time. The next look stands in the queue before this one
    begins: a look that fails, or whose worker is killed, ends nothing."""
    look_again()
    escalating.escalate(alert=alert)


def watch(alert: int) -> None:
    """Puts the next look at an alert into the queue, where the queue can wait (that of the tests cannot)."""
    if watch_alert.get_backend().supports_defer:
        watch_alert.using(run_after=clock.now() - clock.shift() + EVERY).enqueue(alert)


def look_again() -> int:
    """Puts a look into the queue for each alert that has somebody left to tell and none waiting there, as its rows say:
    whatever became of earlier looks. Answers with how many."""
    ready = DBTaskResult.objects.filter(task_path=watch_alert.module_path, status=TaskResultStatus.READY)
    queued = {args["args"][0] for args in ready.values_list("args_kwargs", flat=True)}
    lost = [alert for alert in escalating.unfinished() if alert not in queued]
    for alert in lost:
        watch(alert)
    return len(lost)
