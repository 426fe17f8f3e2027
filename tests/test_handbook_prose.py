"""The handbook's own prose: what only it can have, as the site and the portable page show it."""

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown import markdown  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from PIL import Image

from handover.cli import cli
from handover.cli.pipeline import handbook, run_pipeline
from handover.model.diagnostic import has_errors
from handover.render.markdown import plain, value
from handover.render.portable import portable
from handover.render.site import playbook_page, site_pages
from tests.conftest import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Another company's repository."""
    return Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))


def pages(root: Path) -> tuple[str, str]:
    """The playbook's page of the site, and its portable page, as Markdown."""
    result = run_pipeline(root)
    assert not has_errors(result.diagnostics), result.diagnostics
    book = handbook(result)
    playbook = book.catalog.playbooks["harbour"]
    return playbook_page(book, playbook).text, portable(book, playbook).content.decode()


def as_html(page: str) -> tuple[str, str]:
    """The page as the site's Markdown and as CommonMark with tables read it, without spaces between tags."""
    own = markdown(page, extensions=["tables", "sane_lists", "attr_list", "md_in_html"])
    other = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
    return re.sub(r">\s+<", "><", own), re.sub(r">\s+<", "><", other)


TABLE = """\
| Task | Deckhand | [Engineer][harbour-board] |
|:-----|:--:|---:|
| Fit **one** for {{ skipper }} | R | `a\\|b` \\| *or* |
| Ask | [the crew][scenario:crew-change]

- In a list:

  A | B
  --|--
  c | d
"""
ROWS = (
    '<td style="text-align:left">Fit <strong>one</strong> for [Skipper]</td><td style="text-align:center">R</td>'
    '<td style="text-align:right"><code>a|b</code> | <em>or</em></td>'
)


def test_a_table_is_a_table_on_the_site_and_in_the_portable_page(root: Path) -> None:
    (root / "content/scenarios/crew-change.md").write_text(TABLE, encoding="utf-8")
    for page in pages(root):
        for html in as_html(page):
            html = html.replace("text-align: ", "text-align:").replace(';">', '">').replace("&#124;", "|")
            assert (
                '<th style="text-align:right"><a href="https://crew.tideline.example/boards/harbour/">Engineer</a></th>'
                in html
            )
            assert ROWS in html
            assert re.search(
                r'<td style="text-align:left">Ask</td><td [^>]*><a href="[^"]*#crew-change">the crew</a></td>', html
            )
            assert re.search(
                r"<li>(?:<p>)?In a list:(?:</p>)?<table>.*<td>c</td><td>d</td></tr></tbody></table></li>", html
            )


BLOCK_STARTS = (
    *(
        "#channel",
        "# one",
        "##two",
        "###### six",
        ">quoted",
        "> quoted",
        "+ plus",
        "- minus",
        "-- dash",
        "1. one",
        "2) two",
    ),
    *(
        "=== tab",
        "::: box",
        "!!! note",
        "??? more",
        "*** rule",
        "___",
        "~~~ code",
        "```",
        ": term",
        "---",
        "===",
        "    code",
    ),
)


@pytest.mark.parametrize("text", BLOCK_STARTS)
@pytest.mark.parametrize("write", [plain, value])
@pytest.mark.parametrize("page", ["{}\n", "- {}\n", "Before\n{}\n"])
def test_a_value_starts_no_block_whatever_it_begins_with(text: str, write: Callable[[str], str], page: str) -> None:
    """What begins like a heading, a list or a box stays these characters, by itself, in a list and below a line."""
    for html in as_html(page.format(write(text))):
        assert set(re.findall(r"<(\w+)", html)) <= {"p", "ul", "li"}, html
        assert html.count("<p>") + html.count("<li>") == 1, html
        shown = unescape(re.sub("<[^>]*>", "", html))
        assert shown.strip().endswith(" ".join(text.split())), html


