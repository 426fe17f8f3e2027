"""The message of another company, on a site whose pages change without a reload."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from handover.write.site import MkDocs
from tests.browser import composing
from tests.browser.composing import fill, press, said, values
from tests.conftest import ROOT, call_handover, served

SHORE = """
  - id: to-shore
    title: To the shore
    steps:
      - { who: deckhand, do: hauls it out }
    checklists:
      - id: before-the-winter
        title: Before the winter
        owner: deckhand
        items:
          - do: Haul the boat out.
          - do: Tick the boat off on the [board][harbour-board].
      - id: on-the-shore
        title: On the shore
        owner: Engineer
        items:
          - do: Take the sensors off.
          - { do: Rinse them., owner: deckhand, within: 2 days, of: the landing, message: shore-post }
"""
SHORE_TEXT = """\
The boat leaves the water after the [crew change][scenario:crew-change], with the [letter][message:season-letter].
It is in the [harbour playbook][playbook:harbour], as every [deckhand][term:deckhand] knows.
"""
POST = """\
---
title: To the quay
kind: post
---
**{{ skipper }}** is on the [berth][berth].
"""
SHORE_POST = """\
---
title: How far the boat is
kind: post
---
**{{ checklist.account }}**

{{ checklist.done }}

{{ checklist.open }}
"""
BOAT = """
boat:
  label: Boat
  description: The name of the boat.
  filled_by: customer
  sample: Sea Otter
"""
BERTH = """
berth:
  title: The berth
  url: https://tideline.example/berth?from=deck&boat={{ boat }}&lang=en
  audience: everyone
"""
SNIPPETS = {
    "hello": "---\ntitle: Hello\nsnippet: true\n---\nHello {{ skipper }}, your [berth][berth].\n",
    "goodbye": "---\ntitle: Goodbye\nsnippet: true\n---\nGoodbye {{ skipper }}. {{ engineer }}\n",
}
NOTE = """\
---
title: {season} post
kind: post
placeholders:
  note: {{ label: {season} note, description: What to know., filled_by: team, sample: all is well }}
---
{{{{ note }}}} for {{{{ skipper }}}}
"""


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, mkdocs: MkDocs) -> Iterator[str]:
    """The address of a site that knows its address, so that the theme exchanges its pages."""
    root, dist = tmp_path_factory.mktemp("harbour"), tmp_path_factory.mktemp("served")
    shutil.copytree(ROOT / "tests/cases/good/tideline", root, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(ROOT / "mkdocs.yml", root)
    with served(dist) as start:
        address = f"{start}harbour/"
        append(root / "data/brand.yml", f"site_url: {address}\n")
        append(root / "data/placeholders.yml", BOAT)
        append(root / "data/links.yml", BERTH)
        append(root / "content/messages/welcome-aboard.md", "\nYour [berth][berth].\n")
        welcome = root / "content/messages/welcome-aboard.md"
        own = "motor: { label: Motor boats, subject: Full speed, language: ar }"
        welcome.write_text(welcome.read_text(encoding="utf-8").replace("motor: Motor boats", own), encoding="utf-8")
        (root / "content/scenarios/to-shore.md").write_text(SHORE_TEXT, encoding="utf-8")
        (root / "content/messages/quay-post.md").write_text(POST, encoding="utf-8")
        (root / "content/messages/shore-post.md").write_text(SHORE_POST, encoding="utf-8")
        for name, snippet in SNIPPETS.items():
            (root / f"content/blocks/{name}.md").write_text(snippet, encoding="utf-8")
        for season in ("summer", "winter"):
            (root / f"content/messages/{season}.md").write_text(NOTE.format(season=season), encoding="utf-8")
        playbook = root / "data/playbooks/harbour.yml"
        text = playbook.read_text(encoding="utf-8")
        text = text.replace("\n  cells:", "\n      - { id: shore, name: Shore }\n  cells:")
        text = text.replace(
            "\nscenarios:",
            "\n    - { row: first-mooring, column: shore, scenario: to-shore, summary: Out. }\nscenarios:",
        )
        playbook.write_text(text.replace("\nowner:", SHORE.rstrip() + "\nowner:"), encoding="utf-8")
        built = call_handover("build", "--root", str(root), "--out", str(dist / "harbour"))
        assert built.returncode == 0, built.stdout + built.stderr
        yield address


VALUES = {
    "engineer": "Noor Haddad",
    "engineer_calendar": "https://book.tideline.example/noor?a=1&b=2",
    "engineer_pronouns": "they",
    "skipper": "Ada",
    "skipper_email": "ada@boat.example",
    "boat": "Sea Otter & Co / 1",
}
BERTH_OF = "https://tideline.example/berth?from=deck&amp;boat=Sea%20Otter%20%26%20Co%20%2F%201&amp;lang=en"


@pytest.fixture
def deck(context: BrowserContext, harbour: str) -> Page:
    """A tab of the other company's site."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=harbour.removesuffix("/harbour/"))
    return context.new_page()


