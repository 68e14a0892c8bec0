"""Who can be signed in as in the demonstration: an invented person for every role of Appendix 1 (Manual A1a)."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password

from inspectorate.accounts.models import User

LIST = Path(__file__).with_name("people.toml")
# Published on purpose: these accounts exist in demonstration mode only, and hold nothing but invented data.
PASSWORD = "estuary-and-moors"
DOMAIN = "demonstration.example"


@dataclass(frozen=True, slots=True)
class Cast:
    """One row of people.toml: a role, the people who play it, and what can be tried."""

    role: str
    names: Sequence[str]
    tries: str
    kinds: Sequence[str] = ()
    number: int = 1
    office_for: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """One account: `kind` is the inspection it belongs to, '' for a national office, which may be for one kind."""

    role: str
    kind: str
    name: str
    email: str
    tries: str
    number: int
    office_for: str = ""


@cache
def players() -> tuple[Player, ...]:
    """Every account of the demonstration, in the order of people.toml."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["people"]
    return tuple(player for row in rows for player in _players(Cast(**row)))


def _players(cast: Cast) -> Iterator[Player]:
    count = "" if cast.number == 1 else f"-{cast.number}"
    for kind, name in zip(cast.kinds or ("",), cast.names, strict=True):
        place = f".{kind.lower()}" if kind else ""
        yield Player(
            cast.role, kind, name, f"{cast.role}{count}{place}@{DOMAIN}", cast.tries, cast.number, cast.office_for
        )


def email_of(role: str, kind: str = "") -> str:
    """The address of the first person in a role, such as 'lead-inspector.crc@demonstration.example'."""
    return next(one.email for one in players() if (one.role, one.kind) == (role, kind))


def make_accounts() -> dict[str, User]:
    """Makes the accounts that are missing and gives them all, by e-mail address."""
    password = make_password(PASSWORD)
    there = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    missing = [one for one in players() if one.email not in there]
    User.objects.bulk_create(User(email=one.email, name=one.name, password=password) for one in missing)
    return {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
