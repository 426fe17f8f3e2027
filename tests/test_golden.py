"""Every export of the shipped content, as customers get it: a difference here is a difference for them.

After a change that is meant: `make golden`, and read the difference.
"""

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"


def exports(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".zip"
    }


def test_the_exports_are_the_golden_files(dist: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(dist / "exports", GOLDEN, ignore=shutil.ignore_patterns("*.zip"))
    made, golden = exports(dist / "exports"), exports(GOLDEN)
    assert made.keys() == golden.keys()
    for name, path in made.items():
        assert path.read_bytes() == golden[name].read_bytes(), (
            f"{name} differs: run `make golden` and read the difference"
        )
