"""The pictures of emails: taken with a real browser, shown on their page, and known to be stale."""

import math
import shutil
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result
from PIL import Image
from playwright.sync_api import Browser

import screenshots
from handover.cli import cli
from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT

TIDELINE = ROOT / "tests/cases/good/tideline"


def check(root: Path) -> Result:
    return CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)


def assembled(root: Path) -> Mapping[str, bytes]:
    """What MkDocs gets, with the HTML that it does not see."""
    result = run_pipeline(root)
    pages = site_pages(result, handbook(result), root / "build")
    whole = {path: content for path, content in pages.files.items() if not path.endswith(".md")}
    return whole | {path: pages.parts.fill(pages.files[path].decode()).encode() for path in pages.files.keys() - whole}


def test_pictures_are_taken_shown_and_known_to_be_stale(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "tideline"
    shutil.copytree(TIDELINE, root)
    (root / "docs/screenshots").mkdir(parents=True)
    (root / "docs/screenshots/gone.600.light.webp").write_bytes(b"of an email that is no more")
    assert screenshots.update(root, browser) == "Took the screenshots of 3 of 3 emails."

    pictures = sorted((root / "docs/screenshots").glob("*.webp"))
    assert [path.name.split(".")[:-3] for path in pictures[::4]] == [
        ["season-letter"], ["welcome-aboard", "motor"], ["welcome-aboard", "sail"],
    ]  # fmt: skip
    assert len(pictures) == 12
    for path in pictures:
        width, scheme = path.name.split(".")[-3:-1]
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("WEBP", math.ceil(int(width) * 1.5))
            red, green, blue = picture.convert("RGB").getpixel((5, picture.height - 5))  # type: ignore[misc]
            assert (red + green + blue < 200) == (scheme == "dark"), path.name
        assert path.stat().st_size <= 80_000

    assert check(root).stdout == "All is well.\n"
    letter = root / "content/messages/season-letter.md"
    letter.write_text(letter.read_text().replace("Hello", "Good morning"))
    checked = check(root)
    assert checked.exit_code == 0
    assert "warning stale-picture: the images of 'season-letter' show an older version of it." in checked.stdout

    pages = assembled(root)
    for message in ("season-letter", "welcome-aboard"):
        page = pages[f"messages/{message}/index.md"].decode()
        assert ("These images show an older version of the email." in page) == (message == "season-letter")
        for path in (path for path in pictures if path.name.startswith(message)):
            assert f'src="../../assets/screenshots/{path.name}"' in page
            assert pages[f"assets/screenshots/{path.name}"] == path.read_bytes()

    assert screenshots.update(root, browser) == "Took the screenshots of 1 of 3 emails."
    assert check(root).stdout == "All is well.\n"
