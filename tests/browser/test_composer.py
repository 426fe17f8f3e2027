"""The page of a message, as an Account Executive uses it: fill in, look, copy, paste."""

import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import html5lib
import pytest
from playwright.sync_api import Page, expect

from tests.browser import composing
from tests.browser.composing import ALL, LIGHT, WELCOME, clipboard, copied, engine, field, fill, press, said, values

SUBSET = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
NEEDED = ["Customer's first name", "Customer's company", "Colleague", "Your name"]


def words(html: str) -> list[str]:
    """The words of an HTML fragment, without its tags."""
    return re.findall(r"\w+", "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext()))


def parts(html: str) -> tuple[set[str], set[str]]:
    """The names of the tags and of the attributes."""
    tags = [
        element
        for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter()
        if element.tag != "DOCUMENT_FRAGMENT"
    ]
    return {element.tag for element in tags}, {name for element in tags for name in element.attrib}


def test_fill_in_see_copy_paste(page: Page, site: str, dist: Path) -> None:
    page.goto(site + WELCOME)
    for variant, name in [("saas", "SaaS Only"), ("self-managed", "Self Managed")]:
        fill(page, **dict.fromkeys(ALL, ""))
        page.get_by_role("tab", name=name).click()
        text = page.get_by_role("tabpanel")
        expect(text.locator(".empty").first).to_have_text("[Customer Name]")
        fill(page, customer_name="Dana")
        expect(text).to_contain_text("Hi Dana,")
        expect(text.locator(".blank:not(.empty)")).to_have_count(1)
        fill(page, **ALL)
        expect(text.locator(".empty")).to_have_count(0)
        expect(text).to_contain_text(". He is ")
        expect(page.locator("[data-line=cc]")).to_have_text("Sam Rivera <sam@example.com>")

        got = copied(page, "Copy email")
        assert got["text/html"] == engine("html", "expand-welcome", variant, ALL)
        assert got["text/plain"] == engine("text", "expand-welcome", variant, ALL)
        tags, attributes = parts(got["text/html"])
        assert tags <= SUBSET
        assert attributes == {"href"}
        tags, attributes = parts(composing.pasted(page))
        assert {"p", "a", "ol", "li", "strong"} <= tags <= SUBSET
        assert attributes == {"href"}
        assert copied(page, "Copy subject") == {"text/plain": engine("subject", "expand-welcome", variant, ALL)}
        assert copied(page, "Copy plain text") == {"text/plain": engine("text", "expand-welcome", variant, ALL)}

        # For a platform it is the export.
        got = copied(page, "Copy template for Outreach")
        expect(said(page)).to_have_text(
            "Template for Outreach copied. Values that you typed are not in it: Outreach fills in its own."
        )
        exported = dist / "exports/outreach" / f"expand-welcome.{variant}.html"
        assert got["text/html"] == exported.read_text(encoding="utf-8")
        assert got["text/plain"] == exported.with_suffix(".txt").read_text(encoding="utf-8")


def test_nothing_with_a_blank_leaves_the_page(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    composing.put_aside(page)
    for button, refused in [
        ("Copy email", "Not copied."),
        ("Copy plain text", "Not copied."),
        ("Open in Gmail", "Not opened."),
        ("Open in email app", "Not opened."),
        ("Download draft", "Not downloaded."),
    ]:
        press(page, button)
        expect(said(page)).to_have_text(f"{refused} Fill in: {', '.join(NEEDED)}.")
        expect(field(page, "customer_name")).to_be_focused()
        fill(page, customer_name="Al", customer_company="Acme")
        expect(said(page)).to_be_empty()
        press(page, button)
        expect(said(page)).to_have_text(f"{refused} Fill in: {', '.join(NEEDED[2:])}.")
        expect(page.get_by_label("Colleague", exact=True)).to_be_focused()
        fill(page, customer_name="", customer_company="")
    for name in ("sender_name", "expand_ae", "expand_ae_calendar", "expand_ae_pronouns", "customer_name"):
        mistaken = field(page, name).evaluate("field => document.getElementById(`wrong-${field.name}`).textContent")
        assert mistaken == ("" if name == "customer_name" else "Fill this in.")
    expect(field(page, "expand_ae")).to_have_attribute("aria-invalid", "true")
    colleague = page.get_by_label("Colleague", exact=True)
    expect(colleague).to_have_attribute("aria-invalid", "true")
    expect(colleague).to_have_accessible_description("Fill this in.")
    fill(page, **ALL)
    expect(colleague).not_to_have_attribute("aria-invalid", "true")
    expect(colleague).to_have_accessible_description("")
    for name, value in [("customer_name", "   "), ("customer_name", "\u200b\u00a0"), ("expand_ae_pronouns", "")]:
        fill(page, **{name: value})
        press(page, "Copy email")
        expect(field(page, name)).to_be_focused()
        fill(page, **{name: ALL[name]})
    assert clipboard(page) == {"text/plain": "as before"}
    assert page.context.pages[1:] == [page]


def test_an_address_that_is_none_is_refused(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    calendar = field(page, "expand_ae_calendar")
    fill(page, **ALL)
    composing.put_aside(page)
    for address in ("javascript:alert(1)", "data:text/html,x", "calendly", "https://a b.example",
                    'https://a.example/"onclick="x', "https://", "https://calendly.com@evil.example/", "https:///",
                    "https://:80", " "):  # fmt: skip
        fill(page, expand_ae_calendar=address)
        field(page, "customer_name").focus()
        press(page, "Copy email")
        expect(said(page)).to_have_text(re.compile(r"Not copied\. .*: Expand AE's calendar link\."))
        expect(calendar).to_be_focused()
        expect(calendar).to_have_accessible_description(
            re.compile("Fill this in" if address == " " else "Enter a URL that starts with https://")
        )
        link = page.get_by_role("tabpanel").get_by_text("book a time")
        assert link.evaluate("link => link.matches('a.empty:not([href])')"), address
    assert clipboard(page) == {"text/plain": "as before"}
    fill(page, expand_ae_calendar="HTTPS://calendly.com/sam?" + "x" * 600)
    expect(calendar).not_to_have_attribute("aria-invalid", "true")
    copied(page, "Copy email")


def test_selecting_by_hand_does_not_get_around_the_guard(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    composing.put_aside(page)
    fill(page, **{**ALL, "customer_company": ""})
    page.locator("h1").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    expect(said(page)).to_have_text("Not copied. Fill in: Customer's company.")
    page.get_by_role("tabpanel").locator(".empty").dblclick()
    page.keyboard.press("Control+C")
    expect(said(page)).to_have_text("Not copied. Fill in: Customer's company.")
    assert clipboard(page) == {"text/plain": "as before"}
    dragged = page.evaluate(
        """() => {
             getSelection().selectAllChildren(document.querySelector(".composer-panel:not([hidden])"));
             const dataTransfer = new DataTransfer();
             const event = new DragEvent("dragstart", { bubbles: true, cancelable: true, dataTransfer });
             return document.querySelector(".composer-panel:not([hidden]) .composer-text p").dispatchEvent(event);
           }"""
    )
    assert not dragged

    # All there: what is selected, with a fragment's tags alone, and nothing of the other variant.
    page.get_by_role("tab", name="Self Managed").click()
    fill(page, customer_company="Acme Robotics")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.composer-mail'))")
    page.keyboard.press("Control+C")
    got = clipboard(page)
    for part in got.values():
        assert re.search("Acme Robotics.*Apply your license keys.*Alex Kim", part, re.DOTALL)
        assert not re.search("Link your subscription|Copy email|To get started", part)
    tags, attributes = parts(got["text/html"])
    assert tags <= SUBSET
    assert attributes == {"href"}
    page.locator("h1").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    alone = {kind: part.strip() for kind, part in clipboard(page).items()}
    assert alone == {kind: part.strip() for kind, part in got.items()}, "nothing of what is around the message"
    field(page, "customer_name").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    assert clipboard(page) == {"text/plain": "Dana"}


def test_the_tabs_keep_what_was_filled_in(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    saas, managed = page.get_by_role("tab", name="SaaS Only"), page.get_by_role("tab", name="Self Managed")
    saas.focus()
    for key, chosen in [
        ("ArrowRight", managed),
        ("ArrowRight", saas),
        ("ArrowLeft", managed),
        ("Home", saas),
        ("End", managed),
    ]:
        page.keyboard.press(key)
        expect(chosen).to_be_focused()
        expect(chosen).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel")).to_have_count(1)
        expect(page).to_have_url(f"{site}{WELCOME}?variant={chosen.get_attribute('data-variant')}")
    expect(page.get_by_role("tabpanel", name="Self Managed")).to_contain_text("Hi Dana,")
    assert values(page) == ALL
    page.reload()
    expect(managed).to_have_attribute("aria-selected", "true")
    assert values(page) == ALL
    page.locator("h1 .headerlink").click(force=True)
    expect(page.get_by_role("tabpanel", name="Self Managed")).to_contain_text("Hi Dana,")
    page.goto(f"{site}{WELCOME}?variant=nonsense")
    expect(saas).to_have_attribute("aria-selected", "true")


def test_gmail_and_the_mail_app_get_the_head_and_the_clipboard_the_email(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    hard = {**ALL, "customer_name": "Dana & <Zoë> #1 + 100%?", "customer_email": "dana+a&b@acme.example"}
    fill(page, **hard)
    subject = engine("subject", "expand-welcome", "saas", hard)
    html = engine("html", "expand-welcome", "saas", hard)
    gmail = urlsplit(composing.followed(page, "Open in Gmail"))
    assert (gmail.scheme, gmail.netloc, gmail.path) == ("https", "mail.google.com", "/mail/")
    sent = {"view": "cm", "fs": "1", "to": hard["customer_email"], "cc": "sam@example.com", "su": subject}
    assert parse_qs(gmail.query, keep_blank_values=True) == {name: [value] for name, value in sent.items()}
    expect(said(page)).to_have_text("Email copied. Paste it with Ctrl+V.")
    assert clipboard(page)["text/html"] == html
    page.evaluate("Object.defineProperty(Navigator.prototype, 'platform', { value: 'MacIntel' })")
    composing.followed(page, "Open in Gmail")
    expect(said(page)).to_have_text("Email copied. Paste it with \u2318V.")

    composing.put_aside(page)
    mail = urlsplit(composing.followed(page, "Open in email app"))
    assert (mail.scheme, unquote(mail.path)) == ("mailto", hard["customer_email"])
    assert parse_qs(mail.query) == {"cc": ["sam@example.com"], "subject": [subject]}
    assert "+" not in mail.query, "a mail app reads a plus as a plus"
    assert clipboard(page)["text/html"] == html

    fill(page, customer_email="", expand_ae_email="")
    press(page, "Open in email app")
    expect(said(page)).to_have_text(
        "Not opened yet. Sam Rivera would not be in copy: Cc has no address. Fill in Expand AE's email, "
        "or press Open in email app again."
    )
    mail = urlsplit(composing.followed(page, "Open in email app"))
    assert mail.path == ""
    assert "cc" not in parse_qs(mail.query)
    fill(page, customer_email="dana@acme")
    press(page, "Open in email app")
    expect(said(page)).to_have_text("Not opened. Correct: Customer's email.")
    expect(field(page, "customer_email")).to_be_focused()
    longest = "d" * 64 + "@" + ".".join(["acme-robotics"] * 13) + ".example"
    fill(page, customer_email=longest, expand_ae_email="sam@example.com")
    assert len(composing.followed(page, "Open in email app")) < 1800
    page.evaluate(
        """subject => {
            const { mailto } = handover.draft;
            handover.draft.mailto = (mail) => mailto({ ...mail, subject });
        }""",
        "\u6f22" * 200,
    )
    press(page, "Open in email app")
    expect(said(page)).to_have_text(
        "Not opened. Subject and addresses are too long for an email app: use Download draft."
    )


def test_it_copies_in_the_one_way_and_in_the_other(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    other = page.context.new_page()
    other.goto(site + LIGHT)
    html, text = (engine(form, "expand-welcome", "saas", ALL) for form in ("html", "text"))
    for without in (
        "() => { document.execCommand = () => false }",
        "delete document.execCommand; delete Navigator.prototype.clipboard; delete window.ClipboardItem",
    ):
        composing.put_aside(other)
        page.bring_to_front()
        page.evaluate(without)
        page.get_by_role("status").first.evaluate("said => { said.textContent = '' }")
        press(page, "Copy email")
        expect(said(page)).to_have_text("Email copied.")
        expect(page.get_by_role("button", name=re.compile("^Copy email"))).to_be_focused()
        other.bring_to_front()
        assert clipboard(other)["text/html"] == html
        assert clipboard(other)["text/plain"] == text


@pytest.mark.parametrize(
    ("path", "buttons"),
    [
        (WELCOME, ["email", "subject", "plain text", "template for Outreach", "prefilled link"]),
        ("messages/pooled-welcome/", ["HTML for Braze", "subject for Braze"]),
    ],
)
def test_what_cannot_be_copied_is_shown_and_selected(page: Page, site: str, path: str, buttons: list[str]) -> None:
    page.goto(site + path)
    if path == WELCOME:
        fill(page, **ALL)
    other = page.context.new_page()
    other.goto(site + LIGHT)

    def taken(what: str, answer: str) -> dict[str, str]:
        page.bring_to_front()
        press(page, f"Copy {what}")
        expect(page.get_by_text(re.compile(answer, re.IGNORECASE))).to_be_visible()
        page.keyboard.press("Control+C")
        other.bring_to_front()
        return clipboard(other)

    kinds = [what.split(" for ")[0] for what in buttons]
    wanted = [taken(what, f"^{kind}.* copied") for what, kind in zip(buttons, kinds, strict=True)]
    page.evaluate("delete Navigator.prototype.clipboard; document.execCommand = () => false")
    for what, kind, text in zip(buttons, kinds, wanted, strict=True):
        composing.put_aside(other)
        assert taken(what, f"^Your browser blocked copying. The {kind}.* is selected: press Ctrl.C.$") == text
    if path == WELCOME:
        box = page.get_by_role("group", name="To copy: prefilled link")
        expect(box).to_have_text(wanted[-1]["text/plain"])
        page.bring_to_front()
        fill(page, customer_name="Bo")
        expect(box).to_have_count(0)


def test_the_keyboard_alone_is_enough(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    composing.started(page)
    typed = {"customer_name": "Dana", "customer_company": "Acme Robotics", "colleague": "Jo", "sender_name": "Alex Kim"}
    seen = []
    name_before = name_now = ""
    for _ in range(80):
        page.keyboard.press("Tab")
        name, words, outline = page.evaluate(
            """() => {
                 const { activeElement: here } = document;
                 const { outlineStyle, outlineWidth } = getComputedStyle(here);
                 return [here.name || here.id, here.textContent, outlineStyle !== "none" && outlineWidth !== "0px"];
               }"""
        )
        if name in typed:
            assert outline, f"the focus on {name} is seen"
            seen.append(name)
            page.keyboard.type(typed[name])
        name_before, name_now = name_now, name
        if words == "Copy email":
            assert outline
            assert name_before == "sender_name", "the buttons follow the last field"
            page.keyboard.press("Enter")
            break
    expect(said(page)).to_have_text("Email copied.")
    assert seen == list(typed), "first what changes with each customer"
    assert "Jordan Lee" in clipboard(page)["text/html"]
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy plain text")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Copy plain text")).to_be_hidden()
    expect(page.locator(".composer-more summary")).to_be_focused()


def test_a_new_customer_clears_only_the_last_one(page: Page, site: str) -> None:
    page.goto(site + "messages/pooled-welcome/")
    fill(page, first_name="Dana")
    press(page, "Clear customer")
    expect(said(page)).to_be_in_viewport()
    press(page, "Undo")
    page.goto(site + WELCOME)
    fill(page, **ALL)
    saas, managed = page.get_by_role("tab", name="SaaS Only"), page.get_by_role("tab", name="Self Managed")
    managed.click()
    main = page.get_by_role("button", name="Copy email")
    expect(main).to_have_accessible_description("Self Managed")
    page.get_by_role("button", name="Clear customer").dblclick()
    expect(said(page)).to_have_text("Customer details cleared.")
    expect(field(page, "customer_name")).to_be_focused()
    expect(saas).to_have_attribute("aria-selected", "true")
    expect(main).to_have_accessible_description("SaaS Only")
    page.reload()
    expect(saas).to_have_attribute("aria-selected", "true")
    press(page, "Undo")
    expect(said(page)).to_have_text("Customer details are back.")
    expect(managed).to_have_attribute("aria-selected", "true")
    assert values(page) == ALL
    kept = {"first_name": "Dana", **composing.CUSTOMERS}
    assert composing.stored(page, "sessionStorage")["customer"] == {"values": kept}
    press(page, "Clear customer")
    fill(page, customer_name="Bo")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    expect(said(page)).to_be_empty()
    press(page, "Clear customer")
    left = {name: value for name, value in ALL.items() if not name.startswith("customer")}
    assert values(page) == left
    page.goto(site + "messages/pooled-welcome/")
    assert values(page) == {}, "nor is the last one left on another message"
    page.goto(site + WELCOME)
    assert values(page) == left


def test_filling_in_moves_nothing(page: Page, site: str) -> None:
    where = """scrollTo({ top: 0, behavior: "instant" }), [...document.querySelectorAll(
        ".composer :is(form, .field, .composer-bar, button:not(.composer-answer *))")]
      .map(each => { const { x, y, width, height } = each.getBoundingClientRect(); return [x, y, width, height] })"""
    page.goto(site + WELCOME)
    fill(page, **ALL)
    for width, height in [(1280, 800), (375, 667)]:
        page.set_viewport_size({"width": width, "height": height})
        before = page.evaluate(where)
        for button in ("Copy subject", "Copy email"):
            press(page, button)
            expect(said(page)).to_contain_text("copied")
            assert page.evaluate(where) == before
        fill(page, sender_name=f"Alex Kim {width}")
        expect(said(page)).to_be_empty()
        assert page.evaluate(where) == before
    first, form = page.get_by_role("tablist").bounding_box(), page.locator(".composer-form").bounding_box()
    assert first
    assert form
    assert first["y"] < form["y"], "on a phone the variant comes first"