@pytest.mark.usefixtures("mkdocs")
def test_a_picture_is_in_the_site_and_beside_the_portable_page(root: Path, tmp_path: Path) -> None:
    (root / "content/pictures").mkdir()
    for name in ("deck.png", "quay-1.jpg", "boat.webp"):
        Image.new("RGB", (4, 2), "teal").save(root / "content/pictures" / name)
    text = '![The deck, "from above"](deck.png)\n\n| ![A quay](quay-1.jpg) |\n| --- |\n'
    text += "\n[![A boat](boat.webp)][fitting-guide]\n"
    (root / "content/scenarios/crew-change.md").write_text(text, encoding="utf-8")
    site, portable_page = pages(root)
    for page, folder in ((site, "../assets/pictures"), (portable_page, "pictures")):
        for html in as_html(page):
            assert f'alt="The deck, &quot;from above&quot;" src="{folder}/deck.png"' in html or (
                f'src="{folder}/deck.png" alt="The deck, &quot;from above&quot;"' in html
            )
            assert f'src="{folder}/quay-1.jpg"' in html
            assert re.search(f'<a href="https://tideline.example/[^"]*"><img [^>]*src="{folder}/boat.webp"', html)
    built = CliRunner().invoke(cli, ["build", "--root", str(root), "--out", str(tmp_path / "out")])
    assert built.exit_code == 0, built.output
    for name in ("deck.png", "quay-1.jpg", "boat.webp"):
        content = (root / "content/pictures" / name).read_bytes()
        assert (tmp_path / "out/assets/pictures" / name).read_bytes() == content
        assert (tmp_path / "out/exports/handbook/pictures" / name).read_bytes() == content
    listed = json.loads((tmp_path / "out/catalog.json").read_text(encoding="utf-8"))["artifacts"]
    assert {"platform": "handbook", "format": "webp", "sources": ["content/pictures/boat.webp"]}.items() <= next(
        each for each in listed if each["path"] == "exports/handbook/pictures/boat.webp"
    ).items()


def test_a_picture_that_leads_out_of_the_repository_or_is_too_large_is_refused(root: Path, tmp_path: Path) -> None:
    folder = root / "content/pictures"
    folder.mkdir()
    Image.new("RGB", (4, 2), "teal").save(tmp_path / "secret.png")
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "folder.png").mkdir()
    (folder / "big.png").write_bytes((tmp_path / "secret.png").read_bytes() + bytes(1_000_000))
    (root / "content/scenarios/crew-change.md").write_text("![a](out.png) ![b](big.png)\n", encoding="utf-8")
    found = {(each.place.path, each.code) for each in run_pipeline(root).diagnostics}
    assert found == {
        ("content/pictures/out.png", "outside-root"),
        ("content/pictures/folder.png", "invalid-picture"),
        ("content/pictures/big.png", "invalid-picture"),
    }


VALUES = ("# channel", "## two", "1. first", "2) second", "+ a", "- b", "> c", "    code", "---", "* d", "| a | b |")


def test_one_line_of_a_data_file_is_a_paragraph_whatever_it_begins_with(root: Path) -> None:
    playbook = root / "data/playbooks/harbour.yml"
    text = playbook.read_text(encoding="utf-8")
    listed = "".join(f'          - do: "{each} [board][harbour-board] **now** {{{{ skipper }}}}"\n' for each in VALUES)
    playbook.write_text(text.replace("          - do: Tick", listed + "          - do: Tick"), encoding="utf-8")
    for page in pages(root):
        for html in as_html(page):
            shown = unescape(re.sub("<(?!strong|a )[^>]*>", "\n", html))
            for each in VALUES:
                assert f"{each.strip()} <a href=" in re.sub(" +", " ", shown), each
            assert html.count("<strong>now</strong> [Skipper]") == html.count(">board</a>") - 1 == len(VALUES)


def test_a_summary_with_a_link_is_no_link_itself(root: Path) -> None:
    playbook = root / "data/playbooks/harbour.yml"
    text = playbook.read_text(encoding="utf-8")
    text = text.replace("summary: The", 'summary: "**See** [it][fitting-guide] now: the')
    playbook.write_text(text.replace("to the engineer.\nscenarios", 'to the engineer."\nscenarios'), encoding="utf-8")
    for page in pages(root):
        for html in as_html(page):
            shown = "<strong>See</strong> ?<a [^>]*>it</a> now: the deckhand hands over to the engineer."
            assert re.search(rf'{shown}<br ?/?><a href="#crew-change">Crew change</a>', html)
            assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", html)


def test_prose_of_several_blocks_stays_in_its_entry(root: Path) -> None:
    blocks = "|\n    One.\n\n    - two\n\n    | a | b |\n    | - | - |\n    | c | d |\n"
    with (root / "data/glossary.yml").open("a", encoding="utf-8") as glossary:
        glossary.write(f"  description: {blocks}")
    result = run_pipeline(root)
    assert not has_errors(result.diagnostics), result.diagnostics
    book = handbook(result)
    glossary_page = next(page.text for page in site_pages(book) if page.path == "glossary/index.md")
    for page in (glossary_page, pages(root)[1]):
        for html in as_html(page):
            (entry,) = re.findall(r"<li>(?:(?!<li>).)*Deckhand.*?</table></li>", html, re.DOTALL)
            assert "<ul><li>two</li></ul>" in entry.replace("<p>two</p>", "two")
            assert "<td>c</td><td>d</td>" in entry
