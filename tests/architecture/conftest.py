"""What the checks of the house read: its files, its source as trees, and the floors of its contract."""

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


class House:
    """The repository as the checks see it."""

    root = ROOT
    methodology = ROOT / "inspectorate" / "methodology"

    @cache  # noqa: B019 (one instance, for the run of the tests)
    def files(self) -> list[Path]:
        """Every tracked file."""
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]

    def python(self, under: str = "") -> list[Path]:
        """Every Python file but migrations, which Django writes."""
        return [
            path
            for path in self.files()
            if path.suffix == ".py" and "migrations" not in path.parts and path.is_relative_to(ROOT / under)
        ]

    def name(self, path: Path) -> str:
        return str(path.relative_to(ROOT))

    @cache  # noqa: B019
    def tree(self, path: Path) -> ast.Module:
        return ast.parse(path.read_text())

    def functions(self, path: Path) -> list[Function]:
        return [node for node in ast.walk(self.tree(path)) if isinstance(node, Function)]

    def has_views(self, path: Path) -> bool:
        """Whether a module answers requests: some function of it declares the right that it needs."""
        return any(self.is_view(function) for function in self.functions(path))

    def is_view(self, function: Function) -> bool:
        return any("access.needs(" in ast.unparse(decorator) for decorator in function.decorator_list)

    def floors(self) -> list[list[str]]:
        """The layers of the first contract, from the ground up: each floor with its rooms."""
        contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        return [[room.strip() for room in floor.split("|")] for floor in reversed(contracts[0]["layers"])]


@pytest.fixture(scope="session")
def house() -> House:
    return House()
