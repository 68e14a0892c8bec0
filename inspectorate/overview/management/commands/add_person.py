"""Makes an account for somebody, with a national office if wanted: how the first administrator comes in."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from inspectorate.accounts.models import User
from inspectorate.audit import trail
from inspectorate.programme import packs
from inspectorate.programme.models import BodyKind, Membership


class Command(BaseCommand):
    """`manage.py add_person EMAIL "Full name" --office system-administrator` asks for the password."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        offices = [role.id for role in packs.current().roles.roles if role.scope == "national"]
        parser.add_argument("--office", choices=offices, help="a national office to hold from now on")
        parser.add_argument("--kind", choices=BodyKind.values, default="", help="for which kind of inspected body")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        user = User(email=email, name=options["name"])
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        try:
            validate_email(email)
            password = getpass.getpass("Password (15 characters or more): ")
            validate_password(password, user)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if password != getpass.getpass("The same password again: "):
            raise CommandError("The two passwords differ; nothing was made.")
        _make(user, password, options["office"], options["kind"])
        self.stdout.write(f"Made the account {email}.")


@transaction.atomic
def _make(user: User, password: str, office: str | None, kind: str) -> None:
    user.set_password(password)
    user.save()
    if office:
        role = packs.current().roles.role(office)
        kind = kind if role.of_a_kind else ""
        Membership.objects.create(user=user, role=office, side=role.side, kind=kind)
    held = f" with the office {office}{f' for {kind}' if kind else ''}" if office else ""
    trail.record_change(
        chain=trail.PROGRAMME,
        by="system administrator at the command line",
        action="add_person",
        subject=user,
        summary=f"Made an account for {user.email}{held}",
    )
