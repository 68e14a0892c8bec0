"""Loads the demonstration: two imaginary inspections, their people and the year around them."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspectorate.demo import load, people


class Command(BaseCommand):
    """Does nothing where the demonstration is there already."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            made = load.load()
        except load.NotADemonstration as refusal:
            raise CommandError(str(refusal)) from refusal
        if made:
            self.stdout.write(f"The demonstration is loaded ({time.monotonic() - began:.0f} s).")
        else:
            self.stdout.write("The demonstration is there already.")
        self.stdout.write(f"Sign in as {people.email_of('lead-inspector', 'CRC')}, password {people.PASSWORD}.")
