"""Later chapters stand on earlier ones: in the tables as in the imports, and a breach of either is found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Field

CHAPTERS = ["planning", "sampling", "scheduling", "fieldwork", "ratings", "reporting"]
MODULES = ["pack", *CHAPTERS, "standards", "timeline", "roles"]


def test_foreign_keys_run_downwards_in_page_order(house: Any) -> None:
    floor_of = {room: number for number, floor in enumerate(house.floors()) for room in floor}
    upwards = []
    for model in apps.get_models():
        if not model.__module__.startswith("inspectorate."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not isinstance(field, Field) or target is None or not target.__module__.startswith("inspectorate."):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and floor_of[there] >= floor_of[here]:
                upwards.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert upwards == []


@pytest.fixture
def small_house(house: Any, tmp_path: Path) -> Path:
    """Every room of the house, empty, under the contracts of the real one."""
    root = tmp_path / "inspectorate"
    for room in [room for floor in house.floors() for room in floor]:
        (root / room).mkdir(parents=True)
        (root / room / "__init__.py").touch()
    (root / "__init__.py").touch()
    for module in MODULES:
        (root / "methodology" / f"{module}.py").touch()
    shutil.copy(house.root / "pyproject.toml", tmp_path)
    return tmp_path


def _check(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_empty_house_keeps_every_contract(small_house: Path) -> None:
    code, said = _check(small_house)
    assert code == 0, said


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("sampling/__init__.py", "import inspectorate.ratings", "Page order"),
        ("programme/__init__.py", "import inspectorate.planning", "Page order"),
        ("audit/__init__.py", "import inspectorate.design", "Page order"),
        ("ratings/__init__.py", "import inspectorate.website", "Page order"),
        ("attic/__init__.py", "", "Page order"),
        ("methodology/ratings.py", "import django.db", "The rules know no framework"),
        ("methodology/sampling.py", "import random", "The rules know no framework"),
        ("methodology/timeline.py", "import urllib.request", "The rules know no framework"),
        ("methodology/ratings.py", "import inspectorate.methodology.sampling", "Inside the rules"),
        ("methodology/standards.py", "import inspectorate.methodology.pack", "Inside the rules"),
        ("methodology/drawer.py", "", "Inside the rules"),
    ],
)
def test_a_planted_fault_breaks_the_contract(small_house: Path, file: str, line: str, broken: str) -> None:
    planted = small_house / "inspectorate" / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{line}\n")
    code, said = _check(small_house)
    assert code != 0
    assert "BROKEN" in said or "Missing layer" in said or "exhaustive" in said.lower(), said
    assert broken in said
