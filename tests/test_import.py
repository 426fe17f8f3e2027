"""`handover import`: templates come in with one command, check, and go out again with the same words and links."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from handover.adopt.addresses import unwrapped
from handover.adopt.blocks import Block, links, walk
from handover.adopt.html import read_html
from handover.adopt.reader import read
from handover.cli.pipeline import PipelineResult, run_pipeline
from tests.conftest import ROOT, call_handover, copy_sources

TEMPLATES = sorted((ROOT / "tests/import/templates").iterdir())
BLANK = re.compile(
    r"\{\{\$\{.*?\}.*?\}\}|<<[\w ]+>>|<[A-Za-z ]+>|«\w+»|\bXXX\b|_{3,}|%%=.*?=%%|%%\w+%%"
    r"|\{\{[^{}]*\}\}(?: \{\{sender\.last_name\}\})?|\*\|IF:.*?\|END:IF\|\*|\*\|[^|]*\|\*|\[[^\]]*\]|\{[^{}]*\}"
)
FOOTER = re.compile("(?i)unsubscribe|mailing address|preferences|view as|view in")
"""What the layout of a marketing email says in its own words."""


@pytest.fixture(scope="module")
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped sources with the templates in it."""
    root = copy_sources(tmp_path_factory.mktemp("import") / "sources")
    result = call_handover("import", "--root", str(root), *map(str, TEMPLATES))
    assert result.returncode == 0, result.stderr
    report = ROOT / "tests/import/report.txt"
    if request.config.getoption("--update-golden"):
        report.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == report.read_text(encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(imported: Path) -> PipelineResult:
    """What they become once every FILL IN is replaced."""
    root = shutil.copytree(imported, imported.with_name("finished"))
    for path in (root / "content/messages").iterdir():
        text = path.read_text(encoding="utf-8").replace("draft: true\n", "")
        path.write_text(text.replace("FILL IN ", "About "), encoding="utf-8")
    return run_pipeline(root)


def of(source: str, root: Path) -> Path:
    """The file that a template is in."""
    paths = [*(root / "content").rglob("*.md")]
    return next(path for path in paths if f": {source}\n" in path.read_text(encoding="utf-8"))


def masked(text: str) -> str:
    """The words, with one sign for each blank, without conditions and what joins the cells of a table."""
    return " ".join(re.sub(r"[,:]", " ", BLANK.sub("□", re.sub(r"\{%.*?%\}", "", text))).split())


def test_there_are_fifteen_in_five_formats() -> None:
    assert sum(len(read(path.name, path.read_bytes())) for path in TEMPLATES) >= 15
    assert {path.suffix for path in TEMPLATES} == {".md", ".txt", ".htm", ".html", ".eml", ".json"}


def test_the_check_has_no_error(imported: Path, built: PipelineResult) -> None:
    for result in (run_pipeline(imported), built):
        assert [str(each) for each in result.diagnostics if each.severity == "error"] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_words_and_the_links_go_out_again(path: Path, imported: Path, built: PipelineResult) -> None:
    for template in read(path.name, path.read_bytes()):
        file = of(template.address or f"templates/{path.name}", imported)
        sent = [each for each in built.artifacts if file.stem in (each.message, each.block) and each.format == "html"]
        exports = [read_html(each.content.decode()).blocks for each in sent if each.platform != "preview"]
        assert exports
        expected = [(text, masked(unquote(unwrapped(url)))) for text, url in links(template.body)]
        found = [[(text, masked(unquote(url))) for text, url in links(blocks)] for blocks in exports]
        for blocks, targets in zip(exports, found, strict=True):
            if "kind: marketing" in file.read_text(encoding="utf-8"):
                seen = [masked(block.text) for block in walk(blocks)]
                parts = [masked(block.text) for block in walk(template.body)]
                assert [each for each in parts if each and each not in seen and not FOOTER.search(each)] == []
                assert [each for each in expected if each not in targets and not FOOTER.search(each[0])] == []
            else:
                assert masked(said(blocks)) == masked(said(template.body))
                assert targets == expected


def said(blocks: Sequence[Block]) -> str:
    """All words."""
    return " ".join(block.text for block in walk(blocks))


def test_a_second_run_changes_nothing(imported: Path) -> None:
    before = {path: path.read_bytes() for path in imported.rglob("*") if path.is_file()}
    result = call_handover("import", "--root", str(imported), *map(str, TEMPLATES))
    assert "0 new" in result.stdout
    assert {path: path.read_bytes() for path in imported.rglob("*") if path.is_file()} == before


def test_a_page_of_a_handbook(sources: Path) -> None:
    page = ROOT / "tests/import/pages/reseller-handover.md"
    result = call_handover("import", "--as", "scenario", "--root", str(sources), str(page))
    assert result.returncode == 0, result.stderr
    scenario = yaml.safe_load((sources / "data/playbooks/amer-smb.yml").read_text(encoding="utf-8"))["scenarios"][-1]
    assert scenario == yaml.safe_load((ROOT / "tests/import/scenario.yml").read_text(encoding="utf-8"))
    story = (sources / "content/scenarios/reseller-handover.md").read_text(encoding="utf-8")
    assert story == (ROOT / "tests/import/story.md").read_text(encoding="utf-8")
    assert [each for each in run_pipeline(sources).diagnostics if each.severity == "error"] == []
    again = call_handover("import", "--as", "scenario", "--root", str(sources), str(page))
    assert "0 new, 1 already here" in again.stdout


def test_a_dry_run_writes_nothing(sources: Path) -> None:
    before = {path: path.read_bytes() for path in sources.rglob("*") if path.is_file()}
    result = call_handover("import", "--dry-run", "--root", str(sources), str(TEMPLATES[0]))
    assert (result.returncode, "nothing was written" in result.stdout) == (0, True)
    assert {path: path.read_bytes() for path in sources.rglob("*") if path.is_file()} == before


def test_hostile_files_come_in_without_an_error(sources: Path, tmp_path: Path) -> None:
    files = yaml.safe_load((ROOT / "tests/import/hostile.yml").read_text(encoding="utf-8"))
    (tmp_path / "in").mkdir()
    for name, text in files.items():
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    outside = {path for path in tmp_path.rglob("*") if "sources" not in path.parts}
    result = call_handover("import", "--root", str(sources), *(str(tmp_path / "in" / name) for name in files))
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert {path for path in tmp_path.rglob("*") if "sources" not in path.parts} == outside
    assert [str(each) for each in run_pipeline(sources).diagnostics if each.severity == "error"] == []


def test_heads_levels_and_blanks_of_addresses(imported: Path, sources: Path, tmp_path: Path) -> None:
    marks = of("templates/bold-subject.md", imported).read_text(encoding="utf-8")
    assert "title: The quick check-in\n" in marks
    assert "subject: 'Hello {{ customer_company }} & friends: 50% off_now_'\n" in marks
    agenda = of("templates/outlook-agenda.html", imported).read_text(encoding="utf-8")
    assert "- Your goals\n  - Seats and users\n    1. Admins\n- Next steps\n" in agenda
    assert "3. Security review\n4. Sign\n" in agenda
    assert "https://docs.example.com/a_(b)\n" in (imported / "data/links.yml").read_text(encoding="utf-8")
    boxes = tmp_path / "boxes.md"
    boxes.write_text("Subject: Tasks\n\n- [ ] Sign **here**\n- [x] Read\n- [Name] calls\n")
    assert call_handover("import", "--root", str(sources), str(boxes)).returncode == 0
    assert "- Sign **here**\n- Read\n- {{ customer_name }} calls" in (sources / "content/messages/boxes.md").read_text()
    blank = tmp_path / "blank.html"
    blank.write_text('<p>Hi, book <a href="https://cal.example/____/30?a=b_c">a time</a>.</p>')
    assert call_handover("import", "--root", str(sources), str(blank)).returncode == 0
    assert "url: https://cal.example/{{ blank_1 }}/30?a=b_c\n" in (sources / "data/links.yml").read_text()
