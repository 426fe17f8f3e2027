"""Terms of the glossary explained: under the mouse, to the keyboard, at a tap; a second tap opens the glossary."""

import re

from playwright.sync_api import Browser, Page, expect

MEANING = "First Order Account Executive"


def test_the_meaning_is_shown_under_the_mouse_and_the_focus_and_escape_hides_it(page: Page, site: str) -> None:
    page.goto(site + "amer-smb/")
    term = page.locator("a.term", has_text="FO AE").first
    note = page.get_by_role("tooltip")
    term.hover()
    expect(note).to_have_text(MEANING)
    expect(term).to_have_accessible_description(MEANING)
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    term.evaluate("term => term.previousElementSibling?.focus()")
    page.keyboard.press("Tab")
    while not term.evaluate("term => term === document.activeElement"):
        page.keyboard.press("Tab")
    expect(note).to_have_text(MEANING)
    page.wait_for_function(
        "([note, term]) => Math.abs(note.getBoundingClientRect().top - term.getBoundingClientRect().bottom) < 2",
        arg=[note.element_handle(), term.element_handle()],
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/glossary/#fo-ae$"))


def test_the_first_tap_explains_and_the_second_opens_the_glossary(browser: Browser, site: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 375, "height": 700}) as context:
        page = context.new_page()
        page.goto(site + "amer-smb/")
        term = page.locator("a.term", has_text="FO AE").first
        term.tap()
        note = page.get_by_role("tooltip")
        expect(note).to_have_text(MEANING)
        box = note.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 375
        term.tap()
        expect(page).to_have_url(re.compile(r"/glossary/#fo-ae$"))
        expect(page.get_by_text("FO AE: First Order Account Executive")).to_be_in_viewport()
