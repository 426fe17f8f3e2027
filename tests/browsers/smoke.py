"""What readers do on the site, in Firefox and in WebKit, Safari's engine: `make test-browsers`, not `make test`.

Each of these has failed in one of the two, or depends on what browsers differ in.
"""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.composing import STARTED, WELCOME, engine
from tests.browser.test_pages import PAGES
from tests.browsers.conftest import Site, Start
from tests.browsers.drivers import PATIENCE, Browser

POOLED = "messages/pooled-welcome/"
VALUES = {"customer_name": "Dana", "customer_company": "Acme Robotics", "sender_name": "Alex Kim"}
FIELDS = """() => Object.fromEntries([...document.querySelectorAll(".composer [name]")]
  .map(each => [each.name, each.value]).filter(([, value]) => value))"""
LETTER = """() => document.querySelector(".composer-panel:not([hidden]) .composer-text")?.innerText ?? ''"""
STATUS = """() => document.querySelector(".composer [role=status]").textContent"""
CHOOSE = """(selector, value) => {
  const select = document.querySelector(selector);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}"""
FOLLOW = """(address) => {
  const link = Object.assign(document.createElement("a"), { href: address, textContent: "a record" });
  document.querySelector("article").append(link);
  link.click();
  link.remove();
}"""


def visit(browser: Browser, address: str) -> None:
    """Load a page of the site, and wait until its scripts have started."""
    browser.goto(address)
    browser.wait(STARTED)


def becomes(browser: Browser, function: str, expected: object) -> None:
    """Wait until `function` returns what is expected."""
    end = time.monotonic() + PATIENCE
    while (got := browser.run(function)) != expected and time.monotonic() < end:
        time.sleep(0.03)
    assert got == expected


def settle(browser: Browser) -> None:
    """Give what a browser does to a page that comes back its time."""
    browser.run("() => new Promise((done) => setTimeout(done, 400))")


def fill(browser: Browser, **values: str) -> None:
    """Type into fields, in place of what they have, and see it there."""
    for name, value in values.items():
        browser.click(f".composer [name={name}]")
        browser.press("Control+a")
        browser.type(value)
        browser.wait("(name, value) => document.querySelector(`.composer [name=${name}]`).value === value", name, value)


def fill_all(browser: Browser) -> None:
    """Fill in the email, with a colleague from the list."""
    browser.run(CHOOSE, ".composer-colleague select", "sam-rivera")
    fill(browser, **VALUES)


def answered(browser: Browser, words: str) -> None:
    """Wait until the page answers with these words."""
    browser.wait(f"words => ({STATUS})().includes(words)", words)