def test_the_message_of_another_company(deck: Page, harbour: str) -> None:
    raw = deck.request.get(harbour + "messages/welcome-aboard/").text()
    assert 'Your <a role="link" aria-disabled="true">berth</a>.' in raw, (
        "without a script an address that lacks something leads nowhere"
    )
    deck.goto(harbour + "messages/welcome-aboard/")
    press(deck, "Copy subject")
    expect(said(deck)).to_have_text("Not copied. Fill in: Skipper.")
    link = deck.get_by_role("tabpanel").get_by_text("berth", exact=True)
    expect(link).not_to_have_attribute("href", "https://tideline.example/berth?from=deck&boat=&lang=en")
    fill(deck, **{name: value for name, value in VALUES.items() if name != "boat"})
    composing.put_aside(deck)
    press(deck, "Copy email")
    expect(said(deck)).to_have_text("Not copied. Fill in: Boat.")
    deck.evaluate("getSelection().selectAllChildren(document.querySelector('.composer-text'))")
    deck.keyboard.press("Control+C")
    assert composing.clipboard(deck) == {"text/plain": "as before"}
    fill(deck, boat=VALUES["boat"])
    assert composing.copied(deck, "Copy subject") == {"text/plain": "Welcome aboard, Ada"}
    got = composing.copied(deck, "Copy email")["text/html"]
    assert "<p>Hello Ada,</p>" in got
    assert "They are glad to help." in got
    assert '<a href="https://book.tideline.example/noor?a=1&amp;b=2">find a time</a>' in got
    assert f'<a href="{BERTH_OF}">berth</a>' in got
    deck.get_by_role("tab", name="Motor boats").click()
    expect(deck.locator("[data-line=subject]")).to_have_attribute("dir", "rtl")
    assert composing.copied(deck, "Copy subject") == {"text/plain": "Full speed"}
    assert "away from the engine" in composing.copied(deck, "Copy plain text")["text/plain"]


def test_a_field_of_one_message_is_empty_in_another_that_has_one_by_the_same_id(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "messages/summer/")
    expect(deck.get_by_role("group", name="This post")).to_contain_text("summer note")
    fill(deck, note="Paint the hull", skipper="Ada")
    deck.goto(harbour + "messages/winter/")
    assert values(deck) == {"skipper": "Ada"}
    deck.goto(harbour + "messages/summer/")
    assert values(deck) == {"note": "Paint the hull", "skipper": "Ada"}


def test_it_starts_once_on_each_page_that_the_theme_exchanges(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "harbour/")
    deck.wait_for_load_state("networkidle")
    deck.evaluate("window.sameAsBefore = true")
    letter = deck.locator("article a[href$='messages/welcome-aboard/']").first
    crew = deck.locator("nav a[href$='/harbour/harbour/']").first
    for visit in range(2):
        letter.evaluate("link => link.click()")
        expect(deck.get_by_role("tab", name="Sailing boats")).to_be_visible()
        if not visit:
            fill(deck, **VALUES)
            deck.get_by_role("tab", name="Motor boats").click()
        assert values(deck) == VALUES
        expect(deck.get_by_role("tab", name="Motor boats")).to_have_attribute("aria-selected", "true")
        composing.copied(deck, "Copy email")
        buttons = deck.locator(".downloads [data-copy]")
        expect(deck.locator(".downloads [role=status]")).to_have_count(buttons.count())
        crew.evaluate("link => link.click()")
        expect(deck.locator(".checklist-bar")).to_have_count(3)
    deck.go_back()
    expect(deck.get_by_role("tabpanel")).to_contain_text("Hello Ada,")
    assert values(deck) == VALUES
    deck.go_forward()
    expect(deck.locator(".checklist-bar")).to_have_count(3)
    # A link with values, followed from another page: all there, and nothing of it left.
    deck.evaluate(
        """address => {
             const link = Object.assign(document.createElement("a"), { href: address, textContent: "record" });
             document.querySelector("article").append(link);
             link.click();
           }""",
        f"{harbour}messages/welcome-aboard/?variant=sail#skipper=Bo&boat=Gull",
    )
    expect(deck.get_by_role("tabpanel", name="Sailing boats")).to_contain_text("Hello Bo,")
    kept = {name: value for name, value in VALUES.items() if name.startswith("engineer")}
    assert values(deck) == {**kept, "skipper": "Bo", "boat": "Gull"}
    expect(deck).to_have_url(f"{harbour}messages/welcome-aboard/?variant=sail")
    assert deck.evaluate("window.sameAsBefore"), "the theme exchanged every page"
    for _ in range(3):
        deck.go_back()
        assert "Bo" not in deck.url


