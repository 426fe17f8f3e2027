"""CONTRIBUTING does what it says: following it to the letter adds a scenario, and nothing is wrong afterwards."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from click.testing import CliRunner

from handover.cli import cli
from handover.write.yaml_edit import append_entry
from tests.conftest import ROOT

STEP = re.compile(
    r"^(?:New file|At the end of)(?: `(?P<key>[\w.]+)` in)? `(?P<path>[^`]+)`:\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


HOW_TO_WRITE = ROOT / "templates/handbook/reference/writing.md"


def steps() -> Iterator[tuple[str, str | None, str]]:
    """The path, the key and the text of each step of the worked example."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = page.split("## Add a scenario, from beginning to end\n")[1].split("\n## ")[0]
    assert len(STEP.findall(example)) == example.count("\n```") // 2, "each block of the example names its file"
    for step in STEP.finditer(example):
        yield step["path"], step["key"], step["text"]


def append(before: str, key: str, text: str) -> str:
    """`text` at the end of the list at a key, which may be below others, as in `matrix.cells`."""
    *above, last = key.split(".")
    if not above:
        return append_entry(before, last, text)
    lines = before.split("\n")
    start = 0
    for depth, name in enumerate([*above, last]):
        start = lines.index("  " * depth + f"{name}:", start)
    inside = "  " * (len(above) + 1)
    end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith(inside))
    return "\n".join([*lines[:end], *indent(text.rstrip("\n"), inside).split("\n"), *lines[end:]])


def follow(root: Path, path: str, key: str | None, text: str) -> None:
    """Do one step as a person would: a new file, or lines at the end of a file or of a list in it."""
    file = root / path
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after = append(before, key, text) if key else before + ("\n" if before else "") + text
    file.write_text(after, encoding="utf-8")


def findings(root: Path) -> list[str]:
    """What the check says, without where."""
    result = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)
    return [line.split(": ", 1)[1] for line in result.output.splitlines()[:-1]]


def test_a_scenario_is_added_by_following_contributing_alone(sources: Path, tmp_path: Path) -> None:
    before = findings(sources)
    pieces = list(steps())
    assert {path.rsplit("/", 1)[0] for path, _, _ in pieces} == {
        "data", "content/messages", "content/scenarios", "data/playbooks",
    }  # fmt: skip
    for path, key, text in pieces:
        follow(sources, path, key, text)
    assert findings(sources) == before
    built = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(sources), "--out", str(tmp_path / "out")])
    assert built.exit_code == 0, built.output
    html = (tmp_path / "out/exports/outreach/partner-welcome.html").read_text(encoding="utf-8")
    assert html.count("<a href=") == 4, "two new links, and two of the passage that is included"
    assert "Partner" in html
    assert "Partner FO to Expand AE" in (tmp_path / "out/exports/handbook/amer-smb.md").read_text(encoding="utf-8")
    assert "Harbour Consulting stays at your side" in (tmp_path / "out/exports/preview/partner-welcome.txt").read_text()


def test_no_step_before_the_playbook_is_an_error(sources: Path) -> None:
    for path, key, text in steps():
        if key is not None:
            break
        follow(sources, path, key, text)
        assert not [found for found in findings(sources) if found.startswith("error")], path


def test_the_steps_of_how_to_write_fit_a_new_repository(tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert CliRunner().invoke(cli, ["init", str(root)]).exit_code == 0
    page = HOW_TO_WRITE.read_text(encoding="utf-8")
    pieces = [*STEP.finditer(page)]
    assert len(pieces) == page.count("\n```") // 2, "each block names its file"
    for step in pieces:
        follow(root, step["path"], step["key"], step["text"])
        assert not [found for found in findings(root) if found.startswith("error")], step["path"]
    assert findings(root) == []


def test_the_mistake_in_the_readme_is_told_as_it_says(tmp_path: Path) -> None:
    (told,) = re.findall(r"^ +(content/\S+: error .*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    path, line = told.split(":")[:2]
    for name in ("content", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    lines = (ROOT / path).read_text(encoding="utf-8").split("\n")
    lines[int(line) - 1] = lines[int(line) - 1].replace("customer_name", "custmer_name")
    (tmp_path / path).write_text("\n".join(lines), encoding="utf-8")
    assert told in CliRunner().invoke(cli, ["check", "--root", str(tmp_path)]).output
