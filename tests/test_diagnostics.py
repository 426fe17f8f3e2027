"""Findings as a person sees them on a terminal, and their explanations."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from handover.cli.pipeline import run_pipeline
from tests.conftest import PATIENCE, SCRIPT, Run


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
        running.wait(timeout=PATIENCE)
    os.close(leader)
    return said.decode().replace("\r\n", "\n")


@pytest.mark.slow
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
        f"       included by content/messages/expand-welcome.md:{include}:13\n"
    ) in said


def test_what_any_rule_finds_in_a_block_says_what_includes_it(sources: Path) -> None:
    block = sources / "content/blocks/priority-support.md"
    block.write_text(block.read_text() + "\nREAD THIS PAGE {{ custmer_name }}.\n")
    found = [each for each in run_pipeline(sources).diagnostics if each.place.path.endswith("priority-support.md")]
    assert {each.code for each in found} == {"shouted-words", "unknown-placeholder"}
    assert all("content/messages/expand-welcome.md" in each.place.paths for each in found)


@pytest.mark.slow
def test_colours_are_for_terminals_alone(sources: Path, handover: Run) -> None:
    assert "\x1b[33m" in on_a_terminal(["check", "--root", str(sources)])
    assert "\x1b" not in handover("check", "--root", str(sources)).stdout


def test_explain_prints_what_the_page_says(handover: Run) -> None:
    result = handover("explain", "team-link")
    assert result.returncode == 0
    assert "A link that only the team can open" in result.stdout
    assert "Good:" in result.stdout
    assert "for the character itself, write \\<." in handover("explain", "raw-html").stdout
    wrong = handover("explain", "team-lnik")
    assert wrong.returncode == 2
    assert "Did you mean 'team-link'?" in wrong.stderr


def test_a_long_text_of_the_source_does_not_bury_the_other_problems(sources: Path) -> None:
    message = sources / "content/messages/expand-welcome.md"
    message.write_text(message.read_text() + f"\n[{'a' * 9_000}][{'b' * 9_000}] and [{'c ' * 9_000}] here.\n")
    found = [str(each) for each in run_pipeline(sources).diagnostics if each.severity == "error"]
    assert [line.split()[2] for line in found] == ["unknown-link:", "stray-bracket:"]
    assert max(map(len, found)) < 900
    assert "is not in data/links.yml" in found[0]
