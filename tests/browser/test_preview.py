"""The full email on its page: the real HTML in a frame, its switches, its size and its downloads."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import composing
from tests.browser.composing import LIGHT

LOADED = "({ contentDocument: { URL, readyState } }) => URL !== 'about:blank' && readyState === 'complete'"
"""True once the email has come into its frame."""
LOOKS = """([width, isDark]) => innerWidth === width
  && matchMedia('(prefers-color-scheme: dark)').matches === isDark"""


@pytest.mark.parametrize("message", ["pooled-welcome", "expand-welcome"])
def test_the_switches_change_the_email_in_its_frame(page: Page, site: str, message: str) -> None:
    # Playwright's own choice would hold inside of the frame too.
    page.emulate_media(color_scheme="null")
    page.goto(f"{site}messages/{message}/")
    preview = page.locator(".preview").first
    frame = preview.locator("iframe")
    assert frame.get_attribute("sandbox") == "allow-same-origin"
    frame.scroll_into_view_if_needed()
    inside = preview.frame_locator("iframe").locator("body")
    page.wait_for_function(LOADED, arg=frame.element_handle())
    colours = set()
    for scheme, width in [("Light", "Desktop"), ("Dark", "Phone"), ("Light", "Phone"), ("Dark", "Desktop")]:
        for name in (scheme, width):
            button = preview.get_by_role("button", name=name, exact=True)
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        other = preview.get_by_role("button", name="Dark" if scheme == "Light" else "Light", exact=True)
        expect(other).to_have_attribute("aria-pressed", "false")
        expected = 375 if width == "Phone" else 640
        inner = frame.element_handle().content_frame()
        assert inner is not None
        inner.wait_for_function(LOOKS, arg=[expected, scheme == "Dark"])
        assert inside.evaluate("() => document.documentElement.scrollWidth") <= expected
        colours.add((scheme, inside.evaluate("body => getComputedStyle(body).backgroundColor")))
    assert len(colours) == 2
    assert len({colour for _, colour in colours}) == 2, "the email itself is light and dark"

    # The frame is as high as the email.
    heights = []
    for width in ("Desktop", "Phone"):
        preview.get_by_role("button", name=width, exact=True).click()
        page.wait_for_function(
            "frame => frame.clientHeight > 600 && frame.clientHeight === "
            "Math.ceil(frame.contentDocument.documentElement.getBoundingClientRect().height)",
            arg=frame.element_handle(),
        )
        heights.append(frame.evaluate("frame => frame.clientHeight"))
    assert heights[0] < heights[1]


def test_the_frame_takes_no_step_of_the_back_button(page: Page, site: str) -> None:
    page.goto(site + LIGHT)
    page.goto(f"{site}messages/expand-welcome/")
    steps = page.evaluate("history.length")
    for frame in page.locator(".preview iframe:visible").all():
        frame.scroll_into_view_if_needed()
        expect(frame.content_frame.locator("body")).not_to_be_empty()
    for _ in range(3):
        page.reload(wait_until="networkidle")
        assert page.evaluate("history.length") == steps


def test_the_full_letter_is_there_once_with_what_is_filled_in(page: Page, site: str) -> None:
    page.goto(f"{site}messages/expand-welcome/")
    composing.fill(page, customer_name="Dana <3", expand_ae="Sam Rivera", expand_ae_calendar="https://calendly.com/sam")
    for name, step in (("SaaS Only", "Link your subscription"), ("Self Managed", "Apply your license keys")):
        page.get_by_role("tab", name=name).click()
        frame = page.locator(".preview iframe:visible")
        expect(frame).to_have_count(1)
        expect(page.locator(".downloads:visible")).to_have_count(1)
        frame.scroll_into_view_if_needed()
        body = frame.content_frame.locator("body")
        expect(body).to_contain_text("Hi Dana <3,")
        expect(body).to_contain_text(step)
        expect(body).to_contain_text("[Customer] as customers")
        expect(body.get_by_role("link", name="book a time")).to_have_attribute("href", "https://calendly.com/sam")
    composing.fill(page, customer_company="Initech")
    expect(body).to_contain_text("Initech as customers")


def test_marketing_picks_a_platform_and_gets_its_files_its_steps_and_an_answer_offline(
    page: Page, site: str, dist: Path
) -> None:
    page.goto(f"{site}messages/pooled-welcome/")
    platform, shown = page.get_by_label("Platform"), page.locator(".platform:visible")
    expect(page.locator(".composer.ready")).to_be_visible()
    for name in ("Copy email", "Open in Gmail", "Download draft", "Open in email app"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for label, name in (("HubSpot", "hubspot"), ("Marketo", "marketo")):
        platform.select_option(label)
        expect(shown).to_have_count(1)
        for what, ending in (("HTML", "html"), ("subject", "subject.txt")):
            composing.put_aside(page)
            shown.get_by_role("button", name=f"Copy {what} for {label}").click()
            expect(shown.get_by_text(re.compile(f"^{what} copied", re.IGNORECASE))).to_be_visible()
            exported = (dist / f"exports/{name}/pooled-welcome.{ending}").read_text(encoding="utf-8")
            assert composing.clipboard(page) == {"text/plain": exported}
        with page.expect_download() as download:
            shown.get_by_role("link", name="Download HTML").click()
        assert download.value.suggested_filename == f"pooled-welcome.{name}.html"
    with page.expect_download() as download:
        shown.get_by_role("link", name="everything").click()
    assert download.value.suggested_filename == "pooled-welcome.marketo.zip"
    expect(shown.get_by_role("listitem").first).to_contain_text("Design Studio")
    expect(page.locator(".inbox-row")).to_contain_text("Let's Get to Work! Meet your sales team")
    page.reload()
    expect(platform).to_have_value("marketo")

    page.evaluate("() => { window.fetch = async () => { throw new TypeError('offline') } }")
    row = page.locator(".downloads tbody tr").first
    row.get_by_role("button").click()
    expect(row.get_by_role("status")).to_have_text("Cannot load the file. Check your connection, then try again.")


def test_size_downloads_and_html_to_copy(page: Page, site: str, dist: Path) -> None:
    page.goto(f"{site}messages/expand-welcome/")
    size = (dist / "exports/preview/expand-welcome.saas.html").stat().st_size
    expect(page.locator(".preview-size").first).to_have_text(
        f"With sample values {size / 1000:.1f} kB (keep it below 80 kB, as Gmail cuts longer emails off). "
        "Shown with what you fill in."
    )
    rows = page.locator(".downloads tbody tr")
    assert rows.count() > 1
    for row in rows.all()[:2]:
        button = row.get_by_role("button")
        address = row.get_by_role("link", name="HTML", exact=True).evaluate("link => link.href")
        composing.put_aside(page)
        button.click()
        expect(row.get_by_role("status")).to_have_text("HTML copied.")
        exported = (dist / address.removeprefix(site)).read_text(encoding="utf-8")
        assert composing.clipboard(page) == {"text/plain": exported}
        label = row.locator("td").first.inner_text().split("\n")[0]
        expect(button).to_have_accessible_name(f"Copy HTML for {label}, SaaS Only")
