"""A snippet, as an Account Executive uses it: found, filled in, copied."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import composing
from tests.browser.composing import WELCOME, clipboard, values

INVITATION = (
    "<p>To make sure you have all you need to set up GitLab and onboard successfully, please "
    '<a href="https://calendar.example.com/sam-rivera">book a time with Sam Rivera</a>.</p>'
)


def test_a_snippet_is_filled_in_copied_and_remembered(page: Page, site: str, dist: Path) -> None:
    page.goto(site + WELCOME)
    page.get_by_role("link", name="Meeting invitation").click()
    expect(page).to_have_url(site + "snippets/#meeting-invitation")
    snippet = page.get_by_role("region", name="Copy: Meeting invitation")
    status = snippet.get_by_role("status")
    composing.put_aside(page)
    snippet.get_by_role("button", name="Copy snippet").click()
    expect(status).to_have_text("Not copied. Fill in: Colleague.")
    expect(snippet.get_by_label("Colleague", exact=True)).to_be_focused()
    assert clipboard(page) == {"text/plain": "as before"}
    snippet.get_by_label("Colleague", exact=True).select_option("sam-rivera")
    snippet.get_by_role("button", name="Copy snippet").click()
    expect(status).to_have_text("Snippet copied.")
    assert clipboard(page)["text/html"].strip() == INVITATION
    snippet.get_by_role("button", name="Copy for Outreach").click()
    expect(status).to_have_text(
        "Snippet for Outreach copied. Values that you typed are not in it: Outreach fills in its own."
    )
    export = dist / "exports/outreach/snippets/meeting-invitation.html"
    assert clipboard(page)["text/html"] == export.read_text(encoding="utf-8")
    without = page.get_by_role("region", name="Copy: Priority support")
    without.get_by_role("button", name="Copy for Outreach").click()
    expect(without.get_by_role("status")).to_have_text("Snippet for Outreach copied.")
    page.goto(site + WELCOME)
    assert values(page)["expand_ae"] == "Sam Rivera"


def test_the_search_finds_a_snippet_by_its_words(dist: Path) -> None:
    index = json.loads((dist / "search/search_index.json").read_text(encoding="utf-8"))
    (found,) = [entry for entry in index["docs"] if entry["location"] == "snippets/#meeting-invitation"]
    assert "onboard successfully" in found["text"]
    assert "Choose" not in found["text"], "the words of its form are in the way"
