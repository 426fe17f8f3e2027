"""The first and the second email of an Account Executive: a colleague from the list, and what the form asks about."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.composing import (
    ALL,
    COLLEAGUES,
    CUSTOMERS,
    TYPED,
    WELCOME,
    copied,
    engine,
    field,
    fill,
    press,
    said,
    stored,
    values,
)

SAM = {
    "expand_ae": "Sam Rivera",
    "expand_ae_email": "sam.rivera@example.com",
    "expand_ae_calendar": "https://calendar.example.com/sam-rivera",
    "expand_ae_pronouns": "she",
}
COUNT = """addEventListener("click", () => sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1, true)"""


def colleague(page: Page) -> Locator:
    return page.get_by_label("Colleague", exact=True)


def test_the_first_email_takes_a_colleague_and_three_fields_the_second_one_two(page: Page, site: str) -> None:
    page.add_init_script(COUNT)
    page.goto(site)
    page.locator("article").get_by_role("link", name="AMER SMB").first.click()
    page.get_by_role("link", name="Fill in and copy this email").first.click()
    expect(page.get_by_role("button", name="Copy email")).to_be_in_viewport()
    assert page.evaluate("sessionStorage.clicks") == "2"
    visible = page.locator(".composer [aria-required]:visible").evaluate_all("all => all.map(each => each.name)")
    assert visible == ["customer_name", "customer_company", "sender_name"]
    colleague(page).select_option(label="Sam Rivera (Expand AE, East)")
    fill(page, customer_name="Dana", customer_company="Acme Robotics", sender_name="Alex Kim")
    first = {**SAM, "customer_name": "Dana", "customer_company": "Acme Robotics", "sender_name": "Alex Kim"}
    assert copied(page, "Copy email")["text/html"] == engine("html", "expand-welcome", "saas", first)
    assert page.evaluate("sessionStorage.clicks") == "3"
    assert values(page) == first

    press(page, "Clear customer")
    expect(page.locator(".fold-line")).to_have_text("You: Alex Kim \u00b7 Change")
    fields = page.locator(".composer [name]:visible").evaluate_all("all => all.map(each => each.name)")
    assert fields == ["customer_name", "customer_company", "customer_email"]
    expect(field(page, "customer_name")).to_be_focused()
    fill(page, customer_name="Bo", customer_company="Globex")
    second = {**first, "customer_name": "Bo", "customer_company": "Globex"}
    assert copied(page, "Copy email")["text/html"] == engine("html", "expand-welcome", "saas", second)
    assert page.evaluate("sessionStorage.clicks") == "5", "clear, copy"

    page.reload()
    expect(page.locator(".fold-line")).to_be_visible()
    expect(colleague(page)).to_have_value("sam-rivera")
    press(page, "Change your details")
    expect(field(page, "sender_name")).to_be_focused()
    assert stored(page, "localStorage")["colleague"] == {"id": "sam-rivera"}


def test_what_the_list_says_now_is_what_is_used(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    colleague(page).select_option("sam-rivera")
    page.evaluate(
        """() => {
             const name = Object.keys(localStorage).find(name => name.endsWith(":people"));
             const old = { expand_ae: "Sam Rivera", expand_ae_calendar: "https://old.example" };
             localStorage.setItem(name, JSON.stringify(old));
           }"""
    )
    page.reload()
    assert values(page) == SAM
    colleague(page).select_option("jordan-lee")
    assert values(page)["expand_ae_calendar"] == "https://calendar.example.com/jordan-lee"
    assert values(page)["expand_ae_pronouns"] == "they"
    colleague(page).select_option("")
    assert values(page) == {}


def test_who_was_typed_in_is_offered_the_next_time(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    colleague(page).select_option("?")
    expect(field(page, "expand_ae")).to_be_focused()
    fill(page, **{**ALL, "expand_ae": "Kim Lee"})
    assert page.locator("optgroup").count() == 0, "only who was used in an email"
    copied(page, "Copy email")
    expect(colleague(page)).to_have_value("+Kim Lee")
    colleague(page).select_option("chris-novak")
    assert values(page)["expand_ae"] == "Chris Novak"
    page.reload()
    expect(page.locator("optgroup[label='Typed in before'] option")).to_have_text(["Kim Lee"])
    colleague(page).select_option("+Kim Lee")
    assert values(page) == {**ALL, "expand_ae": "Kim Lee"}
    # Another calendar of hers replaces the one before.
    fill(page, expand_ae_calendar="https://calendly.com/kim")
    expect(colleague(page)).to_have_value("?")
    copied(page, "Copy email")
    assert stored(page, "localStorage")["colleagues"] == {
        "Kim Lee": {
            "name": "Kim Lee", "email": "sam@example.com", "calendar": "https://calendly.com/kim", "pronouns": "he"
        }
    }  # fmt: skip
    # Whom a link names is nobody's choice of this browser.
    page.goto(f"{site}{WELCOME}#expand_ae=Pat+Doe&expand_ae_calendar=https://pat.example&expand_ae_pronouns=she")
    fill(page, sender_name="Alex Kim", **CUSTOMERS)
    press(page, "Copy email")
    expect(said(page)).to_contain_text("copied")
    assert list(stored(page, "localStorage")["colleagues"]) == ["Kim Lee"]


PASTED = [
    ("expand_ae_calendar", "b\u00fccher.example:8080/x", {"expand_ae_calendar": "https://b\u00fccher.example:8080/x"}),
    ("expand_ae_calendar", "calendly.com/sam", {"expand_ae_calendar": "https://calendly.com/sam"}),
    (
        "customer_name",
        '"Smith, Dana" <mailto:dana@acme.example>;',
        {"customer_email": "dana@acme.example", "customer_name": "Dana"},
    ),
    ("customer_email", "<dana@acme.example>", {"customer_email": "dana@acme.example"}),
    (
        "customer_email",
        "Dana Smith <dana@acme.example>",
        {"customer_email": "dana@acme.example", "customer_name": "Dana"},
    ),
    (
        "expand_ae_email",
        "Sam Rivera <sam@example.com>",
        {"expand_ae_email": "sam@example.com", "expand_ae": "Sam Rivera"},
    ),
    ("customer_company", "Acme <3", {"customer_company": "Acme <3"}),
]


def test_what_people_paste_becomes_what_is_meant(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    everything: dict[str, str] = {}
    for name, typed, becomes in PASTED:
        fill(page, **{name: typed})
        page.keyboard.press("Tab")
        assert values(page) == becomes
        fill(page, **dict.fromkeys(becomes, ""))
        assert values(page) == {}
        everything |= becomes
    for name, typed, _ in PASTED:
        if name != "customer_name":
            fill(page, **{name: typed})
            page.keyboard.press("Tab")
    assert values(page) == everything
    page.reload()
    assert values(page) == everything


SWAP = "{name} is \u201c{first}\u201d, {other} is \u201c{company}\u201d. Swap them, correct them"
WRONG = "{name} is \u201c{first}\u201d. Correct it"
DOUBTFUL = [
    ("Acme Robotics", "Dana", SWAP),
    ("Globex, Inc.", "Bo", SWAP),
    ("Acme Inc", "Bo", SWAP),
    ("M\u00fcller GmbH", "Bo", SWAP),
    ("Muster AG", "Bo", SWAP),
    ("Smith & Co", "Bo", SWAP),
    ("Acme", "Dana", SWAP),  # by the email's domain
    ("Acme Inc", "Globex LLC", WRONG),
    ("dana@acme.example", "Globex", WRONG),
    ("https://acme.example", "Globex", WRONG),
    ("acme.com", "Globex", WRONG),
    ("Acme Robotics", "acme robotics", "{name} is \u201c{first}\u201d, and so is {other}. Correct one"),
    ("Dana", "dana@acme.example", "{other} is \u201c{company}\u201d. Correct it"),
    ("Dana", "https://acme.example/", "{other} is \u201c{company}\u201d. Correct it"),
]
FINE = [
    ("Dana", "Globex"), ("Mary Ann", "Globex"), ("van der Berg", "Acme"), ("Dr. Kim", "Globex"), ("Dr.Kim", "Acme"),
    ("MARIA SA", "Acme"), ("Binh Co", "Globex"), ("Ana Sa", "Globex"), ("J.R.", "Acme Robotics Inc."), ("Inc", "Acme"),
    ("Mar\u00eda Jos\u00e9 de la Cruz", "Globex"), ("Dana", "Booking.com"), ("Dana", "Dana Holdings"),
    ("Tyra Banks", "X1"),
]  # fmt: skip


ANSWER = f"""async (typed) => {{
  ({TYPED})(typed);
  document.querySelector(".composer [data-do=message]").click();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const seen = (element) => document.querySelector(`.composer ${{element}}`);
  return [seen("[role=status]").textContent, seen("[data-do=swap]").checkVisibility()];
}}"""
"""What the page answers to Copy email once these values are typed, and whether it offers to swap them."""


def test_values_that_look_swapped_are_asked_about_once(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    asked = {"name": "Customer's first name", "other": "Customer's company"}
    confirmed = set()
    for first, company, question in DOUBTFUL:
        if said(page).text_content() == "Email copied.":
            press(page, "Clear customer")  # who was copied last
        entered = {**CUSTOMERS, "customer_name": first, "customer_company": company}
        told = f"Check: {question.format(**asked, first=first, company=company)}"
        answer = f"Not copied yet. {told}, or press Copy email again."
        if question in confirmed:
            assert page.evaluate(ANSWER, [*entered.items()]) == [answer, "Swap" in question]
            continue
        confirmed.add(question)
        fill(page, **{**ALL, **entered})
        press(page, "Copy email")
        expect(said(page)).to_have_text(answer)
        expect(page.get_by_role("button", name="Swap them")).to_be_visible(visible="Swap" in question)
        press(page, "Copy email")
        expect(said(page)).to_have_text("Email copied.")
    press(page, "Copy email")
    expect(said(page)).to_have_text("Email copied.")
    press(page, "Copy email")
    expect(said(page)).to_have_text("Email copied.")
    fill(page, customer_name="Umbrella Labs", customer_company="Eve")
    expect(field(page, "customer_name")).not_to_have_accessible_description(re.compile("right"))
    press(page, "Copy email")
    expect(field(page, "customer_company")).to_have_accessible_description(re.compile("Is it right"))
    press(page, "Swap them")
    expect(said(page)).to_be_empty()
    expect(field(page, "customer_company")).not_to_have_accessible_description(re.compile("Is it right"))
    assert values(page) == {**ALL, "customer_name": "Eve", "customer_company": "Umbrella Labs"}
    expect(page.get_by_role("button", name="Swap them")).to_be_hidden()
    press(page, "Clear customer")
    for first, company in FINE:
        entered = {"customer_name": first, "customer_company": company}
        assert page.evaluate(ANSWER, [*entered.items()]) == ["Email copied.", False]
    fill(page, sender_name="alex@example.com")
    press(page, "Copy email")
    expect(said(page)).to_contain_text("Check: Your name is \u201calex@example.com\u201d. Correct it, or press")
    # What a value alone shows is asked at its field, before anything is copied.
    for name, typed, looks in [
        ("customer_name", "dana@acme.example", "an email address"),
        ("customer_name", "acme.com", "a URL"),
        ("customer_company", "www.acme.example", "a URL"),
        ("customer_company", "acme.example/about", "a URL"),
        ("customer_company", "Booking.com", None),
    ]:
        fill(page, **{name: typed})
        page.keyboard.press("Tab")
        words = f"This looks like {looks}. Is it right?" if looks else ""
        expect(page.locator(f"#wrong-{name}")).to_have_text(words)


def test_an_address_that_stays_when_the_person_changes_is_asked_about(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **ALL)
    copied(page, "Copy email")
    for changed, asks, kept, was in [
        ({"customer_name": "Lee", "customer_company": "Globex"}, ["Customer's email"], ["customer_email"], "Dana"),
        ({"customer_company": "Initech"}, ["Customer's email"], ["customer_email"], "Globex"),
        (
            {"expand_ae": "Kim Poe"},
            ["Expand AE's email", "Expand AE's calendar link"],
            ["expand_ae_email", "expand_ae_calendar"],
            "Sam Rivera",
        ),
    ]:
        fill(page, **changed)
        press(page, "Copy email")
        still = ", ".join(f"{ask} is \u201c{ALL[name]}\u201d" for ask, name in zip(asks, kept, strict=True))
        expect(said(page)).to_have_text(
            f"Not copied yet. Check: {still}, as for {was}. Correct it, or press Copy email again."
        )
        for name in kept:
            expect(field(page, name)).to_have_accessible_description(re.compile(f"Still {was}'s"))
        press(page, "Copy email")
        expect(said(page)).to_have_text("Email copied.")
    fill(page, customer_name="Bo", customer_email="bo@globex.example")
    press(page, "Copy email")
    expect(said(page)).to_have_text("Email copied.")
    fill(page, customer_name="BO")
    press(page, "Copy email")
    expect(said(page)).to_have_text("Email copied.")
    press(page, "Clear customer")
    fill(page, customer_name="Cy", customer_company="Umbrella", customer_email="bo@globex.example")
    press(page, "Copy email")
    expect(said(page)).to_have_text("Email copied.")


def test_nobody_in_copy_is_said_before_it_is_copied(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page, **{**ALL, "expand_ae_email": ""})
    expect(page.locator("[data-line=cc]")).to_have_text("Sam Rivera (no address yet)")
    for button in ("Copy email", "Copy plain text", "Download draft"):
        press(page, button)
        expect(said(page)).to_contain_text(
            "Sam Rivera would not be in copy: Cc has no address. Fill in Expand AE's email, or press"
        )
        fill(page, expand_ae_email=COLLEAGUES["expand_ae_email"])
        expect(said(page)).to_be_empty()
        fill(page, expand_ae_email="")
        page.reload()
    fill(page, expand_ae_email=COLLEAGUES["expand_ae_email"])
    copied(page, "Copy email")


def test_the_actions_are_in_sight(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    buttons = ["Copy email", "Copy subject", "Open in Gmail", "Download draft"]

    def all_in_sight() -> None:
        for name in buttons:
            expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
        expect(page.locator(".composer-more summary")).to_be_in_viewport(ratio=1)

    for width, height in [(1280, 800), (375, 667)]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.activeElement.blur(); scrollTo({ top: 0, behavior: 'instant' })")
        all_in_sight()
        for each in page.locator(".composer-form :is(input, select):visible").all():
            each.focus()
            all_in_sight()
            above = each.evaluate(
                "field => field.getBoundingClientRect().bottom <= "
                "document.querySelector('.composer-bar').getBoundingClientRect().top"
            )
            assert above, "what has the focus is not behind the bar"
        assert page.locator(".composer .main:visible").count() == 1


def test_a_variant_opens_and_has_its_question_below_the_message(page: Page, site: str) -> None:
    page.goto(site + "amer-smb/")
    for label, variant in [("SaaS Only", "saas"), ("Self Managed", "self-managed")]:
        page.locator(".tabbed-labels").get_by_text(label, exact=True).click()
        page.locator("a.md-button:visible", has_text="Fill in and copy this email").click()
        expect(page).to_have_url(f"{site}{WELCOME}?variant={variant}")
        expect(page.get_by_role("tab", name=label)).to_have_attribute("aria-selected", "true")
        question = page.get_by_text("Open question Q3, Self Managed, for Support Readiness")
        expect(question).to_be_visible(visible=variant == "self-managed")
        if variant == "saas":
            page.go_back()
    below = question.evaluate(
        "each => document.querySelector('.composer-mail').getBoundingClientRect().bottom < "
        "each.getBoundingClientRect().top"
    )
    assert below
