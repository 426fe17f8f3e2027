"""The picture at the top of the README, by `make screenshots`: the page of an email, filled in with sample values.

Opens the built site in a browser, chooses the first colleague, and fills in what is left.
"""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from playwright.sync_api import Page, sync_playwright

from handover.paths import SafePath
from screenshots import small

ROOT = Path(__file__).parents[1]
MESSAGE = "expand-welcome"
PICTURE = ROOT / "docs/readme/page.webp"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a log."""

    def log_message(self, *_: object) -> None:
        """Called for each request."""


def fill_in(page: Page) -> None:
    """Fill in the form of the message with the sample of each placeholder."""
    placeholders = yaml.safe_load((ROOT / "data/placeholders.yml").read_text(encoding="utf-8"))
    page.get_by_label("Colleague", exact=True).select_option(index=1)
    for name, placeholder in placeholders.items():
        field = page.locator(f".composer input[name={name}]:visible")
        if field.count() and not field.input_value():
            field.fill(placeholder["sample"])
    page.locator(".composer input:visible").last.blur()
    page.mouse.move(0, 0)


def main() -> None:
    """Take the picture of the site in dist/."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT / "dist")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chromium-headless-shell"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5, color_scheme="light")
        page.goto(f"http://127.0.0.1:{server.server_port}/messages/{MESSAGE}/", wait_until="networkidle")
        fill_in(page)
        SafePath.given(PICTURE, ROOT).write(small(page.screenshot()))
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
