"""Every kind of page, in a real browser."""

import pytest
from playwright.sync_api import Page

PAGES = ["", "amer-smb/", "messages/", "messages/expand-welcome/", "messages/pooled-welcome/", "links/",
         "placeholders/", "platforms/", "glossary/", "health/", "diagnostics/", "reference/files/",
         "reference/platforms/", "reference/commands/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(page: Page, site: str, path: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
