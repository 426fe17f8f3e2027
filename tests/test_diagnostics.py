"""Findings as a person sees them on a terminal, and their explanations."""

import os
import pty
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT, SCRIPT, Run
from tests.test_cases import BAD

PAGE = (ROOT / "templates/handbook/diagnostics.md").read_text(encoding="utf-8")
CODES = re.findall(r"^## ([a-z0-9-]+)$", PAGE, re.MULTILINE)
NOT_SEEN_BY_CHECK = {"site-error", "too-many-files", "unreadable-file"}


def on_a_terminal(arguments: list[str], **environment: str) -> str:
    """What the console script prints when its output is a terminal."""
    leader, follower = pty.openpty()
    env = {
        **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
        "TERM": "xterm-256color",
        **environment,
    }
    with subprocess.Popen([str(SCRIPT), *arguments], stdout=follower, stderr=follower, env=env) as running:
        os.close(follower)
        said = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:
                break
            if not part:
                break
            said += part
        running.wait(timeout=30)
    os.close(leader)
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_line_the_span_and_the_way_there(sources: Path) -> None:
    block = sources / "content/blocks/priority-support.md"
    block.write_text(block.read_text() + "\nHello {{ custmer_name }}!\n")
    said = on_a_terminal(["check", "--root", str(sources)], NO_COLOR="1")
    assert "\x1b" not in said
    number = len(block.read_text().splitlines())
    include = next(
        line
        for line, text in enumerate((sources / "content/messages/expand-welcome.md").read_text().splitlines(), 1)
        if text == "::: include priority-support"
    )
    assert (
        f"content/blocks/priority-support.md:{number}:10: error unknown-placeholder: 'custmer_name' is not in"
        f" data/placeholders.yml.\n"
        f"{number:5} | Hello {{{{ custmer_name }}}}!\n"
        f"      |          ^^^^^^^^^^^^\n"
        f"       Did you mean 'customer_name'?\n"
        f"       put in by content/messages/expand-welcome.md:{include}:13\n"
    ) in said


def test_colours_are_for_terminals_alone(sources: Path, handover: Run) -> None:
    assert "\x1b[33m" in on_a_terminal(["check", "--root", str(sources)])
    assert "\x1b" not in handover("check", "--root", str(sources)).stdout


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_explained_with_a_bad_and_a_good_example(handover: Run, code: str) -> None:
    section = PAGE.split(f"\n## {code}\n")[1].split("\n## ")[0]
    assert re.search(r"^\*(?:Error|Warning)\.\* \S", section, re.MULTILINE)
    assert re.search(r"^What mends it: \S", section, re.MULTILINE)
    bad, good = re.split(r"^Good:$", section.split("\nBad:\n")[1], flags=re.MULTILINE)
    assert bad.strip()
    assert good.strip()
    assert bad != good


IN_PROSE = (
    *("empty-link", "inline-address", "missing-form", "nested-container", "placeholder-in-code", "raw-html"),
    *("slash-choice", "stray-bracket", "stray-container-end", "too-deep", "unclosed-container"),
    *("unclosed-placeholder", "unknown-block", "unknown-container", "unknown-form", "unknown-link"),
    *("unknown-placeholder", "unknown-variant", "unsupported-markdown"),
)
IN_YAML = ("duplicate-key", "yaml-feature", "yaml-syntax")
KNOWN = {
    "colleague_pronouns": "engineer_pronouns",
    "guest_name": "skipper",
    "[guide]": "[fitting-guide]",
    "include guide": "include fitting",
}
"""What the examples speak of, and what of the kind the repository of the test has."""
MESSAGE = "content/messages/welcome-aboard.md"
HEAD = "---\ntitle: T\nsubject: S\nkind: personal\nlayout: letter\nfrom: F\nto: { name: N }\n"


@pytest.mark.parametrize("code", [*IN_PROSE, *IN_YAML])
def test_the_bad_example_gives_the_code_and_the_good_one_does_not(tmp_path: Path, code: str) -> None:
    section = PAGE.split(f"\n## {code}\n")[1].split("\n## ")[0].split("\nBad:\n")[1]
    for example, is_bad in zip(section.split("\nGood:\n"), (True, False), strict=True):
        root = tmp_path / str(is_bad)
        shutil.copytree(ROOT / "tests/cases/good/tideline", root)
        text = textwrap.dedent(example).strip()
        for written, known in KNOWN.items():
            text = text.replace(written, known)
        if code in IN_YAML:
            (root / "data/glossary.yml").write_text(f"term:\n{textwrap.indent(text, '  ')}\n", encoding="utf-8")
        else:
            head = f"{HEAD}variants: {{ basic: Basic, premium: Premium }}\n---\n"
            (root / MESSAGE).write_text(f"{head}{text}\n", encoding="utf-8")
        said = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False).stdout
        assert (f"error {code}: " in said) == is_bad, said


def test_explain_prints_what_the_page_says(handover: Run) -> None:
    result = handover("explain", "team-link")
    assert result.returncode == 0
    assert "A link that only the team can open" in result.stdout
    assert "Good:" in result.stdout
    wrong = handover("explain", "team-lnik")
    assert wrong.returncode == 2
    assert "Did you mean 'team-link'?" in wrong.stderr


def test_each_code_has_a_bad_case() -> None:
    seen = set()
    for case in BAD:
        seen |= set(
            re.findall(r": (?:error|warning) ([a-z0-9-]+):", (case / "expected.txt").read_text(encoding="utf-8"))
        )
    assert set(CODES) - seen - NOT_SEEN_BY_CHECK == set()
