"""A build does nothing if its output is up to date; after any change the output is that of a fresh build."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import handover
from handover.cli import cli
from handover.cli.pipeline import EntryPipeline
from tests.conftest import ROOT
from tests.test_determinism import digests

GOOD = ROOT / "tests/cases/good/tideline"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(GOOD, tmp_path / "root"))


def build(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_nothing_is_done_where_nothing_has_changed(root: Path) -> None:
    (root / "content/blocks/unused.md").write_text("Nobody says this.\n")
    first = build(root)
    assert first.startswith("Built ")
    before = {path: path.stat().st_ino for path in (root / "dist").rglob("*")}
    second = build(root)
    assert second.startswith("Nothing has changed: ")
    assert second.partition(".")[2] == first.partition(".")[2]
    assert "1 warning: 'handover check' lists them." in second
    assert {path: path.stat().st_ino for path in (root / "dist").rglob("*")} == before


def _say(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a message": lambda root: _say(root / "content/messages/season-letter.md", "\n---\n", "\n---\nMore to say.\n\n"),
    "a message more": lambda root: shutil.copy(
        root / "content/messages/season-letter.md", root / "content/messages/other-letter.md"
    ),
    "a scenario": lambda root: (root / "content/scenarios/crew-change.md").write_text("Another story.\n"),
    "a playbook": lambda root: _say(root / "data/playbooks/harbour.yml", "title: ", "title: New "),
    "a placeholder": lambda root: _say(root / "data/placeholders.yml", "label: ", "label: The "),
    "a link": lambda root: _say(root / "data/links.yml", "https://", "https://www."),
    "a term": lambda root: _say(root / "data/glossary.yml", "meaning: ", "meaning: Really "),
    "the brand": lambda root: _say(root / "data/brand.yml", "name: ", "name: New "),
    "a word": lambda root: (root / "content/blocks/fitting.md").write_text("Other words, [here][fitting-guide].\n"),
    "a template": lambda root: shutil.copytree(ROOT / "templates", root / "templates"),
    "the site's settings": lambda root: (root / "mkdocs.yml").write_text("site_name: Another\n"),
    "the lock file": lambda root: (root / "requirements.lock").write_text("jinja2==4\n"),
    "a new file": lambda root: (root / "content/blocks/more.md").write_text("---\nsnippet: true\n---\nMore.\n"),
    "an output, edited": lambda root: (root / "dist/catalog.json").write_text('{"playbooks": []}'),
    "an output, cut off": lambda root: _cut(root / "dist/exports/preview/season-letter.html"),
    "an output, gone": lambda root: (root / "dist/exports/preview/season-letter.html").unlink(),
    "all outputs gone": lambda root: shutil.rmtree(root / "dist"),
    "an output too many": lambda root: (root / "dist/more.txt").write_text("Not built here."),
    "an output, a link to the same": lambda root: _link(root / "dist/exports/preview/season-letter.html"),
}


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _link(path: Path) -> None:
    copy = path.parents[3] / "elsewhere.html"
    shutil.move(path, copy)
    path.symlink_to(copy)
    copy.write_text("stale")


@pytest.mark.slow
def test_each_change_is_built_as_if_there_were_nothing(root: Path, tmp_path: Path) -> None:
    build(root)
    for number, (name, change) in enumerate(CHANGES.items()):
        change(root)
        assert build(root).startswith("Built "), name
        fresh = Path(shutil.copytree(root, tmp_path / f"fresh-{number}", ignore=shutil.ignore_patterns("dist")))
        build(fresh)
        assert digests(root / "dist") == digests(fresh / "dist"), name


def test_an_output_that_was_edited_behind_the_clocks_back_is_made_anew(root: Path) -> None:
    build(root)
    letter = root / "dist/exports/preview/season-letter.html"
    whole, seen = letter.read_bytes(), letter.stat()
    letter.write_bytes(whole[:-2] + b"!\n")
    os.utime(letter, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert build(root).startswith("Built ")
    assert letter.read_bytes() == whole


def test_other_options_build_anew(root: Path) -> None:
    build(root)
    assert build(root, "--today", "2026-11-24").startswith("Built ")
    assert build(root, "--today", "2026-11-24").startswith("Nothing has changed")
    assert build(root, "--today", "2026-11-25").startswith("Built ")


def test_another_engine_builds_anew(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(root)
    package = Path(str(handover.__file__)).parent
    other = Path(shutil.copytree(package, tmp_path / "engine/scripts/handover"))
    shutil.copytree(ROOT / "templates", tmp_path / "engine/templates")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path / "engine/mkdocs.yml")
    monkeypatch.setattr(handover, "__file__", str(other / "__init__.py"))
    build(root)
    assert build(root).startswith("Nothing has changed")
    with (other / "render/text.py").open("a") as file:
        file.write("# another\n")
    assert build(root).startswith("Built ")


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"key": "x"}', "null"])
def test_a_record_that_is_none_is_nobodys_word(root: Path, tmp_path: Path, broken: str) -> None:
    build(root)
    (record,) = (tmp_path / "cache/handover/outputs").glob("*/build.json")
    record.write_text(broken)
    assert build(root).startswith("Built ")
    assert build(root).startswith("Nothing has changed")


def test_a_source_that_changes_meanwhile_is_built_the_next_time(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = EntryPipeline.__call__

    def and_change(*arguments: object) -> object:
        (root / "content/blocks/fitting.md").write_text("Changed, [here][fitting-guide].\n")
        return make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(EntryPipeline, "__call__", and_change)
    assert build(root).startswith("Built ")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "cache"))
    assert build(root).startswith("Built ")
    assert "Changed" in "".join(path.read_text() for path in (root / "dist/exports/preview").glob("*.txt"))


def check(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["check", "--root", str(root), *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout


def test_a_folder_behind_a_link_is_looked_at_each_time(root: Path) -> None:
    (root / "content/blocks").rename(root / "blocks")
    (root / "content/blocks").symlink_to("../blocks")
    assert check(root)[0] == 0
    (root / "blocks/fitting.md").write_text("Say {{ skiper }}.\n")
    assert check(root)[0] == 1
