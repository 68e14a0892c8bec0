"""Verifies the hash chain of the audit trail, against heads kept elsewhere when they are given."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspectorate.audit import trail


class Command(BaseCommand):
    """`manage.py audit_verify [--heads FILE] [--write-heads FILE]`; exit code 1 when a fault is found."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="JSON file of heads that was written earlier")
        parser.add_argument("--write-heads", type=Path, help="write the heads of all chains to this JSON file")

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = None
        if options["heads"]:
            try:
                kept = json.loads(options["heads"].read_text())
                anchors = {chain: (int(number), str(digest)) for chain, (number, digest) in kept.items()}
            except (OSError, ValueError, AttributeError, TypeError) as error:
                raise CommandError(f"{options['heads']}: not a file of heads ({error}).", returncode=2) from error
        faults = list(trail.verify(anchors))
        for fault in faults:
            self.stderr.write(f"chain {fault.chain}, line {fault.number}: {fault.what}")
        if faults:
            raise CommandError(f"The audit trail has {len(faults)} faults.", returncode=1)
        heads = trail.heads()
        lines = sum(number for number, _ in heads.values())
        if options["write_heads"]:
            options["write_heads"].write_text(json.dumps(heads, indent=1) + "\n")
        self.stdout.write(f"The audit trail is whole: {len(heads)} chains, {lines} lines.")
