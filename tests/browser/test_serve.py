"""`handover serve` with a browser that looks on."""

import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PATIENCE, complaint, is_local
from tests.test_cases import TIDELINE
from tests.test_serve import Live, live


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(TIDELINE, tmp_path_factory.mktemp("live") / "small"))


@pytest.fixture(scope="module")
def server(small: Path) -> Iterator[Live]:
    with live(small, small.parent) as running:
        yield running
        assert running.stop(signal.SIGTERM)[0] == 0


def letter_page(server: Live) -> str:
    """The page of a letter, whichever version of it that is."""
    return re.sub(' data-version="[^"]*"', "", server.get("/messages/season-letter/")[1])


@pytest.fixture(autouse=True)
def restored(small: Path, server: Live) -> Iterator[None]:
    """The repository and its pages are the same at the end of each test."""
    before = letter_page(server)
    yield
    shutil.copytree(TIDELINE, small, dirs_exist_ok=True)
    end = time.monotonic() + PATIENCE
    while letter_page(server) != before:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def tab(browser: Browser, server: Live) -> Iterator[Page]:
    """A low window, so that pages scroll. Nothing in it complains, nor asks another host."""
    context = browser.new_context(viewport={"width": 1000, "height": 400})
    context.set_default_timeout(PATIENCE * 1000)
    wrong: list[str] = []
    context.on("console", lambda said: wrong.extend(complaint(said)))
    context.on("weberror", lambda trouble: wrong.append(str(trouble.error)))
    context.on("request", lambda asked: None if is_local(asked.url) else wrong.append(f"asked {asked.url}"))
    yield context.new_page()
    context.close()
    assert wrong == []


def test_a_save_shows_by_itself_at_the_same_place(small: Path, server: Live, tab: Page) -> None:
    letter = small / "content/messages/season-letter.md"
    tab.goto(f"{server.address}messages/season-letter/")
    tab.evaluate("scrollTo({ top: 240, behavior: 'instant' })")
    assert tab.evaluate("scrollY") == 240
    letter.write_text(letter.read_text().replace("it is time", "it is high time"))
    expect(tab.locator("article")).to_contain_text("it is high time")
    tab.wait_for_function("scrollY === 240")


def test_a_mistake_lies_over_the_last_good_page_until_it_is_mended(small: Path, server: Live, tab: Page) -> None:
    letter = small / "content/messages/season-letter.md"
    good = letter.read_text()
    tab.goto(f"{server.address}messages/season-letter/")
    tab.evaluate("window.sameAsBefore = true")
    letter.write_text(good.replace("{{ skipper }}, it", "{{ skiper }}, <b>it"))
    overlay = tab.get_by_role("alert")
    expect(overlay).to_be_visible()
    expect(overlay).to_contain_text("There are 2 mistakes in the sources")
    expect(overlay).to_contain_text("content/messages/season-letter.md:12:10 error unknown-placeholder")
    expect(overlay).to_contain_text("Did you mean 'skipper'?")
    assert "Hello {{ skiper }}, <b>it is time" in overlay.locator("pre").first.inner_text()
    assert re.search(r"\n +\| +\^{6}$", overlay.locator("pre").first.inner_text())
    expect(tab.locator("article")).to_contain_text("it is time to look at your sensors")
    tab.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    letter.write_text(good.replace("{{ skipper }}, it", "{{ skiper }}, it"))
    expect(overlay).to_contain_text("There is a mistake in the sources")
    letter.write_text(good)
    expect(overlay).to_be_hidden()
    assert tab.evaluate("window.sameAsBefore"), "the page is still good: nothing to load anew"


def test_it_goes_on_when_the_theme_changes_pages_by_itself(small: Path, server: Live, tab: Page) -> None:
    brand = small / "data/brand.yml"
    tab.goto(server.address)
    # The theme exchanges the pages of a site that knows its address.
    brand.write_text(brand.read_text() + f"site_url: {server.address}\n")
    expect(tab.locator("link[rel=canonical]")).to_have_count(1)
    tab.wait_for_load_state("networkidle")
    tab.evaluate("window.sameAsBefore = true")
    for name in ("any email, post or script", "The season begins"):
        tab.locator("article").get_by_role("link", name=name).first.click()
    expect(tab.locator("article")).to_contain_text("it is time to look")
    assert tab.evaluate("window.sameAsBefore"), "the theme exchanged the page"
    letter = small / "content/messages/season-letter.md"
    letter.write_text(letter.read_text().replace("it is time", "it is high time"))
    expect(tab.locator("article")).to_contain_text("it is high time")
    (small / "data/links.yml").write_text("fitting-guide: 5\n")
    expect(tab.get_by_role("alert")).to_contain_text("data/links.yml:1:16 error wrong-type")