def test_an_address_of_the_page_itself_that_the_theme_goes_to_without_loading_it(deck: Page, harbour: str) -> None:
    letter = harbour + "messages/welcome-aboard/"
    deck.goto(letter)
    fill(deck, **VALUES)
    deck.evaluate("window.sameAsBefore = true")

    def follow(address: str) -> None:
        deck.evaluate(
            """address => {
                 const link = Object.assign(document.createElement("a"), { href: address, textContent: "x" });
                 document.querySelector("article").append(link);
                 link.click();
                 link.remove();
               }""",
            address,
        )

    follow(letter + "?variant=motor")
    expect(deck.get_by_role("tab", name="Motor boats")).to_have_attribute("aria-selected", "true")
    assert values(deck) == VALUES
    follow(letter + "?variant=sail#skipper=Bo&boat=Gull")
    expect(deck.get_by_role("tabpanel", name="Sailing boats")).to_contain_text("Hello Bo,")
    expect(deck).to_have_url(letter + "?variant=sail")
    kept = {name: value for name, value in VALUES.items() if name.startswith("engineer")}
    assert values(deck) == {**kept, "skipper": "Bo", "boat": "Gull"}
    for _ in range(3):  # the theme may go to the part after the `#` once more, which leaves steps of their own
        deck.go_back()
        deck.wait_for_timeout(500)
        assert "Bo" not in deck.url
        if deck.url.endswith("?variant=motor"):
            break
    expect(deck.get_by_role("tab", name="Motor boats")).to_have_attribute("aria-selected", "true")
    assert deck.evaluate("window.sameAsBefore")


def test_the_snippets_of_a_page_share_their_values(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "snippets/")
    hello, goodbye = (deck.get_by_role("region", name=f"Copy: {name}") for name in ("Hello", "Goodbye"))
    hello.get_by_label("Skipper").fill("Ada")
    expect(goodbye.locator(".composer-text")).to_have_text("Goodbye Ada. [Engineer]")
    goodbye.get_by_role("button", name="Copy snippet").click()
    expect(goodbye.get_by_role("status")).to_have_text("Not copied. Fill in: Colleague.")
    goodbye.get_by_label("Colleague", exact=True).select_option("?")
    goodbye.get_by_label("Engineer", exact=True).fill("Noor")
    goodbye.get_by_role("button", name="Copy snippet").click()
    expect(goodbye.get_by_role("status")).to_have_text("Snippet copied.")
    assert composing.clipboard(deck)["text/plain"] == "Goodbye Ada. Noor\n"
    hello.get_by_label("Boat").fill("Gull & Co")
    hello.get_by_role("button", name="Copy snippet").click()
    expect(hello.get_by_role("status")).to_have_text("Snippet copied.")
    assert "berth?from=deck&amp;boat=Gull%20%26%20Co&amp;lang=en" in composing.clipboard(deck)["text/html"]
    goodbye.get_by_role("button", name="Clear customer").click()
    expect(hello.locator(".composer-text")).to_have_text("Hello [Skipper], your berth.")
    goodbye.get_by_role("button", name="Undo").click()
    expect(hello.locator(".composer-text")).to_have_text("Hello Ada, your berth.")


def test_two_checklists_do_not_mix(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "harbour/")
    first, second, _ = deck.locator(".checklist").all()
    for account in ("", "Gull"):
        second.get_by_label("Account", exact=True).fill(account)
        second.get_by_label("Account", exact=True).press("Tab")
        second.get_by_role("checkbox", name="Tick the boat off").check()
        expect(second.get_by_role("status").first).to_have_text("1 of 2")
        expect(first.get_by_role("status").first).to_have_text("0 of 1")
    first.get_by_label("Account", exact=True).fill("Gull")
    first.get_by_label("Account", exact=True).press("Tab")
    expect(first.get_by_role("status").first).to_have_text("0 of 1")
    second.get_by_role("button", name="Start over").click()
    expect(first.get_by_label("Account", exact=True)).to_have_value("Gull")


