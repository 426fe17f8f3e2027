"""`link_parameters` of a platform: on the literal https URLs of its HTML and text, and nowhere else."""

import html
import json
import re
import shutil
from pathlib import Path

import pytest

from handover.cli.pipeline import run_pipeline
from handover.model.located import Located
from handover.model.pattern import added_to
from handover.render.composer import Composer
from tests.conftest import Run
from tests.test_cases import TIDELINE

PARAMETERS = {"utm_source": "buoy & co", "utm_campaign": "{message}", "utm_content": "{variant}"}
ADDED = "utm_source=buoy%20%26%20co&utm_campaign=letter"

CASES = {
    "https://a.example": f"?{ADDED}",
    "https://a.example/": f"?{ADDED}",
    "https://a.example/x?y=1": f"&{ADDED}",
    "https://a.example/x?": ADDED,
    "https://a.example/x?y=1&": ADDED,
    "https://a.example/x#y?z=1": f"?{ADDED}",
    "https://a.example/x?utm_source=#y": "&utm_campaign=letter",
    "https://a.example/x?utm%5Fsource=me": "&utm_campaign=letter",
    "https://a.example/x?UTM_source=me": f"&{ADDED}",
    "https://a.example/x?utm_campaign=a&utm_source=b": "",
}


@pytest.mark.parametrize(("url", "added"), CASES.items())
def test_what_is_added_to_a_url(url: str, added: str) -> None:
    parameters = {Located(name): Located(value) for name, value in PARAMETERS.items()}
    assert added_to(url, parameters, "letter", None) == added
    with_variant = added_to(url, parameters, "letter", "red")
    assert with_variant.endswith("utm_content=red")
    assert with_variant.count("utm_campaign=") == added.count("utm_campaign=")


@pytest.mark.parametrize(
    ("value", "without", "with_variant"),
    [
        ("{message}-{variant}", "letter", "letter-red"),
        ("{variant}.{message}", "letter", "red.letter"),
        ("welcome {message}", "welcome%20letter", "welcome%20letter"),
        ("{variant}", None, "red"),
        ("é/+~", "%C3%A9%2F%2B~", "%C3%A9%2F%2B~"),
    ],
)
def test_message_and_variant_in_a_value(value: str, without: str | None, with_variant: str) -> None:
    parameters = {Located("n"): Located(value)}
    assert added_to("https://a.example/", parameters, "letter", None) == ("" if without is None else f"?n={without}")
    assert added_to("https://a.example/", parameters, "letter", "red") == f"?n={with_variant}"


LINKS = """
guide-chapter:
  title: A chapter
  url: https://tideline.example/fitting#mast
  audience: everyone
skippers-page:
  title: The skipper's own page
  url: https://tideline.example/boats?of={{ skipper }}#x
  audience: everyone
"""
MORE = "\nRead [a chapter][guide-chapter] and [your page][skippers-page].\n\n**[Open the chapter][guide-chapter]**\n"
PLATFORM = f"link_parameters: {json.dumps(PARAMETERS)}\n"
HREF = re.compile(r'href="(https://tideline\.example[^"]*)"')


def copy(target: Path, parameters: str) -> Path:
    shutil.copytree(TIDELINE, target)
    for path, added in {
        "data/links.yml": LINKS,
        "content/messages/welcome-aboard.md": MORE,
        "content/messages/season-letter.md": MORE,
        "data/platforms/mailroom.yml": parameters,
        "data/platforms/beacon.yml": parameters,
    }.items():
        file = target / path
        file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory, handover: Run) -> dict[str, dict[str, str]]:
    """Every file of two builds by its path: without and with parameters."""
    found: dict[str, dict[str, str]] = {}
    for name, parameters in (("without", ""), ("with", PLATFORM)):
        folder = tmp_path_factory.mktemp(name)
        root = copy(folder / "root", parameters)
        built = handover("build", "--no-site", "--root", str(root), "--out", str(folder / "out"))
        assert built.returncode == 0, built.stderr
        exports = folder / "out/exports"
        paths = [path for path in exports.rglob("*") if path.suffix in (".html", ".txt", ".mjml", ".eml", ".md")]
        found[name] = {path.relative_to(exports).as_posix(): path.read_text(encoding="utf-8") for path in paths}
        shown = handover("show", "season-letter", "--platform", "beacon", "--format", "text", "--root", str(root))
        assert shown.stdout == found[name]["beacon/season-letter.txt"]
    return found


def test_only_files_for_platforms_have_them(outputs: dict[str, dict[str, str]]) -> None:
    before, after = outputs["without"], outputs["with"]
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    assert {path.split("/")[0] for path in changed} == {"beacon", "mailroom"}
    unchanged = {path for path in before.keys() - changed if path.startswith(("beacon/", "mailroom/"))}
    assert unchanged == {path for path in before if path.endswith(".subject.txt") and not path.startswith("preview/")}


def test_each_literal_url_has_them_and_no_other(outputs: dict[str, dict[str, str]]) -> None:
    page = outputs["with"]["beacon/season-letter.html"]
    urls = [html.unescape(url) for url in HREF.findall(page)]
    chapter = f"https://tideline.example/fitting?{ADDED.replace('letter', 'season-letter')}#mast"
    guide = f"https://tideline.example/fitting?step=1&boat=any&{ADDED.replace('letter', 'season-letter')}"
    own = "https://tideline.example/boats?of=$(FIRST|skipper)#x"
    assert sorted(set(urls)) == sorted({guide, chapter, own})
    assert urls.count(chapter) == 2
    assert 'href="$(STOP)"' in page
    text = outputs["with"]["beacon/season-letter.txt"]
    assert f"a chapter: {chapter}" in text
    assert f"your page: {own}" in text
    assert "&amp;" not in text


def test_a_fragment_names_its_variant_and_a_snippet_itself(outputs: dict[str, dict[str, str]]) -> None:
    for variant in ("sail", "motor"):
        page = outputs["with"][f"mailroom/welcome-aboard.{variant}.html"]
        added = f"{ADDED.replace('letter', 'welcome-aboard')}&utm_content={variant}".replace("&", "&amp;")
        assert f'href="https://tideline.example/fitting?step=1&amp;boat=any&amp;{added}"' in page
        assert "utm_" not in page.replace(added, ""), "each once"
    snippet = outputs["with"]["mailroom/snippets/fitting.txt"]
    assert snippet.rstrip(".\n").endswith(f"&{ADDED.replace('letter', 'fitting')}")


def test_the_page_shows_urls_as_they_are_and_copies_them_with_parameters(tmp_path: Path) -> None:
    result = run_pipeline(copy(tmp_path / "root", PLATFORM))
    assert result.catalog is not None
    assert result.composition is not None
    assert result.marks is not None
    documents = [document for document in result.composition.documents if document.id == "welcome-aboard"]
    composer = Composer(result.catalog, result.marks, result.jinja)
    data = json.loads(composer.data(documents, [result.catalog.platforms["mailroom"]]))
    shown = composer.body(documents[0])
    for variant in data["variants"]:
        copied = json.dumps(variant.pop("copies"))
        assert copied.count("utm_source=") == copied.count("https://tideline.example/fitting") == 6
        shown += json.dumps(variant)
    assert "https://tideline.example/fitting#mast" in shown
    assert "utm_" not in shown
    assert "link-parameters" not in shown
    assert result.marks.prefix not in shown
