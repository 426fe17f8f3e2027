"""Every folder of tests/cases is a case, found by itself.

`good/<name>/` is a repository that checks and builds without a finding. `bad/<name>/` holds what differs from
`good/tideline` (a file named in `remove.txt` is taken away) and, in `expected.txt`, what `handover check` prints, with
the options of `arguments.txt` if it is there.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT, Run

CASES = ROOT / "tests" / "cases"
GOOD = sorted(CASES.glob("good/*"))
BAD = sorted(CASES.glob("bad/*"))
NOT_FILES_OF_THE_CASE = ("expected.txt", "remove.txt", "arguments.txt")


def lay_out(case: Path, target: Path) -> Path:
    shutil.copytree(CASES / "good" / "tideline", target)
    shutil.copytree(case, target, dirs_exist_ok=True, symlinks=True)
    removed = case / "remove.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (target / path).unlink()
    for name in NOT_FILES_OF_THE_CASE:
        (target / name).unlink(missing_ok=True)
    return target


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_case_gives_exactly_these_findings(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    root = lay_out(case, tmp_path / "case")
    arguments = (case / "arguments.txt").read_text().split() if (case / "arguments.txt").exists() else []
    result = CliRunner().invoke(cli, ["check", "--root", str(root), *arguments], catch_exceptions=False)
    expected = case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == expected.read_text(encoding="utf-8")
    assert result.exit_code == (1 if ": error " in result.stdout else 0)
    assert ": error " in result.stdout or ": warning " in result.stdout


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_case_checks_and_builds_without_a_finding(case: Path, tmp_path: Path, handover: Run) -> None:
    root = tmp_path / "case"
    shutil.copytree(case, root)
    checked = handover("check", "--root", str(root))
    assert (checked.stdout, checked.returncode) == ("All is well.\n", 0)
    built = handover("build", "--root", str(root), "--out", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "out" / "catalog.json").is_file()
