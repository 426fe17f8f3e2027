"""The way in: the page *Home*, and the links from each page to its source."""

import re
import shutil
from pathlib import Path

import pytest

from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT

REPO = "https://code.tideline.example/harbour/-/edit/main"


def built(root: Path) -> dict[str, str]:
    """The pages that MkDocs reads, by their paths."""
    result = run_pipeline(root)
    pages = site_pages(result, handbook(result), root / "build")
    assert not result.has_errors, result.diagnostics
    return {path: content.decode() for path, content in pages.files.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Tideline."""
    return Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))


def test_home_has_the_matrix_of_one_playbook_and_what_each_role_does(root: Path) -> None:
    home = built(root)["index.md"]
    assert "## [From first mooring to open sea](harbour/index.md)" in home
    assert "](harbour/index.md#crew-change)" in home
    ways = re.findall(r"^ *-   (?:\*\*(As .*?)\*\*|(\w[\w ]*) \[(.*?)\])", home, re.MULTILINE)
    assert ways[:4] == [
        ("As DH", "", ""), ("", "send", "Welcome aboard"),
        ("As Harbour office", "", ""), ("", "get the files of", "The season begins"),
    ]  # fmt: skip
    lines = " ".join(home.split())
    assert "[Welcome aboard](messages/welcome-aboard/index.md) to [Skipper] (Sailing boats or Motor boats)" in lines
    assert "[The season begins](messages/season-letter/index.md) for [Skipper]" in lines


def test_home_lists_several_playbooks_without_their_matrices(root: Path) -> None:
    text = (root / "data/playbooks/harbour.yml").read_text(encoding="utf-8")
    (root / "data/playbooks/shore.yml").write_text(text.replace("From first mooring", "To the shore"), encoding="utf-8")
    home = built(root)["index.md"]
    assert re.findall(r"^-   \*\*\[(.*?)\]\((.*?)\)\*\*", home, re.MULTILINE) == [
        ("From first mooring to open sea", "harbour/index.md"), ("To the shore to open sea", "shore/index.md"),
    ]  # fmt: skip
    assert "#crew-change" not in home.partition("## Latest reviews")[0]


def test_the_latest_reviews_come_first(root: Path) -> None:
    for name, day in (("welcome-aboard", "2026-08-25"), ("season-letter", "2026-09-01")):
        path = root / f"content/messages/{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("title:", f"reviewed: {day}\ntitle:", 1), "utf-8")
    assert re.findall(r"\): (\w+ \d+), 2026", built(root)["index.md"]) == ["September 1", "August 25"]


def test_each_page_with_a_source_links_to_it(root: Path) -> None:
    brand = root / "data/brand.yml"
    brand.write_text(f"{brand.read_text(encoding='utf-8')}repo_url: {REPO}/\n", encoding="utf-8")
    pages = built(root)
    expected = {
        "harbour/index.md": "data/playbooks/harbour.yml",
        "messages/welcome-aboard/index.md": "content/messages/welcome-aboard.md",
        "links/index.md": "data/links.yml",
        "placeholders/index.md": "data/placeholders.yml",
        "glossary/index.md": "data/glossary.yml",
    }
    for page, source in expected.items():
        assert f"[Edit this page]({REPO}/{source})\n" in pages[page]
    assert f"]({REPO}/data/platforms/beacon.yml)" in pages["platforms/index.md"]


def test_without_a_repository_nothing_is_to_edit(root: Path) -> None:
    assert [path for path, text in built(root).items() if path.endswith(".md") and "[Edit " in text] == []
