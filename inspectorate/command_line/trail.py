"""The audit trail at a prompt: walks its chains of digests and says where one is broken."""

import argparse
import io
import os
from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from inspectorate.command_line.answers import Answer, CommandFault, Table, add_command


def add_commands(commands: Any) -> None:
    """The commands of this module."""
    parts = commands.add_parser("audit", help="The audit trail").add_subparsers(required=True)
    verify_ = add_command(parts, "verify", "Whether the audit trail is whole", verify)
    verify_.add_argument("--heads", type=Path, help="heads of the chains that were kept elsewhere")
    verify_.add_argument("--write-heads", type=Path, help="where to write the heads of all chains")


def verify(args: argparse.Namespace) -> Answer:
    """Verifies the audit trail in the database of the website's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inspectorate.website.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CommandFault(str(error)) from error
    said, faults = io.StringIO(), io.StringIO()
    try:
        call_command("audit_verify", heads=args.heads, write_heads=args.write_heads, stdout=said, stderr=faults)
    except CommandError as error:
        raise CommandFault(f"{error}\n{faults.getvalue()}") from error
    return Answer(
        {"whole": True, "message": said.getvalue().strip()}, (Table(("Audit trail",), [(said.getvalue().strip(),)]),)
    )
