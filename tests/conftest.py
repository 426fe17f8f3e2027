"""What every test can use: the console script, and the shipped content built once."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = Path(sys.executable).with_name("handover")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_handover(*arguments: str, cwd: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the console script as a user does; nothing of it is imported here."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.fixture(scope="session")
def handover() -> Run:
    """The console script: `handover("check", "--root", "…")`."""
    return run_handover


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content, built once for all tests of a run; only to be read."""
    shared = (
        tmp_path_factory.getbasetemp().parent
        if os.environ.get("PYTEST_XDIST_WORKER")
        else tmp_path_factory.getbasetemp()
    )
    with once(shared / "built") as first:
        if first:
            sources = copy_sources(shared / "built" / "sources")
            result = run_handover("build", "--root", str(sources), "--out", str(shared / "built" / "dist"))
            assert result.returncode == 0, result.stdout + result.stderr
    return shared / "built" / "dist"


def copy_sources(target: Path) -> Path:
    """A copy of what an author writes."""
    for name in ("data", "content", "templates"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    return target


class once:  # noqa: N801 - reads as `with once(folder) as first`
    """True for the first of several processes that get here; the others wait for it to end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.done = folder / "done"
        self.lock = open(folder / "lock", "w", encoding="utf-8")  # noqa: SIM115 - closed on exit

    def __enter__(self) -> bool:
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        return not self.done.exists()

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            self.done.touch()
        self.lock.close()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the shipped sources that a test may change."""
    return copy_sources(tmp_path / "sources")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One command renews the golden files."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; read the difference")
