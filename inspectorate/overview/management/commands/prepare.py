"""Makes the database ready to be served: tables, packs as they were, work that was cut off, demonstration data."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from inspectorate.fieldwork import tasks as alert_tasks
from inspectorate.programme import packs
from inspectorate.programme.models import InspectedBody


class Command(BaseCommand):
    """Run by script/setup; does only what is missing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--put-back", action="store_true", help="put back tasks that this machine's worker was cut off from"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        try:
            packs.refuse_changed()
        except packs.PackChanged as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["put_back"]:
            self._put_back()
        if settings.DEMONSTRATION and "demonstrate" in get_commands() and not InspectedBody.objects.exists():
            self.stdout.write("setup: making the demonstration's data")
            call_command("demonstrate")

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("setup: bringing the database's tables up to date")
            call_command("migrate", interactive=False, verbosity=0)

    def _put_back(self) -> None:
        worker = (settings.VAR / "worker-id").read_text().strip()
        cut_off = [
            task
            for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
            if task.worker_ids and task.worker_ids[-1] == worker
        ]
        for task in cut_off:
            task.status, task.started_at = TaskResultStatus.READY, None
            task.save(update_fields=["status", "started_at"])
        if cut_off:
            self.stdout.write(f"setup: put back {len(cut_off)} background task(s) that were cut off")
        if again := alert_tasks.look_again():
            self.stdout.write(f"setup: {again} alert(s) that nobody looked after any more are watched again")
