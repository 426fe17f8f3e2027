"""Links in the handbook's prose to its own pages: on the site, and in the portable page."""

import shutil

import pytest

from handover.cli.pipeline import handbook, run_pipeline
from handover.model.diagnostic import has_errors
from handover.render.pages import Handbook
from handover.render.portable import portable
from handover.render.site import message_page, playbook_page, site_pages
from tests.conftest import ROOT

QUESTION = """
questions:
  - id: q1
    question: Is the [crew change][scenario:crew-change] right, and the [letter][message:season-letter]?
    owner: The office
    about: { message: welcome-aboard }
"""
STORY = """\
First the [welcome][message:welcome-aboard], then [**this**][scenario:to-shore] and [that][scenario:crew-change].

- In the [shore][playbook:shore] and the [harbour][playbook:harbour], by the [deckhand][term:deckhand].
- Or a [call][message:call].
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    """The handbook of two playbooks whose prose links to pages."""
    root = tmp_path_factory.mktemp("links") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    shutil.copytree(ROOT / "templates", root / "templates")
    playbook = root / "data/playbooks/harbour.yml"
    text = playbook.read_text(encoding="utf-8")
    shore = text.replace("crew-change", "to-shore").replace("welcome-aboard", "season-letter")
    (root / "data/playbooks/shore.yml").write_text(shore, encoding="utf-8")
    playbook.write_text(text + QUESTION, encoding="utf-8")
    (root / "content/scenarios/to-shore.md").write_text(STORY, encoding="utf-8")
    (root / "content/messages/call.md").write_text("---\ntitle: Call\nkind: script\n---\nAhoy.\n", encoding="utf-8")
    with (root / "data/glossary.yml").open("a", encoding="utf-8") as glossary:
        glossary.write("  description: Before the [crew change][scenario:crew-change].\n")
    result = run_pipeline(root)
    assert not has_errors(result.diagnostics), result.diagnostics
    assert "unused-message" not in {each.code for each in result.diagnostics}, "what the prose links to is used"
    book: Handbook = handbook(result)
    return book


def test_on_the_site_they_lead_to_pages(book: Handbook) -> None:
    page = playbook_page(book, book.catalog.playbooks["shore"]).text
    assert (
        "First the [welcome](../messages/welcome-aboard/index.md), then [**this**](../shore/index.md#to-shore)"
        " and [that](../harbour/index.md#crew-change)." in page
    )
    assert (
        "In the [shore](../shore/index.md) and the [harbour](../harbour/index.md),"
        " by the [deckhand](../glossary/index.md#deckhand)." in page
    )
    assert "Or a [call](../messages/call/index.md)." in page


def test_a_page_in_a_folder_finds_the_others(book: Handbook) -> None:
    page = message_page(book, book.catalog.messages["welcome-aboard"]).text
    assert "[crew change](../../harbour/index.md#crew-change)" in page
    assert "[letter](../../messages/season-letter/index.md)?" in page
    pages = {page.path: page.text for page in site_pages(book)}
    assert "[crew change](../harbour/index.md#crew-change)" in pages["glossary/index.md"]


def test_in_the_portable_page_they_are_anchors_or_files_beside_it(book: Handbook) -> None:
    page = portable(book, book.catalog.playbooks["shore"]).content.decode()
    assert (
        "First the [welcome](harbour.md#message-welcome-aboard), then [**this**](#to-shore)"
        " and [that](harbour.md#crew-change)." in page
    )
    assert "In the [shore](#playbook-shore) and the [harbour](harbour.md), by the [deckhand](#term-deckhand)." in page
    assert "Or a call." in page, "no playbook's page has it"
    other = portable(book, book.catalog.playbooks["harbour"]).content.decode()
    assert "Before the [crew change](#crew-change)." in other
    for anchor in ("to-shore", "playbook-shore", "term-deckhand"):
        assert f'<a id="{anchor}"></a>' in page
    for anchor in ("crew-change", "message-welcome-aboard"):
        assert f'<a id="{anchor}"></a>' in other
