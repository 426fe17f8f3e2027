"""What the pages look like: on a phone, on paper, in forced colors; and the marks of the company on each of them."""

import io

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import WELCOME, started


def test_each_row_of_a_table_names_its_columns_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(site + "placeholders/")
    cell = page.locator("[data-stacked] td[data-column]").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Description: "'
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_role("cell").first).to_contain_text("Customer Name")


CONTROLS = ":is(.composer, .preview, .downloads, .checklist) :is(button, input, select, summary, .downloads a):visible"
SMALL = """all => all.filter(each => {
  const { width, height } = (each.closest(".tick") ?? each).getBoundingClientRect();
  each.focus();
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  return width < 44 || height < 44 || outlineStyle === "none" || parseFloat(outlineWidth) < 2;
}).map(each => each.outerHTML)"""
"""Those that are too small for a finger, or that do not show that they have the focus."""
PRESSED = "article :is(button, select, textarea, iframe, .md-button, .headerlink, input:not(.tick *))"
LONELY = """all => all.filter((heading, index) => {
  const range = document.createRange();
  range.setStartAfter(heading);
  if (all[index + 1]) range.setEndBefore(all[index + 1]);
  else range.setEndAfter(heading.closest("article").lastElementChild);
  const next = all[index + 1];
  const isTitle = next && next.tagName > heading.tagName;
  const shown = [...range.cloneContents().querySelectorAll("*")].length
    && [...heading.closest("article").querySelectorAll("p, li, td, dd")]
      .some(each => range.intersectsNode(each) && each.checkVisibility() && each.textContent.trim());
  return !shown && !isTitle;
}).map(heading => heading.textContent)"""
"""The headings below which nothing is seen."""
SHIFTS = """window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => { window.shift += each.value; }))
  .observe({ type: "layout-shift", buffered: true });"""


def lines(sheet: pypdf.PageObject) -> list[list[tuple[str, str]]]:
    """The lines of a sheet of paper from its top, each as pieces of text with their fonts."""
    found: dict[int, list[tuple[str, str]]] = {}

    def see(text: str, outer: list[float], inner: list[float], font: dict[str, str] | None, size: float) -> None:
        if text.strip():
            height = round(outer[1] * inner[4] + outer[3] * inner[5] + outer[5])
            found.setdefault(height, []).append((text.strip(), (font or {}).get("/BaseFont", "")))

    sheet.extract_text(visitor_text=see)
    return [pieces for _, pieces in sorted(found.items(), reverse=True)]


@pytest.mark.parametrize("path", ["amer-smb/", WELCOME, "messages/pooled-welcome/"])
def test_a_page_keeps_still_on_a_phone_is_large_enough_for_fingers_and_has_no_buttons_on_paper(
    page: Page, site: str, path: str
) -> None:
    page.set_viewport_size({"width": 412, "height": 823})
    page.add_init_script(SHIFTS)
    page.goto(site + path, wait_until="networkidle")
    started(page)
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shift") < 0.05

    page.set_viewport_size({"width": 375, "height": 800})
    page.keyboard.press("Tab")
    assert page.locator(CONTROLS).evaluate_all(SMALL) == []

    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print")
    pressed = page.locator(PRESSED).filter(visible=True)
    assert pressed.evaluate_all("all => all.map(each => each.outerHTML)") == []
    assert page.locator("article :is(h1, h2, h3):visible").evaluate_all(LONELY) == []

    controls = page.locator("article :is(button:not([role=tab]), .composer-formula summary)").all_text_contents()
    for paper in ("A4", "Letter"):
        sheets = [lines(sheet) for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(format=paper))).pages]
        words = [" ".join(text for pieces in sheet for text, _ in pieces) for sheet in sheets]
        assert [text for text in words[:-1] if len(text) < 500] == [], "a sheet is nearly empty"
        assert [sheet[-1] for sheet in sheets[:-1] if all("Bold" in font for _, font in sheet[-1])] == []
        assert [name for name in controls if " " in name.strip() and name in " ".join(words)] == []
        assert ("SaaS Only" in words[0]) is (path == WELCOME)


def test_forced_colors_tell_the_chosen_tab_and_mode(page: Page, site: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(site + WELCOME)
    background = "each => getComputedStyle(each).backgroundColor"
    for chosen, other in [
        ('[role=tab][aria-selected="true"]', '[role=tab][aria-selected="false"]'),
        ('[data-width][aria-pressed="true"]', '[data-width][aria-pressed="false"]'),
    ]:
        assert page.locator(chosen).first.evaluate(background) != page.locator(other).first.evaluate(background)
    page.goto(site + "amer-smb/")
    bar = page.locator(".tabbed-labels").first
    bar.scroll_into_view_if_needed()
    highlight = bar.evaluate("bar => getComputedStyle(bar, '::before').backgroundColor")
    assert highlight != page.locator("body").evaluate(background)


def test_logo_and_icon_have_the_colors_of_the_company(page: Page, site: str) -> None:
    page.goto(site + "amer-smb/")
    logo = page.locator(".md-header .md-logo img")
    expect(logo).to_be_visible()
    for address in (logo.evaluate("logo => logo.src"), page.locator("link[rel=icon]").evaluate("icon => icon.href")):
        answer = page.request.get(address)
        assert answer.ok
        assert "#4b2a91" in answer.text()
    assert (
        page.locator(".md-header").evaluate("header => getComputedStyle(header).backgroundColor") == "rgb(75, 42, 145)"
    )
