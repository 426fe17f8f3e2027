"""Markup in every value of data and content that takes it: no page and no email runs it, loads it, or contains it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import yaml
from playwright.sync_api import Browser

from handover.cli.cache import Cache
from handover.cli.pipeline import run_pipeline
from handover.write.site import MkDocs
from tests.conftest import ROOT, call_handover, served

TIDELINE = ROOT / "tests/cases/good/tideline"
ELSEWHERE = "http://127.0.0.2:9"

CANARIES = {
    "markup": (
        "",
        f"</title></p></td></div><meta http-equiv=refresh content='0;url={ELSEWHERE}/r'><script>ran()</script>"
        f"<img src={ELSEWHERE}/i onerror=ran()><iframe src={ELSEWHERE}/f></iframe><svg onload=ran()>"
        f"\"' onmouseover=ran() style='background:url({ELSEWHERE}/s)' x=\"><b onclick='ran()'>",
    ),
    "markdown": (
        f'!!! note "<script>ran()</script>" <img src={ELSEWHERE}/i> ',
        f"<javascript:ran()> <{ELSEWHERE}/a> {{: onclick=ran() }} `<script>ran()</script>` | ~~~ | "
        "&lt;script&gt;ran()&lt;/script&gt; &#60;script>ran()&#60;/script>"
        f"![i]({ELSEWHERE}/i) [a](javascript:ran()) [b][c] *[a]: b",
    ),
}
"""What to write before and behind a value: both, or the one that it takes."""
TRIES = (("markup", "markdown"), ("markup",), ("markdown",), ())


class Sheet:
    """A file whose text values in YAML get canaries each: those of `tries` that `tried` has the number of."""

    def __init__(self, root: Path, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.start, end = 0, len(self.text)
        if path.suffix == ".md":
            self.start, end = (4, self.text.index("\n---\n") + 1) if self.text.startswith("---\n") else (0, 0)
        self.scalars = list(scalars(yaml.compose(self.text[self.start : end]))) if end else []
        self.tried = [0] * len(self.scalars)
        # Emails print the brand's name, and a bracket in an email is an error.
        self.tries = [names for names in TRIES if self.name != "data/brand.yml" or "markdown" not in names]

    def plant(self) -> None:
        """Write the file with the canaries around each value."""
        text = self.text
        for tried, node in reversed([*zip(self.tried, self.scalars, strict=True)]):
            if canaries := [CANARIES[name] for name in self.tries[tried]]:
                before, behind = ("".join(parts) for parts in zip(*canaries, strict=True))
                begin, end = self.start + node.start_mark.index, self.start + node.end_mark.index
                text = text[:begin] + json.dumps(f"{before}{node.value.strip()} {behind}") + text[end:]
        self.path.write_text(text, encoding="utf-8")

    def refuse(self, line: int) -> bool:
        """Try the next for the values on a line; False if there is none."""
        first = self.text[: self.start].count("\n") + 1
        numbers = [number for number, node in enumerate(self.scalars) if node.start_mark.line + first == line]
        left = [number for number in numbers if self.tries[self.tried[number]]]
        for number in left:
            self.tried[number] += 1
        return bool(left)

    def has(self, canary: str) -> int:
        """How many values have a canary."""
        return sum(canary in self.tries[tried] for tried in self.tried)


def scalars(node: Any) -> Iterator[Any]:
    """The text values below a node that are on one line: not the keys, and no numbers, dates or booleans."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from scalars(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from scalars(value)
    elif node.tag == "tag:yaml.org,2002:str" and node.start_mark.line == node.end_mark.line:
        yield node


def planted(root: Path) -> dict[str, int]:
    """Plant each canary into every value that `check` accepts it in; how many those are."""
    paths = [path for path in sorted(root.rglob("*")) if path.suffix in (".yml", ".md")]
    sheets = {sheet.name: sheet for sheet in (Sheet(root, path) for path in paths)}
    cache = Cache()
    for _ in range(120):
        for sheet in sheets.values():
            sheet.plant()
        errors = [found for found in run_pipeline(root, cache=cache).diagnostics if found.severity == "error"]
        if not errors:
            return {name: sum(sheet.has(name) for sheet in sheets.values()) for name in CANARIES}
        places = {(found.place.path, found.place.line) for found in errors}
        refused = [sheets[path].refuse(line) for path, line in places if path in sheets]
        assert any(refused), [str(found) for found in errors]
    raise AssertionError("there is no end of values that cannot have a canary")


def test_no_value_becomes_markup(browser: Browser, tmp_path: Path, mkdocs: MkDocs) -> None:
    root, dist = Path(shutil.copytree(TIDELINE, tmp_path / "root")), tmp_path / "dist"
    counts = planted(root)
    assert counts["markup"] > 50
    assert counts["markdown"] > 50
    built = call_handover("build", "--root", str(root), "--out", str(dist))
    assert built.returncode == 0, built.stdout + built.stderr
    files = sorted(dist.rglob("*.html"))
    for path in files:
        assert in_file(path) == [], path
    # Browsers open the site and the previews; the other exports are for platforms.
    opened = (path for path in files if "exports" not in path.parts or path.parent.name == "preview")
    pages = [path for path in opened if "ran()" in path.read_text(encoding="utf-8")]
    assert len(pages) > 9
    with served(dist) as start:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script("window.ran = () => { document.documentElement.dataset.ran = 'yes'; }")
        for path in pages:
            page.goto(start + path.relative_to(dist).as_posix())
            page.mouse.move(300, 300)
            assert page.evaluate(IN_BROWSER) == [], path
        page.goto(start)
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").press_sequentially("harbour")
        page.locator(".md-search-result__link").first.wait_for()
        assert page.evaluate(IN_BROWSER) == []
        page.close()
    assert [url for url in asked if not url.startswith((start, "data:", "blob:"))] == []


IN_BROWSER = r"""() => {
  const elsewhere = /^((https?:)?\/\/127\.0\.0\.2|javascript:)/;
  const marked = ({name, value}) => name.startsWith('on') || value === 'refresh'
    || (['src', 'href', 'srcset'].includes(name) && elsewhere.test(value))
    || (name === 'style' && value.includes('127.0.0.2'));
  const elements = [...document.querySelectorAll('*')].filter(each => [...each.attributes].some(marked));
  const scripts = [...document.scripts].filter(each => !each.id && each.textContent.includes('ran()'));
  const ran = document.documentElement.dataset.ran ? ['it ran'] : [];
  return [...ran, ...[...elements, ...scripts].map(each => each.outerHTML.slice(0, 200))];
}"""
"""Whether a canary ran in a page, and the elements of it."""


def in_file(path: Path) -> list[str]:
    """The elements and attributes of a canary in a file of HTML."""
    found = []
    for element in html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False).iter():
        for name, value in element.attrib.items():
            loads = name in ("src", "href", "srcset") and re.match(r"(https?:)?//127\.0\.0\.2|javascript:", value)
            if name.startswith("on") or value == "refresh" or loads or (name == "style" and "127.0.0.2" in value):
                found.append(f"<{element.tag} {name}={value!r}>")
        if element.tag == "script" and "ran()" in (element.text or "") and not element.get("type"):
            found.append(f"<script>{element.text}")
    return found
