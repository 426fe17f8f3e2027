"""Every folder of tests/cases, and every text of tests/cases/places.txt, is a case that is found by itself.

`good/<name>/` is a repository that checks and builds without an error or a warning. `bad/<name>/` holds what differs
from `good/tideline` (a file named in `remove.txt` is removed) and, in `expected.txt`, what `handover check` prints,
with the options of `arguments.txt` if there are some. `places.txt` explains itself.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

CASES = ROOT / "tests" / "cases"
TIDELINE = CASES / "good" / "tideline"
GOOD = sorted(CASES.glob("good/*"))
BAD = sorted(CASES.glob("bad/*"))
NOT_FILES_OF_THE_CASE = ("expected.txt", "remove.txt", "arguments.txt")


def lay_out(case: Path, target: Path) -> Path:
    shutil.copytree(TIDELINE, target)
    shutil.copytree(case, target, dirs_exist_ok=True, symlinks=True)
    removed = case / "remove.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (target / path).unlink()
    for name in NOT_FILES_OF_THE_CASE:
        (target / name).unlink(missing_ok=True)
    return target


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_case_gives_exactly_these_problems(
    case: Path, tmp_path: Path, request: pytest.FixtureRequest, handover: Run
) -> None:
    root = lay_out(case, tmp_path / "case")
    arguments = (case / "arguments.txt").read_text().split() if (case / "arguments.txt").exists() else []
    result = handover("check", "--root", str(root), *arguments)
    expected = case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == expected.read_text(encoding="utf-8")
    assert result.returncode == (1 if ": error " in result.stdout else 0)
    assert ": error " in result.stdout or ": warning " in result.stdout


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_case_checks_without_a_problem(case: Path, tmp_path: Path, handover: Run) -> None:
    root = tmp_path / "case"
    shutil.copytree(case, root)
    checked = handover("check", "--root", str(root))
    assert (checked.stdout, checked.returncode) == ("All is well.\n", 0)


@pytest.mark.usefixtures("mkdocs")
@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_case_builds_with_its_site(case: Path, tmp_path: Path, handover: Run) -> None:
    root = tmp_path / "case"
    shutil.copytree(case, root)
    built = handover("build", "--root", str(root), "--out", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "out" / "catalog.json").is_file()


PLAYBOOK = "data/playbooks/harbour.yml"
MESSAGE = "---\ntitle: T\nsubject: {}\nkind: personal\nlayout: letter\nfrom: F\nto: {{ name: N }}\n---\n{}\n"
PLACE = r"[\w./-]+:\d+:\d+"
BLOCK = "---\ntitle: T\n---\n{}\n"


def texts() -> Iterator[tuple[str, str, str]]:
    """The section, the id and the text of each case of places.txt."""
    page = (CASES / "places.txt").read_text(encoding="utf-8").replace("→", "\t").replace("·\n", " \n")
    for part in page.split("\n### ")[1:]:
        section, *cases = part.split("\n=== ")
        for case in cases:
            name, _, text = case.partition("\n")
            yield section.strip(), f"{section.strip()}-{re.sub(r'[^a-z0-9]+', '-', name)}", text.strip("\n")


def marked_files() -> dict[str, str]:
    """The files that have all the texts, each with its `§`."""
    files = {PLAYBOOK: (TIDELINE / PLAYBOOK).read_text(encoding="utf-8")}
    for section, name, text in texts():
        if section == "step":
            step = f"          - do: {text}".replace("\n", "\n" + " " * 12)
            files[PLAYBOOK] = files[PLAYBOOK].replace("    reports:", f"{step}\n    reports:")
        elif section == "block":
            files[f"content/blocks/{name}.md"] = BLOCK.format(text)
            files[f"content/messages/{name}.md"] = MESSAGE.format("S", f"- a\n\n  ::: include {name}")
        else:
            words = (text, "a") if section == "subject" else ("S", text)
            files[f"content/messages/{name}.md"] = MESSAGE.format(*words)
    return files


@pytest.mark.parametrize(
    "encoding", [("", "\n"), ("", "\r\n"), ("\ufeff", "\n")], ids=["unix", "windows", "byte-order-mark"]
)
def test_an_error_is_at_its_place_whatever_is_before_it(
    encoding: tuple[str, str], tmp_path: Path, handover: Run
) -> None:
    root = tmp_path / "root"
    shutil.copytree(TIDELINE, root)
    expected = []
    for path, text in marked_files().items():
        for number, line in enumerate(text.split("\n"), 1):
            if "§" in line:
                expected.append(f"{path}:{number}:{line.index('§') + 1}")
        (root / path).write_bytes((encoding[0] + text.replace("§", "").replace("\n", encoding[1])).encode())
    printed = handover("check", "--root", str(root)).stdout
    reported = re.findall(PLACE, "\n".join(line for line in printed.splitlines() if "'x9' is not in" in line))
    assert len(expected) == len(list(texts()))
    assert sorted(reported) == sorted(expected)
