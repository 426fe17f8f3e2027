"""Screenshots of each email, for its page and the README: `make screenshots`.

Opens each preview with missing or stale screenshots in a browser, and writes docs/screenshots/.
"""

import argparse
import io
import shutil
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from handover.cli.selection import sound
from handover.model.document import Artifact
from handover.model.picture import INDEX, SCHEMES, SCREENSHOTS, WIDTHS, digest, file_name
from handover.paths import PathRefused, SafePath

LIMIT = 80_000
"""The largest size of a screenshot, in bytes."""

HEAD = "# Written by `make screenshots`: the digest of the HTML that the screenshots of each email show.\n"


def files(email: Artifact, root: Path) -> dict[tuple[int, str], Path]:
    """The path of each screenshot, by the window's width and the color scheme."""
    assert email.message is not None  # noqa: S101 - of a preview
    return {
        (width, scheme): root / SCREENSHOTS / file_name(email.message, email.variant, width, scheme)
        for width in WIDTHS
        for scheme in SCHEMES
    }


def index(root: Path) -> dict[str, dict[str, Any]]:
    """The digests that the existing screenshots show, by message."""
    path = root / INDEX
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def entries(emails: list[Artifact]) -> dict[str, dict[str, Any]]:
    """The content of the index for these emails."""
    written: dict[str, dict[str, Any]] = {}
    for email in emails:
        entry = written.setdefault(str(email.message), {})
        if email.variant is None:
            entry["html"] = digest(email)
        else:
            entry.setdefault("variants", {})[str(email.variant)] = digest(email)
    return written


def is_current(email: Artifact, known: dict[str, dict[str, Any]], root: Path) -> bool:
    """True if every screenshot exists and shows this version."""
    entry = known.get(str(email.message), {})
    pictured = entry.get("variants", {}).get(email.variant) if email.variant else entry.get("html")
    return pictured == digest(email) and all(path.is_file() for path in files(email, root).values())


def take(page: Page, email: Artifact, root: Path) -> None:
    """Take every screenshot of one email."""
    page.set_content(email.content.decode())
    for (width, scheme), path in files(email, root).items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        SafePath.given(path, root).write(small(page.screenshot(full_page=True)))


def small(png: bytes) -> bytes:
    """The screenshot as WebP below the limit: lossless if possible, else in the best quality that fits."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    settings: list[dict[str, Any]] = [{"lossless": True}, *({"quality": quality} for quality in range(90, 20, -10))]
    for options in settings:
        target = io.BytesIO()
        picture.save(target, "WEBP", **options)
        if target.tell() <= LIMIT:
            return target.getvalue()
    raise SystemExit(f"a screenshot of {picture.width} x {picture.height} pixels exceeds {LIMIT} bytes")


def update(root: Path, browser: Browser, everything: bool = False) -> str:
    """Take the missing and stale screenshots, or all; remove unneeded ones. Returns a summary."""
    SafePath.given(root / INDEX, root).exists()  # a link is refused now, not after the work
    result, catalog = sound(root)
    previews = [each for each in result.artifacts if (each.platform, each.format) == ("preview", "html")]
    emails = [each for each in previews if catalog.messages[each.message or ""].head.is_email]
    needed = {path for email in emails for path in files(email, root).values()}
    for path in needed:
        SafePath.given(path, root).exists()
    known = index(root)
    stale = [email for email in emails if everything or not is_current(email, known, root)]
    # The previews run no script and load nothing.
    with browser.new_context(device_scale_factor=1.5, java_script_enabled=False, offline=True) as context:
        page = context.new_page()
        for email in stale:
            take(page, email, root)
    for path in set((root / SCREENSHOTS).glob("*.webp")) - needed:
        SafePath.given(path, root).remove()
    SafePath.given(root / INDEX, root).write((HEAD + yaml.safe_dump(entries(emails))).encode())
    return f"Took the screenshots of {len(stale)} of {len(emails)} emails."


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="the repository")
    parser.add_argument("--all", action="store_true", help="also take the current ones")
    options = parser.parse_args()
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chromium-headless-shell"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            print(update(options.root, browser, options.all))
        except PathRefused as refused:
            parser.error(str(refused))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
