"""The page agrees with the engine on what is filled in; tests/test_filled.py asks the engine the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from handover.model.value import without_hidden
from tests.browser import composing
from tests.browser.composing import ALL, WELCOME, clipboard, copied, engine, field, fill, press, said
from tests.test_filled import cases

TOKENS = "JSON.parse(document.querySelector('[data-composer]').dataset.composer).tokens"
URL = "JSON.parse(document.querySelector('[data-composer]').dataset.composer).patterns.url"


def test_the_page_judges_every_value_and_every_url_as_the_engine_does(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    for file, judge in (
        ("filled.yml", f"window.handover.unfilled(value, {TOKENS}) ?? 'filled'"),
        (
            "urls.yml",
            f"!window.handover.unfilled(value, {TOKENS}) && window.handover.isUrl(value, {URL}) ? 'good' : 'bad'",
        ),
    ):
        known = cases(file)
        judged = page.evaluate(f"values => values.map(value => {judge})", [value for _, value in known])
        assert list(zip(judged, [value for _, value in known], strict=True)) == known


def test_the_engine_knows_every_character_that_the_browser_ignores(page: Page) -> None:
    ignored = page.evaluate(
        r"""() => Array.from({ length: 0x110000 }, (_, code) => code)
             .filter(code => /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)))"""
    )
    assert len(ignored) > 4_000
    assert [hex(code) for code in ignored if without_hidden(chr(code))] == []


WRONG = {
    "invisible": "Fill this in.",
    "placeholder": "This is a placeholder. Enter what it stands for.",
    "token": "This has a merge token, which would stay as it is. Enter the value.",
    "no-value": "This means that there is no value. Enter one.",
}
UNFILLED = {"placeholder": "____", "token": "{!Contact.FirstName}", "no-value": "undefined", "invisible": "\u0301"}
"""One a reason: that the page knows the others is asked above."""


@pytest.mark.parametrize("way", ["typed", "remembered", "from a link"])
def test_nothing_that_is_not_filled_in_leaves_the_page(page: Page, site: str, way: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    composing.put_aside(page)
    name = field(page, "customer_name")
    for reason, value in UNFILLED.items():
        if way == "from a link":
            given = {"customer_name": value, "customer_company": "Acme"}
            page.evaluate("given => { location.hash = new URLSearchParams(given) }", given)
            expect(page).to_have_url(site + WELCOME)
        else:
            fill(page, customer_name=value)
        if way == "remembered":
            page.reload()
        expect(name).to_have_value(value)
        expect(page.get_by_role("tabpanel")).to_contain_text("Hi [Customer Name],")
        buttons = ("Copy email", "Copy plain text", "Open in Gmail", "Open in email app")
        # Each two of a way, a reason and a button once.
        for button in buttons if way == "typed" or reason == "placeholder" else buttons[:1]:
            press(page, button)
            refused = "Not copied." if button.startswith("Copy") else "Not opened."
            fix = "Fill in" if reason == "invisible" else "Correct"
            expect(said(page)).to_have_text(f"{refused} {fix}: Customer's first name.")
        expect(name).to_be_focused()
        expect(name).to_have_accessible_description(re.compile(re.escape(WRONG[reason])))
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.composer-panel:not([hidden])'))")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Control+C")
        assert clipboard(page) == {"text/plain": "as before"}
    assert page.context.pages[1:] == [page]


def test_a_name_that_looks_odd_is_a_name(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    for name in ("Null", "Test <3", "Acme [UK]", "O'Brien", "X Æ", "e\u0301", "\u05e9\u05dc\u05d5\u05dd", "🧑‍🚀"):
        odd = {**ALL, "customer_name": name, "customer_email": f"{len(name)}{ord(name[0])}@acme.example"}
        fill(page, **odd)
        assert copied(page, "Copy email")["text/html"] == engine("html", "expand-welcome", "saas", odd)