def test_a_post_is_filled_in_and_copied(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "messages/quay-post/")
    press(deck, "Copy post")
    expect(said(deck)).to_have_text("Not copied. Fill in: Skipper, Boat.")
    fill(deck, skipper="Ada", boat=VALUES["boat"])
    got = composing.copied(deck, "Copy post")
    expect(said(deck)).to_have_text("Post copied.")
    assert got["text/html"] == f'<p><strong>Ada</strong> is on the <a href="{BERTH_OF}">berth</a>.</p>\n'
    assert composing.copied(deck, "Copy plain text") == {"text/plain": got["text/plain"]}
    deck.evaluate("getSelection().selectAllChildren(document.querySelector('.composer-text'))")
    deck.keyboard.press("Control+C")
    assert composing.clipboard(deck)["text/plain"].startswith("Ada is on the berth")
    assert deck.get_by_role("button", name="Copy subject").count() == 0


def test_the_checklists_of_a_scenario_share_the_account_and_the_owner(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "harbour/")
    other, hauled, shore = deck.locator(".checklist").all()
    shore.get_by_role("button", name="Copy post").click()
    expect(shore.get_by_role("status").last).to_have_text("Not copied. Fill in: Account.")
    hauled.get_by_label("Account", exact=True).fill("Gull")
    hauled.get_by_label("Account", exact=True).press("Tab")
    expect(shore.get_by_label("Account", exact=True)).to_have_value("Gull")
    expect(other.get_by_label("Account", exact=True)).to_have_value("")
    shore.get_by_role("checkbox", name="Rinse them.", exact=True).check()
    shore.get_by_role("button", name="Copy post").click()
    expect(shore.get_by_role("status").last).to_have_text("Post copied.")
    assert composing.clipboard(deck)["text/plain"] == "Gull\n\n- Rinse them.\n\n- Take the sensors off.\n"
    expect(other.get_by_label("Items of")).to_have_count(0)
    owners = shore.get_by_label("Items of")
    assert owners.locator("option").all_inner_texts() == ["Everyone", "DH", "Engineer"]
    owners.select_option("Engineer")
    expect(shore.get_by_role("checkbox")).to_have_count(1)
    expect(shore.get_by_role("status").first).to_have_text("0 of 1")
    expect(hauled.get_by_label("Items of")).to_have_value("Engineer")
    expect(hauled.get_by_role("checkbox")).to_have_count(0)
    deck.reload()
    expect(shore.get_by_role("checkbox")).to_have_count(1)
    shore.get_by_label("Items of").select_option("Everyone")
    expect(shore.get_by_role("status").first).to_have_text("1 of 2")
    assert shore.get_by_role("checkbox").evaluate_all("all => all.map(each => each.checked)") == [False, True]


def test_the_list_of_messages_is_filtered_with_the_keyboard_and_keeps_the_choice(deck: Page, harbour: str) -> None:
    deck.goto(harbour + "messages/")
    kind, sender = deck.get_by_label("Kind"), deck.get_by_label("Sender")
    shown = deck.locator(".message-list li:visible a")
    expect(deck.locator(".message-count")).to_have_text("6 of 6 messages")
    expect(deck.get_by_label("Playbook")).to_have_count(0)  # there is only one
    kind.focus()
    deck.keyboard.type("Chat")
    expect(shown).to_have_count(4)
    expect(deck.locator(".message-count")).to_have_text("4 of 6 messages")
    expect(deck.get_by_role("heading", name="Crew change")).to_be_hidden()
    expect(deck).to_have_url(harbour + "messages/?kind=Chat+post")
    shown.first.click()
    expect(deck.locator(".composer.ready")).to_be_visible()
    deck.get_by_role("link", name="All messages").click()
    expect(deck.locator(".message-count")).to_have_text("6 of 6 messages")
    deck.go_back()
    deck.go_back()
    expect(shown).to_have_count(4)
    kind.select_option("")
    sender.select_option("Harbour office")
    expect(shown).to_have_text(["The season begins"])
    deck.get_by_role("button", name="Show all").click()
    expect(deck.locator(".message-count")).to_have_text("6 of 6 messages")
    expect(deck).to_have_url(harbour + "messages/")


def test_the_list_of_messages_is_whole_without_a_script(browser: Browser, harbour: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 700}) as context:
        page = context.new_page()
        page.goto(harbour + "messages/")
        expect(page.locator(".message-list li:visible")).to_have_count(6)
        expect(page.locator(".message-filters")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
