"""Every email that is built, in a real browser: narrow and wide, light and dark, without pictures or style sheets.

Besides the shipped messages, one with everything that Markdown has, of a company that writes from right to left.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from handover.check.values import BACKGROUNDS, contrast
from handover.cli import cli
from tests.browser.composing import violations
from tests.conftest import ROOT

TIDELINE = ROOT / "tests/cases/good/tideline"
WIDTHS = (320, 375, 700)
SCHEMES: dict[Literal["light", "dark"], dict[str, object]] = {
    "light": {"rules": {name: {"enabled": False} for name in ("region", "landmark-one-main")}},  # an email is no page
    "dark": {"runOnly": ["color-contrast"]},
}
"""The color schemes, and what axe looks at in each: in dark mode only the colors differ."""
LOGO = 'logo: { src: "https://tideline.example/logo.png", alt: "Tideline „Ö“", width: 560, height: 80 }\n'
RIGHT_TO_LEFT = """
language: ar
foot_words: { ar: { unsubscribe: إلغاء الاشتراك, view_online: عرض في المتصفح, preferences: التفضيلات } }
"""
EVERYTHING = """# مرحبا 中文 Übergröße

Hello {{ skipper }}, *it* is **time**. AwordLONG and https-like/LONG.

## Lists and quotes

1. One
    - Two
        - Three: [find the guide][fitting-guide]

    More of one.
2. Four

> A quote of two lines,
> with `code` in it.

### Smaller

```
if wind > 5:
    reef(LONG)
```

---

**[Open the fitting guide][fitting-guide]**

**[Find a time, whichever suits you and everybody else on board the best][fitting-guide]**
""".replace("LONG", "x" * 70)
READ_FROM_LEFT = """elements => elements.map((element) => {
    const text = element.firstChild;
    const left = (at) => {
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
    };
    const order = [...text.data].map((character, at) => [left(at), character]);
    return order.sort((a, b) => a[0] - b[0]).map(([, character]) => character).join("");
})"""
"""The text of each element of one line, as the eye reads it from left to right."""
AFTER_LIST = "\n    More of one.\n"
"""Text that no editor keeps below a nested list: only an email that is not pasted can have it."""


@pytest.fixture(scope="module")
def emails(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("everything") / "root"
    shutil.copytree(TIDELINE, root)
    brand = root / "data/brand.yml"
    own = brand.read_text(encoding="utf-8").replace("[Tideline Ltd, 1 Quay Street,", '[تايدلاين, "1 Quay Street #5",')
    brand.write_text(own + LOGO + RIGHT_TO_LEFT, encoding="utf-8")
    for name, text in (("season-letter", EVERYTHING), ("welcome-aboard", EVERYTHING.replace(AFTER_LIST, ""))):
        path = root / f"content/messages/{name}.md"
        head = path.read_text(encoding="utf-8").split("---\n")[1]
        path.write_text(f"---\n{head}---\n{text}", encoding="utf-8")
    out = root.parent / "out"
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root), "--out", str(out)])
    assert result.exit_code == 0, result.output
    drafts = [path for each in (dist, out) for path in sorted((each / "exports/preview").glob("*.eml"))]
    made = [path.with_suffix(".html") for path in drafts]  # posts have a preview, too
    assert len(made) >= 6
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that shows no picture and reaches no server."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.abort())
    yield context.new_page()
    context.close()


def bare(html: str) -> str:
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def in_each_scheme(page: Page, html: str) -> Iterator[dict[str, object]]:
    """Show an email in light and in dark mode, and yield what axe looks at in each."""
    page.set_content(html)
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        yield options


def test_every_email_fits_and_can_be_read(emails: list[Path], page: Page) -> None:
    for path in emails:
        html = path.read_text(encoding="utf-8")
        text = re.sub(r": https?://\S+|^[ >]*(?:- |\d+\. |---$)", "", path.with_suffix(".txt").read_text(), flags=re.M)
        for styled in (html, bare(html)):
            for options in in_each_scheme(page, styled):
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 800})
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, (path.name, width)
                assert not set(words(text)) - set(words(page.inner_text("body"))), path.name
                found = [(each["id"], each["nodes"][0]["html"]) for each in violations(page, **options)]
                assert found == [], path.name


def test_what_runs_from_right_to_left_does_so_in_every_line(emails: list[Path], page: Page) -> None:
    ours = [path for path in emails if 'dir="rtl"' in path.read_text(encoding="utf-8")]
    assert ours
    for path in ours:
        for _ in in_each_scheme(page, path.read_text(encoding="utf-8")):
            lines = page.locator("p:not([dir]), li, h1, h2, h3")
            directions = lines.evaluate_all("found => found.map(each => getComputedStyle(each).direction)")
            assert set(directions) == {"rtl"}, path.name
        isolated = page.locator("span[dir], code").filter(has_text=re.compile("^[ -~]+$"))
        read = isolated.evaluate_all(READ_FROM_LEFT)
        expected = ["code", *(["1 Quay Street #5", "Harbourtown"] if path.name.startswith("season") else ["Ada"])]
        assert set(expected) <= set(read), (path.name, read)


def test_a_button_is_large_enough_for_a_thumb(emails: list[Path], page: Page) -> None:
    path = next(path for path in emails if path.name == "pooled-welcome.html")
    page.set_viewport_size({"width": 375, "height": 800})
    for _ in in_each_scheme(page, path.read_text(encoding="utf-8")):
        box = page.locator("td.button a").bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_preheader_takes_no_room_and_stays_out_of_the_text(emails: list[Path], page: Page) -> None:
    for path in emails:
        for _ in in_each_scheme(page, path.read_text(encoding="utf-8")):
            preheader = page.locator("body > div > div").first
            box = preheader.bounding_box()
            assert box is not None
            assert box["height"] == 0
            assert (preheader.text_content() or "") not in path.with_suffix(".txt").read_text(encoding="utf-8")


def test_who_draws_with_word_gets_what_the_compiler_wrote(emails: list[Path]) -> None:
    for path in emails:
        word = re.sub(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", "", path.read_text(encoding="utf-8"), flags=re.S)
        word = re.sub(r"<!--\[if (?:mso|lte mso)[^\]]*\]>(.*?)<!\[endif\]-->", r"\1", word, flags=re.S)
        tables = re.findall(r"<table[^>]*>", word)
        assert tables
        for table in tables:
            attributes = 'border="0" cellpadding="0" cellspacing="0" role="presentation"'
            assert attributes in " ".join(table.split()), path.name
        assert word.count("<table") == word.count("</table>")
        assert word.count("<td") == word.count("</td>")
        for cell in re.findall(r"<td[^>]*border-radius[^>]*>", word):
            assert "bgcolor=" in cell
            assert "mso-padding-alt:14px 28px" in cell


def test_the_colours_bear_being_inverted() -> None:
    """Programs that force a dark scheme turn lightness round; what could be read can be read then too."""
    text = (ROOT / "data/brand.yml").read_text(encoding="utf-8")
    light = dict(re.findall(r'^    (\w+): "(#[0-9a-f]{6})"$', text.split("dark:")[0], re.MULTILINE))
    for over, under in [(over, under) for over, names in BACKGROUNDS.items() for under in names]:
        assert contrast(inverted(light[over]), inverted(light[under])) >= 4.5, (over, under)


def inverted(colour: str) -> str:
    """The same hue with its lightness turned round."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    shift = 255 - max(parts) - min(parts)
    return "#" + "".join(f"{part + shift:02x}" for part in parts)
