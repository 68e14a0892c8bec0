"""Asks the other ways to draw, each in a process of its own, and reads what they drew."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.sampling.made import Made, made
from bench.sampling.quality import chances, deviations

ROOT = Path(__file__).resolve().parents[2]
R_PACKAGES = ("r-base-core", "r-cran-sampling")
R_SCRIPT = Path(__file__).with_name("peers.R")
# Above so many people a method of R is left out: it works person by person.
R_METHODS = {"strata": 100_000, "balancedstratification": 10_000, "samplecube": 10_000}


class Peers:
    """The Python peers, in the environment that script/bench makes for them."""

    def __init__(self, python: Path, module: str = "bench.sampling.peers") -> None:
        command = [str(python), "-m", module]
        self._child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **job: Any) -> dict[str, Any]:
        """One job, its answer."""
        assert self._child.stdin
        assert self._child.stdout
        print(json.dumps(job), file=self._child.stdin, flush=True)
        line = self._child.stdout.readline()
        if not line:
            sys.exit("bench: the peers ended; the reason stands above.")
        return json.loads(line)

    def close(self) -> None:
        """Ends the process."""
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait()


def r_is_there() -> bool:
    """Whether R and its package can be run."""
    if not shutil.which("Rscript"):
        return False
    return subprocess.run(["Rscript", "-e", "library(sampling)"], capture_output=True, check=False).returncode == 0


def install_r() -> None:
    """Adds R through apt-get where we may, else says what to add."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *R_PACKAGES]
    if not shutil.which("apt-get") or subprocess.run(["id", "-u"], capture_output=True, check=True).stdout != b"0\n":
        sys.exit(f"bench: R is not there. Install it with: sudo {' '.join(command)}")
    subprocess.run(["apt-get", "-qq", "update"], check=False)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def ask_r(people: int, size: int, draws: int, kind: str) -> dict[str, Any]:
    """What `Peers.ask` answers, for the methods of R that such a list can be given to."""
    listed, told = made(people), {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "list.csv"
        _write(listed, path)
        for method, most in R_METHODS.items():
            if people > most:
                continue
            command = ["Rscript", str(R_SCRIPT), str(path), method, str(size), str(draws)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"bench: R {method} failed on {people:,} people: {done.stderr.strip()[-200:]}")
                continue
            drawn = [line.split() for line in done.stdout.splitlines()]
            samples = [np.array(line[1:], dtype=np.intp) for line in drawn]
            if kind == "chances":
                told[f"R {method}"] = asdict(chances(listed, samples))
                continue
            worst = np.max([deviations(listed, rows) for rows in samples], axis=0)
            told[f"R {method}"] = {"times": [float(line[0]) for line in drawn], "worst": worst.tolist()}
    return told


def _write(listed: Made, path: Path) -> None:
    gender, sentence, rosh, area, team = listed.margins
    table = np.column_stack([np.arange(listed.people), gender, sentence, rosh, area, team, listed.stratum])
    header = "row,gender,sentence,rosh,area,team,stratum"
    np.savetxt(path, table, fmt="%d", delimiter=",", header=header, comments="")
