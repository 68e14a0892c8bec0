"""The website does not start on settings that are wrong or unsafe, and says what to do instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "".join(chr(ord("a") + (number * 7) % 26) for number in range(60))


def _start(**changed: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INSPECTORATE_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-c", "import inspectorate.website.settings as s; print(s.DATABASES['default']['ENGINE'])"],
        cwd=ROOT,
        env=kept | {"INSPECTORATE_SECRET_KEY": SECRET} | changed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_settings_start_on_sqlite() -> None:
    assert _start().stdout == "django.db.backends.sqlite3\n"


def test_another_database_is_one_setting() -> None:
    done = _start(DATABASE_URL="postgres://somebody@host/inspectorate")
    assert done.stdout == "django.db.backends.postgresql\n", done.stderr


def test_another_host_behind_tls_starts() -> None:
    done = _start(INSPECTORATE_HOSTS="inspections.example.org", INSPECTORATE_TLS="1")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"INSPECTORATE_DEMONSTRATION": "yes"}, "INSPECTORATE_DEMONSTRATION is 'yes': write 1 for yes or 0 for no."),
        ({"INSPECTORATE_TLS": "true"}, "INSPECTORATE_TLS is 'true': write 1 for yes or 0 for no."),
        (
            {"INSPECTORATE_SECRET_KEY": "", "INSPECTORATE_VAR": "/nowhere-at-all"},
            "There is no secret key: run script/s",
        ),
        (
            {"INSPECTORATE_SECRET_KEY": "short"},
            "The secret key is too easy to guess: use 50 or more random characters.",
        ),
        ({"INSPECTORATE_SECRET_KEY": "ab" * 40}, "The secret key is too easy to guess"),
        ({"INSPECTORATE_VAR": "somewhere"}, "INSPECTORATE_VAR is 'somewhere': give the folder's full path, from /."),
        ({"INSPECTORATE_HOSTS": " "}, "INSPECTORATE_HOSTS is empty: name the host"),
        ({"INSPECTORATE_HOSTS": "*"}, "INSPECTORATE_HOSTS has '*' in it: write it as in inspections.example.org."),
        ({"INSPECTORATE_HOSTS": "https://a.example.org"}, "write it as in inspections.example.org."),
        ({"INSPECTORATE_HOSTS": "a.example.org"}, "would answer as a.example.org without protection"),
        (
            {"INSPECTORATE_HOSTS": "a.example.org", "INSPECTORATE_TLS": "1", "INSPECTORATE_DEMONSTRATION": "1"},
            "In a demonstration anybody may sign in as anybody, so it cannot answer as a.example.org",
        ),
        ({"INSPECTORATE_ORIGINS": "a.example.org"}, "INSPECTORATE_ORIGINS has 'a.example.org' in it"),
        ({"INSPECTORATE_EMAIL_FROM": "nobody"}, "INSPECTORATE_EMAIL_FROM is 'nobody': give an e-mail address."),
        ({"DATABASE_URL": "inspectorate"}, "DATABASE_URL cannot be read: write it as postgres://user@host/name."),
        ({"DATABASE_URL": "mysql://a@host/b"}, "PostgreSQL and SQLite are the ones that work."),
    ],
)
def test_bad_settings_are_refused_with_a_hint(changed: dict[str, str], says: str) -> None:
    done = _start(**changed)
    assert done.returncode != 0
    assert says in done.stderr


def test_a_secret_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "secret-key"
    kept.write_text(SECRET)
    kept.chmod(0o644)
    done = _start(INSPECTORATE_SECRET_KEY="", INSPECTORATE_VAR=str(tmp_path))
    assert f"run chmod 600 {kept}" in done.stderr
    kept.chmod(0o600)
    assert _start(INSPECTORATE_SECRET_KEY="", INSPECTORATE_VAR=str(tmp_path)).returncode == 0


def test_settings_behind_tls_pass_the_frameworks_own_deployment_check() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ
        | {
            "INSPECTORATE_SECRET_KEY": SECRET,
            "INSPECTORATE_HOSTS": "inspections.example.org",
            "INSPECTORATE_TLS": "1",
            "INSPECTORATE_DEMONSTRATION": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
