"""Opens the first account of a new installation, with a password and a national office."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspectorate.methodology.roles import UnknownRole
from inspectorate.programme import actions


class Command(BaseCommand):
    """`manage.py add_person EMAIL NAME --office system-administrator`; asks for the password."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--office", default="system-administrator", help="id of a national role of the pack")
        parser.add_argument("--password", help="asked for when it is not given")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or getpass.getpass("Password (15 characters or more): ")
        try:
            validate_password(password)
            person = actions.open_account(
                email=options["email"], name=options["name"], office=options["office"], by="the command line"
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except (UnknownRole, actions.AlreadyHeld) as refusal:
            raise CommandError(str(refusal)) from refusal
        person.set_password(password)
        person.save(update_fields=["password"])
        self.stdout.write(f"{person.email} can sign in as {options['office']}.")
