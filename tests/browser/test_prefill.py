"""Links that fill a message in, what the browser keeps, and values that want to be more than text."""

import re
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.composing import (
    ALL,
    COLLEAGUES,
    CUSTOMERS,
    LIGHT,
    STARTED,
    WELCOME,
    YOURS,
    copied,
    engine,
    field,
    fill,
    press,
    said,
    stored,
    values,
)

DETAILS = {
    "name": "expand_ae",
    "email": "expand_ae_email",
    "calendar": "expand_ae_calendar",
    "pronouns": "expand_ae_pronouns",
}
BEHIND = urlencode(ALL, quote_via=quote)


def test_a_link_fills_in_and_leaves_no_trace(page: Page, site: str) -> None:
    page.goto(site + LIGHT)
    page.goto(f"{site}{WELCOME}?variant=self-managed#{BEHIND}")
    assert values(page) == ALL
    expect(page.get_by_role("tab", name="Self Managed")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(f"{site}{WELCOME}?variant=self-managed")
    assert stored(page, "localStorage") == {}
    assert copied(page, "Copy email")["text/html"] == engine("html", "expand-welcome", "self-managed", ALL)
    page.reload()
    assert values(page) == ALL, "kept for this tab"
    page.go_back()  # one step back: the frame with the full email takes none of its own
    page.wait_for_url(site + LIGHT)
    page.go_forward()
    page.wait_for_url(f"{site}{WELCOME}?variant=self-managed")
    assert values(page) == ALL


def test_a_link_followed_on_the_page_itself_fills_in_too(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    page.evaluate("location.hash = 'customer_name=Bo+Diaz&customer_company=50%25+%26+More&nobody=1'")
    expect(page.get_by_role("tabpanel")).to_contain_text("50% & More")
    expect(page).to_have_url(site + WELCOME)
    assert values(page) == {**YOURS, **COLLEAGUES, "customer_name": "Bo Diaz", "customer_company": "50% & More"}, (
        "nothing of the customer before, least of all the address"
    )
    page.evaluate("location.hash = 'the-full-email'")
    expect(page).to_have_url(site + WELCOME + "#the-full-email")
    page.go_back()
    expect(page).to_have_url(site + WELCOME)
    page.go_back()
    expect(page).to_have_url(site + WELCOME)


def test_the_browser_keeps_you_and_your_colleague_and_the_tab_the_customer(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    kept = {**YOURS, **COLLEAGUES}
    typed = {name: COLLEAGUES[key] for name, key in DETAILS.items()}
    assert stored(page, "localStorage") == {"people": kept, "colleague": {"typed": typed}}
    assert stored(page, "sessionStorage")["customer"] == {"values": CUSTOMERS}
    page.reload()
    assert values(page) == ALL
    other = page.context.new_page()
    page.close()
    other.goto(site + WELCOME)
    assert values(other) == kept, "the tab is closed, and the customer forgotten"
    assert "customer" not in stored(other, "sessionStorage")
    # What a link says of people lasts on this page and in this tab, until one types it oneself.
    other.goto(site + WELCOME + "#expand_ae=Kim+Lee&sender_name=Mallory")
    expect(other).to_have_url(site + WELCOME)
    assert values(other) == {**kept, "expand_ae": "Kim Lee", "sender_name": "Mallory"}
    assert stored(other, "localStorage") == {"people": kept, "colleague": {"typed": typed}}
    fill(other, expand_ae="Jo Poe")
    other.reload()
    assert values(other) == {**kept, "expand_ae": "Jo Poe", "sender_name": "Mallory"}
    assert stored(other, "localStorage")["people"] == {**kept, "expand_ae": "Jo Poe"}


def test_the_link_that_the_button_makes_fills_in_elsewhere(page: Page, site: str, browser: Browser) -> None:
    page.goto(site + WELCOME)
    hard = {**ALL, "customer_name": "Zoë “Zed” O'Hara", "customer_company": "A+B & Söhne #1 (50%)"}
    fill(page, **hard)
    page.get_by_role("tab", name="Self Managed").click()
    link = copied(page, "Copy prefilled link")["text/plain"]
    assert re.fullmatch(r"[!-~]+", link), "whole in any mail or chat"
    assert set(parse_qs(urlsplit(link).fragment)) == set(ALL) - set(YOURS), "who opens it is somebody else"
    with browser.new_context() as fresh:
        there = fresh.new_page()
        there.goto(link)
        assert values(there) == {name: value for name, value in hard.items() if name not in YOURS}
        expect(there.get_by_role("tab", name="Self Managed")).to_have_attribute("aria-selected", "true")


HOSTILE = [
    "Al <img src=x onerror=\"document.title='run'\">",
    "\"><script>document.title='run'</script>",
    "&amp;&lt;b&gt;",
    "{first_name} !x ${x} $& $1 %20",
    "javascript:alert(1)",
    "שלום (RTL) abc",
    "🧑‍🚀 Ångström 漢字",
    "</p></div><style>*{display:none}</style>",
    "y" * 500,
]


def test_every_value_is_text_and_never_markup(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    title = page.title()
    fill(page, **ALL)
    for value in HOSTILE:
        hostile = {**ALL, "customer_name": value, "customer_company": f"{value[:490]} Robotics", "expand_ae": value}
        page.evaluate("hash => { location.hash = hash }", urlencode({**hostile, "expand_ae_pronouns": "she"}))
        hostile["expand_ae_pronouns"] = "she"
        expect(page.locator(".composer-text p").first).to_have_text(f"Hi {value},")
        expect(page.locator("[data-line=to]")).to_have_text(f"{value} <dana@acme.example>")
        got = copied(page, "Copy email")
        assert got["text/html"] == engine("html", "expand-welcome", "saas", hostile)
        assert got["text/plain"] == engine("text", "expand-welcome", "saas", hostile)
        expect(page.locator(".composer img, .composer script, .composer style")).to_have_count(0)
    assert page.title() == title


BY_A_LINK = [
    ("customer_name=Da%0D%0Ana%09x", {"customer_name": "Da na x"}),
    (f"customer_name={'x' * 501}&customer_company=Acme", {"customer_company": "Acme"}),
    ("expand_ae_pronouns=xe&expand_ae=Sam", {"expand_ae": "Sam"}),
    ("expand_ae_pronouns=constructor&expand_ae=Sam", {"expand_ae": "Sam"}),
    ("__proto__=1&constructor=2&toString=3&hasOwnProperty=4&expand_ae=Sam", {"expand_ae": "Sam"}),
    ("%&=&&=%zz&expand_ae=100%", {"expand_ae": "100%"}),
    ("expand_ae_calendar=javascript:alert(1)", {"expand_ae_calendar": "javascript:alert(1)"}),
]


def test_a_link_cannot_do_more_than_fill_in(page: Page, site: str) -> None:
    page.goto(f"{site}{WELCOME}#__proto__=1")
    assert values(page) == {}
    for behind, left in BY_A_LINK:
        page.evaluate("behind => { location.hash = behind }", behind)
        expect(page).to_have_url(site + WELCOME)
        assert values(page) == left
        expect(page.get_by_role("tabpanel").locator("[href^='javascript:']")).to_have_count(0)
        assert page.evaluate("({}).polluted === undefined && typeof Object.prototype.toString === 'function'")
        press(page, "Copy email")
        expect(said(page)).to_contain_text("Not copied.")


def marked(page: Page) -> set[str]:
    """The fields that are marked as filled in by a link."""
    found = page.wait_for_function(
        f"""() => ({STARTED})() && [...document.querySelectorAll(".field-linked")]
              .filter((each) => each.textContent === "from the link")
              .map((each) => each.closest(".field").dataset.field)"""
    )
    return set(found.json_value())


def test_what_came_from_a_link_is_marked_until_it_is_touched(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **YOURS)
    assert marked(page) == set()
    given = {**COLLEAGUES, "customer_name": "Dana", "customer_company": "Acme Robotics"}
    page.evaluate("given => { location.hash = new URLSearchParams(given) }", given)
    expect(page).to_have_url(site + WELCOME)
    assert marked(page) == set(given)
    expect(field(page, "expand_ae_calendar")).to_have_accessible_description(re.compile("^from the link "))
    fill(page, customer_name="Dan", expand_ae_pronouns="she")
    left = set(given) - {"customer_name", "expand_ae_pronouns"}
    assert marked(page) == left
    page.reload()
    assert values(page) == {**YOURS, **given, "customer_name": "Dan", "expand_ae_pronouns": "she"}
    assert marked(page) == left
    # Another link replaces what the first one had.
    page.evaluate("location.hash = 'expand_ae=Jo+Poe'")
    expect(field(page, "expand_ae")).to_have_value("Jo Poe")
    assert values(page) == {**YOURS, "expand_ae": "Jo Poe", "expand_ae_pronouns": "she"}
    assert marked(page) == {"expand_ae"}


def test_what_came_from_a_link_is_not_kept_for_the_next_message(page: Page, site: str) -> None:
    own = {**YOURS, "expand_ae": "Kim Lee", "expand_ae_calendar": "https://calendly.com/kim-lee"}
    page.goto(site + WELCOME)
    fill(page, **own)
    for instant in (True, False):
        page.goto("about:blank")
        page.goto(f"{site}{WELCOME}#{BEHIND}")
        assert values(page) == ALL
        assert marked(page) == set(ALL)
        fill(page, customer_email="other@acme.example")
        if instant:
            page.evaluate("path => { const link = document.createElement('a'); link.href = path;"
                          " document.body.append(link); link.click() }", f"{site}messages/pooled-welcome/")  # fmt: skip
            expect(field(page, "first_name")).to_be_visible()
        else:
            page.goto(site + "messages/pooled-welcome/")
        assert stored(page, "sessionStorage")["linked"] == {}
        page.goto(site + WELCOME)
        assert values(page) == own, "one's own colleague again, and nothing of the customer, not even what was typed"
        assert marked(page) == set()


def test_what_came_from_a_link_is_not_kept_for_the_next_customer(page: Page, site: str) -> None:
    own = {**YOURS, "expand_ae": "Kim Lee"}
    page.goto(site + WELCOME)
    fill(page, **own)
    page.evaluate("behind => { location.hash = behind }", BEHIND)
    expect(field(page, "expand_ae")).to_have_value("Sam Rivera")
    press(page, "Clear customer")
    assert values(page) == own
    assert marked(page) == set()
    page.reload()
    assert values(page) == own


def test_what_is_broken_in_the_store_is_as_good_as_nothing(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    for held in ("{", "null", "[1]", '"text"', '{"expand_ae": {"a": 1}, "sender_name": 7, "expand_ae_calendar": null}',
                 '{"__proto__": {"polluted": 1}, "constructor": "x", "expand_ae_pronouns": "toString"}'):  # fmt: skip
        page.evaluate(
            """held => [localStorage, sessionStorage].forEach(store =>
                 Object.keys(store).filter(name => name.startsWith("handover:"))
                   .forEach(name => store.setItem(name, held)))""",
            held,
        )
        page.reload()
        assert values(page) == {}, held
        fill(page, sender_name="Al", expand_ae="Kim Poe", customer_name="Bo")
        assert (
            stored(page, "localStorage")["people"].items() >= {"sender_name": "Al", "expand_ae": "Kim Poe"}.items()
        ), held
        assert stored(page, "sessionStorage")["customer"] == {"values": {"customer_name": "Bo"}}, held
    fill(page, **ALL)
    page.reload()
    assert values(page) == ALL
    assert copied(page, "Copy email")["text/html"] == engine("html", "expand-welcome", "saas", ALL)


def test_a_page_that_the_browser_kept_shows_the_customer_of_now_and_what_is_used(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    # As if another page of this tab had been used, and then one had come back to this one.
    page.evaluate(
        """() => {
             const name = Object.keys(sessionStorage).find(name => name.endsWith(":customer"));
             sessionStorage.setItem(name, JSON.stringify({ values: { customer_name: "Bo" } }));
             dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
           }"""
    )
    expect(page.get_by_role("tabpanel")).to_contain_text("Hi Bo,")
    assert values(page) == {**YOURS, **COLLEAGUES, "customer_name": "Bo"}
    # A browser may empty the fields after it brought the page back.
    page.evaluate(
        """() => {
             dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
             setTimeout(() => {
               document.querySelectorAll(".composer input").forEach((input) => (input.value = ""));
               window.emptied = true;
             });
           }"""
    )
    page.wait_for_function("window.emptied")
    expect(field(page, "customer_name")).to_have_value("Bo")
    assert values(page) == {**YOURS, **COLLEAGUES, "customer_name": "Bo"}


def test_cleared_is_cleared_in_every_tab_and_on_pages_that_come_back(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    others = {**YOURS, **COLLEAGUES}
    other = page.context.new_page()
    other.goto(site + WELCOME)
    fill(other, **CUSTOMERS)
    fill(other, customer_name="Bo")
    press(page, "Clear customer")
    expect(field(other, "customer_name")).to_have_value("")
    assert values(other) == others
    expect(said(other)).to_have_text("Customer details changed in another tab.")
    press(page, "Undo")
    expect(field(other, "customer_name")).to_have_value("Bo")
    assert values(page) == ALL
    # Firefox brings a page back with the session of then.
    page.evaluate("window.then = { ...sessionStorage }")
    press(other, "Clear customer")
    fill(other, customer_name="Cy")
    page.evaluate(
        """() => {
             Object.entries(window.then).forEach(([name, value]) => sessionStorage.setItem(name, value));
             dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
           }"""
    )
    expect(field(page, "customer_name")).to_have_value("")
    page.reload()
    assert values(page) == others
    fill(page, customer_name="Dan")
    page.reload()
    other.reload()
    assert (values(page)["customer_name"], values(other)["customer_name"]) == ("Dan", "Cy")


def test_it_works_where_the_browser_keeps_nothing(page: Page, site: str) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    page.goto(f"{site}{WELCOME}#customer_name=Dana")
    fill(page, **ALL)
    copied(page, "Copy email")
    press(page, "Clear customer")
    assert values(page) == {**YOURS, **COLLEAGUES}


def test_the_formulas_open_the_page_filled_in(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    page.get_by_role("tab", name="Self Managed").click()
    page.get_by_text("Prefill from your CRM").click()
    formulas = dict(
        zip(
            page.locator(".composer-formula dt").all_inner_texts(),
            page.locator(".composer-formula dd").all_inner_texts(),
            strict=True,
        )
    )
    row = {"customer_name": "Zoë & Co", "customer_company": 'Acme "1" + 2', "customer_email": "zoe@acme.example"}
    sheet = formulas["Spreadsheet"]
    assert sheet.startswith('="')
    for column, name in zip("ABC", row, strict=True):
        assert f'{name}="&ENCODEURL({column}2)' in sheet
        sheet = sheet.replace(f'"&ENCODEURL({column}2)', quote(row[name]) + "<")
    address = sheet.removeprefix('="').removesuffix("<").replace('<&"', "")
    page.goto(address)
    assert values(page) == row
    expect(page.get_by_role("tab", name="Self Managed")).to_have_attribute("aria-selected", "true")

    record = next(formula for name, formula in formulas.items() if name != "Spreadsheet")
    tokens = {
        "Contact.FirstName": "Zoë",
        "Account.Name": "Acme & Co",
        "Contact.Email": "z@acme.example",
        "User.Name": "Al",
    }
    for token, value in tokens.items():
        assert f"{{!URLENCODE({token})}}" in record
        record = record.replace(f"{{!URLENCODE({token})}}", quote(value))
    page.goto("about:blank")
    page.goto(record)
    assert values(page) == {
        "customer_name": "Zoë", "customer_company": "Acme & Co", "customer_email": "z@acme.example",
        "sender_name": "Al",
    }  # fmt: skip