def paste(browser: Browser) -> dict[str, Any]:
    """What the clipboard puts into an editor of another site, opened in this tab: words, addresses and plain text."""
    browser.goto("data:text/html,<div style='height:9em' contenteditable>")
    browser.wait("() => document.querySelector('[contenteditable]')")
    browser.run("""() => document.addEventListener("paste", ({ clipboardData }) => {
      window.plain = clipboardData.getData("text/plain"); })""")
    browser.click("[contenteditable]")
    browser.press("Control+v")
    got = browser.wait(
        """() => {
          const editor = document.querySelector("[contenteditable]");
          const links = [...editor.querySelectorAll("a")].map((each) => each.getAttribute("href"));
          return editor.textContent && { words: editor.innerText, links, plain: window.plain };
        }"""
    )
    return dict(got)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_form_fills_in_the_letter_and_a_copy_brings_it_to_another_site(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    assert "Hi [Customer Name]," in browser.run(LETTER)
    browser.click("button", "Copy email")
    answered(browser, "Not copied. Fill in: Customer's first name, Customer's company, Colleague, Your name.")
    browser.click("[role=tab]", "Self Managed")
    fill_all(browser)
    assert "Hi Dana," in browser.run(LETTER)
    browser.click("button", "Copy email")
    answered(browser, "Email copied.")
    all_values = browser.run(FIELDS)
    html = engine("html", "expand-welcome", "self-managed", all_values)
    got = paste(browser)
    assert words(got["words"]) == words(re.sub("<[^>]+>", " ", html.replace("&#39;", "'")))
    assert got["links"] == re.findall('href="([^"]+)"', html)
    assert got["plain"] == engine("text", "expand-welcome", "self-managed", all_values)


def test_a_copy_that_fails_says_so_and_offers_the_text_selected(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    fill_all(browser)
    browser.run("() => { document.execCommand = () => false; delete Navigator.prototype.clipboard }")
    browser.click("button", "Copy email")
    answered(browser, "copy")
    assert "copied" not in browser.run(STATUS)
    assert words(browser.wait("() => getSelection().toString()"))[:2] == ["Hi", "Dana"]
    browser.press("Control+c")
    assert words(paste(browser)["words"])[:2] == ["Hi", "Dana"]


def test_a_template_that_cannot_be_copied_is_offered_as_it_is(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    browser.run("() => { document.execCommand = () => false; delete Navigator.prototype.clipboard }")
    browser.click(".composer-more summary")
    browser.click("button", "Copy template for Outreach")
    answered(browser, "The template for Outreach is selected: press ")
    browser.press("Control+c")
    assert "Hi {{first_name}}," in paste(browser)["plain"]


def test_it_works_where_nothing_can_be_stored(start: Start, server: Site, site: str) -> None:
    browser = start(cookies=False)
    try:
        server.complaints.clear()
        visit(browser, f"{site}{WELCOME}#customer_name=Bo")
        becomes(browser, FIELDS, {"customer_name": "Bo"})
        fill_all(browser)
        browser.click("button", "Copy email")
        answered(browser, "Email copied.")
        browser.click("button", "Clear customer")
        browser.wait(f"() => ({LETTER})().includes('Hi [Customer Name],')")
        for path in ("amer-smb/", POOLED, "snippets/", "health/"):
            visit(browser, site + path)
        assert server.complaints == []
    finally:
        browser.stop()


def test_a_cleared_customer_does_not_come_back_with_a_page(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    fill_all(browser)
    visit(browser, site + POOLED)
    fill(browser, first_name="Dana")
    browser.click("button", "Clear customer")
    browser.wait("() => document.querySelector('[name=first_name]').value === ''")
    browser.back()
    browser.wait(f"() => location.pathname.includes('expand-welcome') && ({LETTER})().includes('Hi [Customer Name],')")
    for _ in range(2):
        settle(browser)
        left = browser.run(FIELDS)
        assert {"sender_name": "Alex Kim", "expand_ae": "Sam Rivera"}.items() <= left.items()
        assert not [name for name in left if name.startswith("customer")]
        assert not re.search("Dana|Acme", browser.run("() => document.body.innerText"))
        browser.reload()
        browser.wait("() => document.querySelector('.composer.ready')")


def test_a_cleared_customer_is_cleared_in_another_tab(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    fill_all(browser)
    first = browser.tab
    browser.new_tab()
    visit(browser, site + WELCOME)
    browser.click("button", "Clear customer")
    browser.use(first)
    browser.wait(f"() => ({LETTER})().includes('Hi [Customer Name],')")
    assert "customer_name" not in browser.run(FIELDS)


def test_fields_show_what_is_used_after_back(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    fill_all(browser)
    before = browser.run(FIELDS)
    visit(browser, site + "glossary/")
    browser.back()
    browser.wait(f"() => location.pathname.includes('expand-welcome') && ({LETTER})().includes('Hi Dana,')")
    settle(browser)
    becomes(browser, FIELDS, before)


CHECKLIST = """() => ({
  account: document.querySelector(".checklist input[type=text]").value,
  ticks: [...document.querySelectorAll(".checklist [type=checkbox]")].slice(0, 3).map((each) => each.checked),
})"""


def test_the_checklist_switches_on_enter_and_shows_its_account_after_back(browser: Browser, site: str) -> None:
    visit(browser, site + "amer-smb/")
    for number, account in enumerate(("Acme", "Acme Robotics")):
        browser.click(".checklist input[type=text]")
        browser.press("Control+a")
        browser.type(account)
        browser.press("Enter")
        browser.wait(f"account => ({CHECKLIST})().ticks.every(each => !each)")
        browser.run("number => document.querySelectorAll('.checklist [type=checkbox]')[number].click()", number)
    browser.click(".checklist input[type=text]")
    browser.press("Control+a")
    browser.type("Acme")
    browser.press("Enter")
    first = {"account": "Acme", "ticks": [True, False, False]}
    becomes(browser, CHECKLIST, first)
    visit(browser, site + "glossary/")
    browser.back()
    browser.wait("() => location.pathname.includes('amer-smb')")
    settle(browser)
    assert browser.run(CHECKLIST) == first


def test_the_dark_preview_is_dark_or_is_not_offered(browser: Browser, site: str) -> None:
    visit(browser, site + POOLED)
    browser.run("() => document.querySelector('.preview iframe').scrollIntoView()")
    browser.wait("() => document.querySelector('.preview iframe').contentDocument?.body?.textContent.trim()")
    browser.wait("() => !document.querySelector('[data-scheme]').parentElement.style.visibility")
    if browser.run("() => document.querySelector('[data-scheme]').getClientRects().length === 0"):
        return
    background = """() => {
      const { body } = document.querySelector(".preview iframe").contentDocument;
      return getComputedStyle(body).backgroundColor;
    }"""
    light = browser.run(background)
    browser.click("button", "Dark")
    browser.wait(f"light => ({background})() !== light", light)


def test_a_link_to_the_page_that_is_open_fills_it_in_and_leaves_no_customer_in_the_address(
    browser: Browser, site: str
) -> None:
    visit(browser, site + WELCOME)
    fill(browser, sender_name="Alex Kim")
    browser.run("() => { window.same = true }")
    browser.run(FOLLOW, f"{site}{WELCOME}?variant=self-managed#customer_name=Bo")
    browser.wait(f"() => ({LETTER})().includes('Hi Bo,') && ({LETTER})().includes('license keys')")
    assert browser.url == f"{site}{WELCOME}?variant=self-managed"
    becomes(browser, FIELDS, {"sender_name": "Alex Kim", "customer_name": "Bo"})
    browser.run("() => { location.hash = 'customer_name=Cy' }")
    browser.wait(f"() => ({LETTER})().includes('Hi Cy,')")
    assert browser.url == f"{site}{WELCOME}?variant=self-managed"
    assert browser.run("() => window.same")


def test_a_link_from_another_page_of_the_site_fills_in_without_a_trace(browser: Browser, site: str) -> None:
    visit(browser, site)
    browser.wait("() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('sitemap.xml'))")
    browser.run("() => { window.same = true }")
    browser.run(FOLLOW, f"{site}{WELCOME}?variant=self-managed#customer_name=Bo")
    browser.wait(f"() => document.querySelector('.composer.ready') && ({LETTER})().includes('Hi Bo,')")
    assert browser.url == f"{site}{WELCOME}?variant=self-managed"
    assert browser.run("() => window.same"), "the theme exchanged the page"
    browser.back()
    browser.wait("site => location.href === site", site)


def test_a_copied_link_fills_in_a_new_tab(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    fill_all(browser)
    given = browser.run(FIELDS)
    browser.click(".composer-more summary")
    browser.click("button", "Copy prefilled link")
    answered(browser, "Prefilled link copied.")
    address = paste(browser)["words"].strip()
    browser.forget()
    visit(browser, address)
    del given["sender_name"]
    becomes(browser, FIELDS, given)
    assert browser.url == address.partition("#")[0]


def test_no_page_runs_into_its_policy_or_an_error(browser: Browser, server: Site, site: str) -> None:
    for path in PAGES:
        visit(browser, site + path)
        browser.run("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    # What is heard last shows that all is heard.
    browser.run("() => { document.body.append(Object.assign(new Image(), { src: 'https://example.com/' })) }")
    end = time.monotonic() + PATIENCE
    while not server.complaints and time.monotonic() < end:
        time.sleep(0.03)
    (heard,) = server.complaints
    assert "img-src https://example.com/" in heard
    server.complaints.clear()


def test_a_template_has_its_addresses_to_fill_in_as_words_on_another_site(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    browser.click(".composer-more summary")
    browser.click("button", "Copy template for Outreach")
    answered(browser, "Template for Outreach copied.")
    got = paste(browser)
    assert "{{!Expand AE's calendar link}}" in got["words"]
    assert "{{first_name}}" in got["words"]
    assert [address for address in got["links"] if not address.startswith("https://")] == []


PRINTED = """() => {
  for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) {
    if (!(rule instanceof CSSMediaRule)) continue;
    if (/^print$/.test(rule.media.mediaText)) rule.media.mediaText = "all";
    else if (/^screen\\b/.test(rule.media.mediaText)) rule.media.mediaText = "not all";
  }
  return [...document.querySelectorAll("article :is(button, select, textarea, iframe, input:not(.tick *))")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().width).map((each) => each.outerHTML);
}"""


@pytest.mark.parametrize("path", ["amer-smb/", WELCOME, POOLED])
def test_on_paper_there_is_nothing_to_press(browser: Browser, site: str, path: str) -> None:
    visit(browser, site + path)
    assert browser.run(PRINTED) == []


def test_the_search_finds_and_opens(browser: Browser, site: str) -> None:
    visit(browser, site + "glossary/")
    browser.click(".md-search__input")
    browser.type("outreach")
    address = browser.wait("() => document.querySelector('.md-search-result__link')?.href")
    browser.press("Enter")
    browser.wait("address => location.href.startsWith(address)", address.partition("?")[0])
    browser.wait("() => document.querySelector('article h1')")


def test_the_theme_can_be_switched_and_stays(browser: Browser, site: str) -> None:
    visit(browser, site)
    scheme = "() => getComputedStyle(document.body).backgroundColor"
    seen = {browser.run(scheme)}
    for _ in range(2):
        name = browser.run(
            "() => [...document.querySelectorAll('[data-md-component=palette] label')].find(e => !e.hidden).title"
        )
        browser.click(f"[data-md-component=palette] label[title='{name}']")
        browser.wait(
            """name => [...document.querySelectorAll("[data-md-component=palette] label")]
                 .find((each) => !each.hidden).title !== name""",
            name,
        )
        seen.add(browser.run(scheme))
    assert len(seen) == 2
    chosen = browser.run(scheme)
    visit(browser, site + "links/")
    assert browser.run(scheme) == chosen


@pytest.mark.parametrize("plain", [False, True], ids=["this machine", "plain http"])
def test_marketing_copies_the_html_at_the_first_press(browser: Browser, site: str, dist: Path, plain: bool) -> None:
    visit(browser, ("http://handbook.test/" if plain else site) + POOLED)
    assert browser.run("() => isSecureContext") is not plain
    button = ".platform:not([hidden]) [data-copy$='.html']"
    browser.run(
        "button => document.querySelector(button).scrollIntoView({ block: 'center', behavior: 'instant' })", button
    )
    if plain:  # no pointer has to come near it
        browser.wait("() => performance.getEntriesByType('resource').some(({ name }) => /braze.*html$/.test(name))")
        settle(browser)
    browser.click(button)
    browser.wait("() => /^HTML copied/.test(document.querySelector('.copy-status')?.textContent)")
    assert paste(browser)["plain"] == (dist / "exports/braze/pooled-welcome.html").read_text(encoding="utf-8")


def test_an_email_is_copied_on_plain_http(browser: Browser) -> None:
    visit(browser, "http://handbook.test/" + WELCOME)
    fill_all(browser)
    browser.click("button", "Copy email")
    answered(browser, "Email copied.")
    assert words(paste(browser)["words"])[:2] == ["Hi", "Dana"]


def test_a_snippet_is_filled_in_and_copied(browser: Browser, site: str) -> None:
    visit(browser, site + "snippets/#meeting-invitation")
    snippet = "[aria-label='Copy: Meeting invitation']"
    browser.wait("() => document.querySelector('.composer.ready')")
    assert browser.url == site + "snippets/#meeting-invitation"
    browser.run(CHOOSE, f"{snippet} .composer-colleague select", "sam-rivera")
    browser.click(f"{snippet} button", "Copy snippet: Meeting invitation")
    browser.wait("here => document.querySelector(here + ' [role=status]').textContent === 'Snippet copied.'", snippet)
    got = paste(browser)
    assert "book a time with Sam Rivera" in got["words"]
    assert got["links"] == ["https://calendar.example.com/sam-rivera"]


def test_the_list_of_messages_keeps_its_choice_after_back(browser: Browser, site: str) -> None:
    visit(browser, site + "messages/")
    count = "() => document.querySelector('.message-count').textContent"
    assert browser.wait(count) == "3 of 3 messages"
    browser.run(CHOOSE, ".message-filters select", "Chat post")
    browser.wait(f"() => ({count})() === '1 of 3 messages'")
    browser.click(".message-list a")
    browser.wait("() => location.pathname.includes('chatter-post') && document.querySelector('.composer.ready')")
    browser.back()
    browser.wait("address => location.href === address", site + "messages/?kind=Chat+post")
    browser.wait(f"() => document.querySelector('.message-count') && ({count})() === '1 of 3 messages'")


def test_the_keyboard_alone_is_enough(browser: Browser, site: str) -> None:
    visit(browser, site + WELCOME)
    browser.run(CHOOSE, ".composer-colleague select", "sam-rivera")
    fill(browser, customer_name="Dana")
    here = "() => document.activeElement.name || document.activeElement.textContent"
    for _ in range(40):
        browser.press("Tab")
        focused = browser.run(here)
        if focused in VALUES:
            browser.type(VALUES[focused])
        if focused == "Copy email":
            browser.press("Enter")
            break
    answered(browser, "Email copied.")
    assert words(paste(browser)["words"])[:2] == ["Hi", "Dana"]
