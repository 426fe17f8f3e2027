"""The full email on its page: the real HTML in a frame, its switches, its size and its downloads."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import composing


@pytest.mark.parametrize("message", ["pooled-welcome", "expand-welcome"])
def test_the_switches_change_the_email_in_its_frame(page: Page, site: str, message: str) -> None:
    # Playwright's own choice would hold inside of the frame too.
    page.emulate_media(color_scheme="null")
    page.goto(f"{site}messages/{message}/")
    preview = page.locator(".preview").first
    frame = preview.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    frame.scroll_into_view_if_needed()
    inside = preview.frame_locator("iframe").locator("body")
    colours = set()
    for scheme, width in [("Light", "Desktop"), ("Dark", "Phone"), ("Light", "Phone"), ("Dark", "Desktop")]:
        for name in (scheme, width):
            button = preview.get_by_role("button", name=name, exact=True)
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        other = preview.get_by_role("button", name="Dark" if scheme == "Light" else "Light", exact=True)
        expect(other).to_have_attribute("aria-pressed", "false")
        expected = 375 if width == "Phone" else 640
        assert inside.evaluate("() => innerWidth") == expected
        assert inside.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "Dark")
        assert inside.evaluate("() => document.documentElement.scrollWidth") <= expected
        colours.add((scheme, inside.evaluate("body => getComputedStyle(body).backgroundColor")))
    assert len(colours) == 2
    assert len({colour for _, colour in colours}) == 2, "the email itself is light and dark"


def test_the_frame_takes_no_step_of_the_back_button(page: Page, site: str) -> None:
    page.goto(site)
    page.goto(f"{site}messages/expand-welcome/")
    steps = page.evaluate("history.length")
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
        expect(frame.content_frame.locator("body")).not_to_be_empty()
    for _ in range(3):
        page.reload(wait_until="networkidle")
        assert page.evaluate("history.length") == steps


def test_size_downloads_and_html_to_copy(page: Page, site: str, dist: Path) -> None:
    page.goto(f"{site}messages/pooled-welcome/")
    size = (dist / "exports/preview/pooled-welcome.html").stat().st_size
    expect(page.locator(".preview-size")).to_have_text(f"{size / 1000:.1f} kB of 80 kB, with sample values.")
    rows = page.locator(".downloads tbody tr")
    assert rows.count() > 1
    for row in rows.all():
        button = row.get_by_role("button")
        address = row.get_by_role("link", name="HTML", exact=True).evaluate("link => link.href")
        composing.put_aside(page)
        button.click()
        expect(row.get_by_role("status")).to_have_text("HTML copied.")
        made = (dist / address.removeprefix(site)).read_text(encoding="utf-8")
        assert composing.clipboard(page) == {"text/plain": made}
        label = row.locator("td").first.inner_text().split("\n")[0]
        expect(button).to_have_accessible_name(f"Copy HTML for {label}")


def test_a_file_that_cannot_be_had_is_said(page: Page, site: str) -> None:
    page.add_init_script("window.fetch = async () => { throw new TypeError('offline') }")
    page.goto(f"{site}messages/pooled-welcome/")
    row = page.locator(".downloads tbody tr").first
    row.get_by_role("button").click()
    expect(row.get_by_role("status")).to_have_text("Cannot load the file. Check your connection, then try again.")
