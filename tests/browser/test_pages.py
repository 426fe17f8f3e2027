"""Every kind of page, in a real browser: for a phone, for the dark, for a screen reader, and without a script."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.composing import WELCOME, started, violations

PAGES = [
    "", "amer-smb/", "messages/", WELCOME, "messages/pooled-welcome/", "links/", "placeholders/", "platforms/",
    "glossary/", "health/", "reference/files/", "reference/platforms/", "reference/commands/", "diagnostics/",
    "404.html", "snippets/", "messages/chatter-post/",
]  # fmt: skip
# One of each template; the manuals of authors are all of headings, tables and code.
KINDS = [
    "", "amer-smb/", "messages/", WELCOME, "messages/pooled-welcome/", "messages/chatter-post/", "links/",
    "placeholders/", "platforms/", "glossary/", "health/", "404.html", "snippets/",
]  # fmt: skip
LOOKS: dict[str, tuple[dict[str, str], list[str]]] = {
    "light": ({"color_scheme": "light"}, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
    "dark": ({"color_scheme": "dark"}, ["color-contrast"]),
    "forced colors": ({"color_scheme": "light", "forced_colors": "active"}, ["color-contrast"]),
}
"""The media of each look of a page, and what axe looks at in it: only the colors are others."""
# Rules that the theme itself breaks, with the reason why that may stay. There is none at present.
THEMES: dict[str, str] = {}


WIDE = """all => all.filter(table => table.scrollWidth > table.parentElement.clientWidth + 1
  || [...table.querySelectorAll("td")].some(cell => cell.scrollWidth > cell.clientWidth + 1))
  .map(table => table.textContent.trim().slice(0, 80))"""
"""The tables of which a row, or a cell, does not fit."""


ALIKE = """() => {
  const own = /^(id|href|src|alt|title|for|name|value|aria-(label|labelledby|describedby|controls)|data-.*)$/;
  const said = (text) => (text.trim() ? "words" : "");
  const look = (node) => node.nodeType === Node.TEXT_NODE ? said(node.data) : node.nodeType !== Node.ELEMENT_NODE ? ""
    : `<${node.tagName} ${[...node.attributes].map(({ name, value }) =>
        `${name}=${own.test(name) ? said(value) : value}`).sort()}>${[...node.childNodes].map(look).join("")}</>`;
  const seen = {};
  for (const each of document.querySelectorAll("tr, li")) {
    let around = "";
    for (let at = each.parentElement; at; at = at.parentElement) around += ` ${at.tagName}.${at.className}`;
    const kind = look(each) + around;
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (seen[kind] > 2) each.remove();
  }
}"""
"""Leaves two of the rows, and of the items, that differ in their words, ids and addresses alone."""
SETTLED = """() => document.activeElement === document.body || (window.drawn = (window.drawn ?? 0) + 1) > 60"""
"""True once Chromium has drawn the place that a link leads to: it drops the focus then, and goes on from that place."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_axe_finds_nothing_in_any_look(page: Page, site: str, path: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(site + path)
    started(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.locator(".md-typeset table:visible").evaluate_all(WIDE) == []
    if path not in KINDS:
        return
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(ALIKE)
    found = []
    for look, (media, rules) in LOOKS.items():
        page.emulate_media(**media)  # type: ignore[arg-type]
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate" if look == "dark" else "default")
        for violation in violations(page, runOnly=rules):
            for node in violation["nodes"]:
                if violation["id"] not in THEMES:
                    found.append((look, violation["id"], node["target"], node["failureSummary"][:300]))
    assert found == []


def test_without_a_script_there_is_the_message_and_its_downloads(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site + WELCOME)
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            for variant, words in [("saas", "Link your subscription"), ("self-managed", "Apply your license keys")]:
                panel = page.locator(f"#variant-{variant}")
                expect(panel).to_be_visible()
                expect(panel).to_contain_text("Hi [Customer Name],")
                expect(panel).to_contain_text("[Pronouns] [is or are]")
                expect(panel).to_contain_text(words)
                label = "SaaS Only" if variant == "saas" else "Self Managed"
                expect(panel.get_by_text(label, exact=True)).to_be_visible()
                assert panel.locator("a:not([href])").all_inner_texts() == ["book a time with [Expand AE]"]
            expect(page.locator("[data-line=subject]")).to_have_text("Welcome to GitLab - Let's Get to Work!")
            expect(page.locator("article :is(button, input, select):visible")).to_have_count(0)
            download = page.locator(".downloads").first.get_by_role("link", name="HTML", exact=True).first
            expect(download).to_be_visible()
            assert page.locator("body").evaluate("body => body.scrollWidth") <= width
        assert context.request.get(site + WELCOME + str(download.get_attribute("href"))).ok
        page.goto(site + "amer-smb/")
        expect(page.locator(".checklist > ol > li")).to_have_count(4)


def test_the_flow_is_a_list_and_the_matrix_leads_to_scenario_deadline_and_email(page: Page, site: str) -> None:
    page.goto(site + "amer-smb/")
    started(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(SETTLED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article')"), "Skip to content skips the navigation"
    flows = page.locator(".flow")
    expect(flows).to_have_count(3)
    steps = flows.first.get_by_role("list").get_by_role("listitem")
    assert [re.sub(r"\s+", " ", words) for words in steps.all_inner_texts()][:2] == [
        "Customer buys with the help of an FO AE",
        "Within 24 hours of the purchase FO AE contacts the customer and makes the hand-off to the Expand AE, "
        "with the welcome email and the Expand AE in copy (Welcome from the FO AE)",
    ]
    cells = page.locator(".matrix tbody td:not(:first-child)")
    expect(cells).to_have_count(4)
    for cell in cells.all():
        scenario = cell.get_by_role("link").first
        expect(page.locator(f"h2[id='{scenario.evaluate('link => link.hash.slice(1)')}']")).to_have_count(1)
    first = cells.nth(0)
    expect(first).to_contain_text("Within 24 hours of the purchase")
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Sales Assisted FO to Expand AE")).to_be_in_viewport()
    first.get_by_role("link", name="Welcome from the FO AE").click()
    expect(page).to_have_url(site + WELCOME)
    expect(page.get_by_role("button", name="Copy email")).to_be_visible()


def test_what_one_fills_in_has_its_name_and_its_description(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    for group, label in [
        ("You", "Your name"),
        ("Your colleague", "Expand AE"),
        ("The customer", "Customer's first name"),
    ]:
        field = page.get_by_role("group", name=group).get_by_label(label, exact=True)
        expect(field).to_have_accessible_description(re.compile(r"\w+.*\."))
    types = {name: page.locator(f".composer [name={name}]").get_attribute("type") for name in
             ("customer_name", "customer_email", "expand_ae_calendar")}  # fmt: skip
    assert types == {"customer_name": "text", "customer_email": "email", "expand_ae_calendar": "url"}
    options = page.get_by_label("Expand AE's pronouns", exact=True).locator("option").all_inner_texts()
    assert options == ["Choose …", "he is", "she is", "they are"]
    expect(
        page.get_by_text("Nothing you fill in leaves this browser until you copy, open or download the email.")
    ).to_be_visible()


def test_a_page_that_is_missing_leads_to_the_search_which_shows_what_readers_need_first(
    page: Page, searchable: str
) -> None:
    page.goto(searchable + "404.html")
    expect(page.get_by_role("article").get_by_role("link", name="Home")).to_be_visible()
    page.get_by_role("button", name="Search the handbook").click()
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    first = page.locator(".md-search-result__link").first
    for words, path in (
        ("outreach", "messages/expand-welcome/"),
        ("marketo", "messages/pooled-welcome/"),
        ("subject", "(messages|amer-smb)/"),
    ):
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        expect(first).to_have_attribute("href", re.compile(rf"{searchable}{path}"))


def test_an_overdue_review_is_said_beside_the_button_and_on_health_by_the_day_of_the_reader(
    page: Page, browser: Browser, site: str
) -> None:
    def end_reviews(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('data-due="2027-05-24"', 'data-due="2026-06-01"'))

    reviews = page.locator(".health li[data-due]")
    for path in (WELCOME, "messages/pooled-welcome/", "health/", "amer-smb/"):
        page.route(site + path, end_reviews)
    page.goto(site + WELCOME)
    expect(page.locator(".composer-bar .overdue")).to_have_text("Review overdue since June 1, 2026.")
    page.goto(site + "messages/pooled-welcome/")
    expect(page.locator(".overdue + .platform-choice")).to_be_visible()
    page.goto(site + "amer-smb/")
    expect(page.locator(".reviewed .overdue").first).to_have_text("Review overdue since June 1, 2026.")
    expect(page.locator(".overdue").filter(visible=True)).to_have_count(6)
    page.goto(site + "health/")
    expect(page.locator(".message-count")).to_have_text("13 of 13 things to do")
    expect(reviews).to_have_count(6)
    page.get_by_role("combobox", name="Owner").select_option("Marketing")
    expect(reviews.locator("visible=true")).to_have_count(2)
    expect(reviews.locator("visible=true").first).to_contain_text("Review overdue since June 1, 2026.")
    # A clock is that of all pages of a profile.
    with browser.new_context() as earlier:
        early = earlier.new_page()
        early.clock.set_fixed_time("2026-12-01T12:00:00")
        early.goto(site + "health/")
        expect(early.locator(".message-count")).to_have_text("7 of 7 things to do")
        expect(early.locator(".health li[data-due]")).to_have_count(0)
