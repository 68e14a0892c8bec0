"""Starting: a changed pack is refused by name, cut-off work is put back, a taken port is said before all else."""

import os
import socket
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from inspectorate.programme import packs
from inspectorate.programme.models import PackVersion

ROOT = Path(__file__).resolve().parents[2]


def _prepare(*words: str) -> str:
    said = StringIO()
    call_command("prepare", *words, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_preparing_what_is_ready_says_nothing() -> None:
    assert _prepare() == ""


@pytest.mark.django_db
def test_a_pack_that_changed_under_its_version_is_refused_by_name() -> None:
    kept = packs.version_of(packs.current())
    file = sorted(kept.files)[0]
    PackVersion.objects.filter(pk=kept.pk).update(digest="0" * 64, files=kept.files | {file: "0" * 64})
    with pytest.raises(CommandError) as refusal:
        _prepare()
    assert f"{kept.pack} {kept.version} was changed after inspections began with it: {file}." in str(refusal.value)


@pytest.mark.django_db
def test_work_that_this_machine_was_cut_off_from_is_put_back(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    (tmp_path / "worker-id").write_text("ours\n")
    for worker in ("ours", "another"):
        DBTaskResult.objects.create(
            task_path="somewhere.task",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
            run_after=timezone.now(),
            status=TaskResultStatus.RUNNING,
            worker_ids=[worker],
        )
    assert "put back 1 background task" in _prepare("--put-back")
    assert sorted((task.worker_ids[0], task.status) for task in DBTaskResult.objects.all()) == [
        ("another", TaskResultStatus.RUNNING),
        ("ours", TaskResultStatus.READY),
    ]


def _server(tmp_path: Path, port: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["script/server"],
        cwd=ROOT,
        env=os.environ | {"PORT": port, "INSPECTORATE_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_taken_port_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _server(tmp_path, str(port))
    assert done.returncode == 1
    assert f"port {port} of this machine is taken by another program." in done.stderr
    assert "PORT=" in done.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "80 80"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = _server(tmp_path, port)
    assert done.returncode == 1
    assert f"PORT is '{port}': give a number from 1 to 65535" in done.stderr
