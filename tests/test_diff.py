"""`handover diff` in a real git repository; what it prints is in tests/diffs."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner, Result
from markdown_it import MarkdownIt

from handover.cli import cli
from tests.conftest import ROOT
from tests.test_cases import CASES

DIFFS = ROOT / "tests" / "diffs"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@tideline.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sources of Tideline in a folder of a git repository, tagged `before`."""
    made = Path(shutil.copytree(CASES / "good" / "tideline", tmp_path / "repository" / "crew"))
    git(tmp_path / "repository", "init", "-q", "-b", "main")
    git(tmp_path / "repository", "add", ".")
    git(tmp_path / "repository", "commit", "-qm", "First")
    git(tmp_path / "repository", "tag", "before")
    return made


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diff", "--root", str(root), *arguments], catch_exceptions=False)


def compared(root: Path, revision: str = "before") -> dict[str, list[dict[str, object]]]:
    result = run(root, revision, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return dict(json.loads(result.stdout))


def change_a_block(root: Path) -> None:
    """One sentence in a block that two emails include."""
    edit(root / "content/blocks/fitting.md", "Everything about", "All that you need to know about")


def change_all_sorts_of_things(root: Path) -> None:
    """Added, modified, removed; words, addresses, tokens, looks; and text that must not become markup."""
    edit(
        root / "content/messages/season-letter.md",
        "it is time to look",
        "<3 @all, see #12 and `this`: it is time to look",
    )
    edit(root / "data/links.yml", "tideline.example/fitting?step=1", "tideline.example/fit?step=2")
    edit(root / "data/platforms/beacon.yml", "FIRST", "FIRST_NAME")
    edit(root / "data/playbooks/harbour.yml", "Tick the boat off", "Cross the boat off")
    edit(root / "content/messages/welcome-aboard.md", "motor: Motor boats", "steam: Steam boats")
    edit(root / "content/messages/welcome-aboard.md", "only motor", "only steam")
    edit(root / "data/glossary.yml", "meaning: Deckhand", "meaning: The deckhand")


@pytest.mark.parametrize("change", [change_a_block, change_all_sorts_of_things])
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_outputs_are_compared(
    root: Path, change: Callable[[Path], None], form: str, request: pytest.FixtureRequest
) -> None:
    change(root)
    result = run(root, "before", "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    said = re.sub(r"\([0-9a-f]{10}\)", "(0123456789)", result.stdout)
    expected = DIFFS / f"{change.__name__.replace('_', '-')}.{'md' if form == 'markdown' else 'txt'}"
    if request.config.getoption("--update-golden"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


def test_nothing_that_an_author_wrote_is_markup_in_a_comment(root: Path) -> None:
    change_all_sorts_of_things(root)
    page = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(run(root, "before", "--format", "markdown").output)
    )
    tree = html5lib.parseFragment(page, namespaceHTMLElements=False)
    holders = [each for each in tree.iter("pre") if "@all, see #12" in "".join(each.itertext())]
    assert len(holders) == 3
    outside = page
    for each in re.findall(r"<pre>.*?</pre>", page, re.DOTALL):
        assert set(re.findall(r"</?([a-z]+)", each)) <= {"pre", "del", "ins"}
        outside = outside.replace(each, "")
    assert not re.search(r"[@#!]\w|https?:", outside)


def test_nothing_changed_is_said_too(root: Path) -> None:
    data = compared(root)
    assert {output["status"] for output in data["outputs"]} == {"unmodified"}
    assert data["causes"] == data["words"] == []


def test_a_source_that_changes_no_output_is_named(root: Path) -> None:
    edit(root / "data/links.yml", "title: Harbour board", "title: Harbour board\n  owner: The harbour office")
    edit(root / "data/placeholders.yml", "sample: Noor Haddad", "sample: Mia Berg")
    causes = {str(cause["path"]): cause["changes"] for cause in compared(root)["causes"]}
    assert causes["data/links.yml"] == []
    assert causes["data/placeholders.yml"] == [
        {"kind": "email", "id": "welcome-aboard", "variant": variant} for variant in ("motor", "sail")
    ]


def test_each_output_has_a_status(root: Path) -> None:
    letter = (root / "content/messages/season-letter.md").read_text()
    (root / "content/messages/season-letter.md").unlink()
    (root / "content/messages/autumn-letter.md").write_text(letter)
    edit(root / "data/playbooks/harbour.yml", "season-letter", "autumn-letter")
    change_a_block(root)
    statuses = {
        (output["id"], output["variant"], output["platform"]): output["status"] for output in compared(root)["outputs"]
    }
    assert statuses == {
        ("season-letter", None, "beacon"): "removed",
        ("season-letter", None, "preview"): "removed",
        ("autumn-letter", None, "beacon"): "added",
        ("autumn-letter", None, "preview"): "added",
        ("welcome-aboard", "motor", "mailroom"): "modified",
        ("welcome-aboard", "motor", "preview"): "modified",
        ("welcome-aboard", "sail", "mailroom"): "modified",
        ("welcome-aboard", "sail", "preview"): "modified",
        ("fitting", None, "mailroom"): "modified",
        ("harbour", None, "handbook"): "modified",
    }


def test_commits_are_compared_as_they_are_whatever_lies_in_the_work_tree(root: Path) -> None:
    change_a_block(root)
    git(root, "commit", "-qam", "Second")
    assert {output["status"] for output in compared(root, "HEAD")["outputs"]} == {"unmodified"}
    assert "modified" in {output["status"] for output in compared(root, "HEAD~1")["outputs"]}
    shutil.rmtree(root / "content")
    git(root, "checkout", "-q", "--", "content")
    assert "modified" in {output["status"] for output in compared(root, "main~1")["outputs"]}


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("nowhere", "git knows no revision 'nowhere' here"),
        ("--help-me", "is not a revision"),
        ("", "git knows no revision ''"),
        ("empty", "there is no folder 'data' at that revision"),
    ],
)
def test_a_revision_that_is_none_is_wrong_use(root: Path, revision: str, said: str) -> None:
    git(root, "checkout", "-q", "--orphan", "empty")
    git(root, "rm", "-rq", "--cached", ".")
    git(root, "commit", "-qm", "Nothing", "--allow-empty")
    git(root, "checkout", "-qf", "main")
    result = run(root, "--", revision)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_folder_without_git_is_wrong_use(tmp_path: Path) -> None:
    alone = Path(shutil.copytree(CASES / "good" / "tideline", tmp_path / "alone"))
    result = run(alone, "HEAD")
    assert result.exit_code == 2
    assert "is in no git repository" in result.stderr


def test_errors_of_then_and_of_now_are_said(root: Path) -> None:
    edit(root / "content/blocks/fitting.md", "[fitting-guide]", "[fiting-guide]")
    result = run(root, "before")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The sources here have errors:\ncontent/blocks/fitting.md" in result.stderr
    assert "Did you mean 'fitting-guide'?" in result.stderr
    git(root, "commit", "-qam", "Broken")
    git(root, "checkout", "-q", "before", "--", ".")
    result = run(root, "main")
    assert result.exit_code == 1
    assert "The sources at main have errors:\ncontent/blocks/fitting.md" in result.stderr


def test_templates_that_this_version_cannot_use_are_replaced_by_those_of_now(root: Path) -> None:
    broken = root / "templates/email/letter.mjml.j2"
    broken.parent.mkdir(parents=True)
    broken.write_text("<mjml><mj-body>{{ of_another_version }}</mj-body></mjml>")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Old templates")
    shutil.rmtree(root / "templates")
    change_a_block(root)
    result = run(root, "HEAD")
    assert result.exit_code == 0
    assert "both sides use the current ones" in result.stderr
    assert "welcome-aboard (sail)" in result.stdout
