"""What is committed names no package registry, no folder of one person's machine, and runs no markup unchecked."""

import re
from pathlib import Path
from typing import Any

READABLE = {".py", ".toml", ".md", ".txt", ".in", ".json", ".html", ".j2", ".scss", ".js", ".css", ".yaml", ".yml", ""}
REGISTRIES = r"pypi\.|pythonhosted|npmjs\.(org|com)|/simple/|artifactory"
OPTIONS = "--find-links|--(extra-)?index-url|--trusted-host"
HOMES = "/home/[a-z]|/root/|/Users/[A-Za-z]|/work/"
MARKUP = re.compile(r"\|\s*safe\b|\bMarkup\(|mark_safe\(|autoescape false")


def _found(house: Any, pattern: str) -> list[str]:
    return [
        f"{house.name(path)}:{number} {match.group()}"
        for path in house.files()
        if path.suffix in READABLE and path.name not in ("LICENSE", Path(__file__).name)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if (match := re.search(pattern, line))
    ]


def test_no_registry_is_named(house: Any) -> None:
    assert _found(house, REGISTRIES) == []


def test_no_package_is_taken_from_a_named_place(house: Any) -> None:
    searched_for = "script/test:"  # where the lock files are searched for these words
    assert [found for found in _found(house, OPTIONS) if not found.startswith(searched_for)] == []


def test_no_folder_of_a_machine_is_named(house: Any) -> None:
    assert _found(house, HOMES) == []


def test_lock_files_name_no_host_and_pin_every_hash(house: Any) -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (house.root / name).read_text()
        assert "://" not in text
        packages = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE | re.IGNORECASE)
        assert packages
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(packages)


def test_only_the_sanitiser_may_call_markup_safe(house: Any) -> None:
    wrote = [
        house.name(path)
        for path in house.files()
        if path.is_relative_to(house.root / "inspectorate")
        and path.suffix in {".py", ".html", ".j2"}
        and not path.is_relative_to(house.root / "inspectorate" / "design")
        and MARKUP.search(path.read_text())
    ]
    assert wrote == []
