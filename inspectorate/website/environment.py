"""Reads what a deployment sets, and refuses at the door what would be unsafe or cannot work, with a hint."""

import os
import re
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

LOCAL = {"127.0.0.1", "localhost", "testserver"}
SHORTEST_SECRET = 50
ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def flag(name: str) -> bool:
    """1 is yes; 0, or nothing set, is no."""
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for yes or 0 for no.")
    return value == "1"


def folder(house: Path) -> Path:
    """Where the service keeps its data; an absolute path."""
    kept = Path(os.environ.get("INSPECTORATE_VAR", house.parent / "var"))
    if not kept.is_absolute():
        raise ImproperlyConfigured(f"INSPECTORATE_VAR is {str(kept)!r}: give the folder's full path, from /.")
    return kept


def secret_key(var: Path) -> str:
    """From INSPECTORATE_SECRET_KEY, or from the file that script/setup makes; long, and readable by its owner only."""
    kept = var / "secret-key"
    if not (key := os.environ.get("INSPECTORATE_SECRET_KEY", "")):
        if not kept.exists():
            raise ImproperlyConfigured(
                "There is no secret key: run script/setup, which makes one under var/, or set INSPECTORATE_SECRET_KEY."
            )
        if kept.stat().st_mode & 0o077:
            raise ImproperlyConfigured(f"Others on this machine may read {kept}: run chmod 600 {kept}")
        key = kept.read_text().strip()
    if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        raise ImproperlyConfigured(
            f"The secret key is too easy to guess: use {SHORTEST_SECRET} or more random characters."
        )
    return key


def names(name: str, default: str, pattern: str, example: str) -> list[str]:
    """A list with commas, each part as `pattern` wants it."""
    found = [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
    for part in found:
        if not re.fullmatch(pattern, part):
            raise ImproperlyConfigured(f"{name} has {part!r} in it: write it as in {example}.")
    return found


def hosts() -> list[str]:
    """Host names under which the website answers."""
    found = names("INSPECTORATE_HOSTS", "127.0.0.1,localhost", r"[A-Za-z0-9.-]+", "inspections.example.org")
    if not found:
        raise ImproperlyConfigured("INSPECTORATE_HOSTS is empty: name the host under which the website answers.")
    return found


def origins() -> list[str]:
    """Origins from which forms may come, where a proxy stands in front."""
    return names("INSPECTORATE_ORIGINS", "", r"https?://[A-Za-z0-9.:-]+", "https://inspections.example.org")


def refuse_unsafe(*, answers_to: list[str], tls: bool, demonstration: bool) -> None:
    """Passwords never travel unprotected, and nobody signs in without one, except on this machine."""
    public = ", ".join(host for host in answers_to if host not in LOCAL)
    if public and not tls:
        raise ImproperlyConfigured(
            f"The website would answer as {public} without protection: put a proxy with TLS in front of it and set "
            "INSPECTORATE_TLS=1, or leave INSPECTORATE_HOSTS unset."
        )
    if public and demonstration:
        raise ImproperlyConfigured(
            f"In a demonstration anybody may sign in as anybody, so it cannot answer as {public}: "
            "set INSPECTORATE_DEMONSTRATION=0, or leave INSPECTORATE_HOSTS unset."
        )


def email_address() -> str:
    """The sender of the service's letters."""
    address = os.environ.get("INSPECTORATE_EMAIL_FROM", "inspectorate@example.org")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ImproperlyConfigured(f"INSPECTORATE_EMAIL_FROM is {address!r}: give an e-mail address.")
    return address


def database(var: Path) -> Any:
    """DATABASE_URL, or SQLite under var/; SQLite with what survives a crash and lets writers wait for one another."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'inspectorate.sqlite3'}"
    try:
        settings = dj_database_url.parse(url, conn_max_age=600)
    except (ValueError, KeyError) as fault:
        raise ImproperlyConfigured("DATABASE_URL cannot be read: write it as postgres://user@host/name.") from fault
    if settings["ENGINE"] not in ENGINES:
        raise ImproperlyConfigured("DATABASE_URL names another database: PostgreSQL and SQLite are the ones that work.")
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        settings["OPTIONS"] = {"prepare_threshold": 2} | settings.get("OPTIONS", {})
    return settings
