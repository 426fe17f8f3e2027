"""What is pasted into eight rich text editors keeps its lines, list items, links, and bold and italic words in order.

`make editors` installs the editors; editors.mjs puts them on one page. Where one of them changes a list, the author is
told.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page

from handover.cli.pipeline import PipelineResult, run_pipeline
from tests.conftest import ROOT, served
from tests.test_cases import GOOD, TIDELINE

HERE = Path(__file__).parent
ESBUILD = HERE / "node_modules/.bin/esbuild"
EDITORS = ("roosterjs", "squire", "tiptap", "quill", "trix", "ckeditor", "tinymce", "contenteditable")
TOLD = ("list-number", "paste-differs", "text-after-list")
"""The codes that tell an author of a list that some editor changes."""
BLOCKS = {"p", "div", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3"}


Run = tuple[str, str | None, bool, bool]
"""Letters of one look, their link, and whether they are bold and italic."""


@dataclass
class Line:
    """A line as a reader sees it: the mark of the list item that it begins, and its words."""

    mark: str
    runs: list[Run]

    @property
    def letters(self) -> str:
        return "".join(letters for letters, *_ in self.runs)


def read(fragment: str) -> list[Line]:
    """The lines of an HTML fragment that have words or begin an item. Spaces only count between words."""
    lines = [Line("", [])]

    def add(text: str | None, around: tuple[Any, ...]) -> None:
        tags = {element.tag for element in around}
        link = next((element.get("href") for element in around if element.tag == "a"), None)
        look = (link, bool(tags & {"strong", "b"}), bool(tags & {"em", "i"}))
        lines[-1].runs.extend((letter, *look) for letter in (text or "").replace("\xa0", " "))

    def walk(element: Any, around: tuple[Any, ...]) -> None:
        around = (*around, element)
        splits = element.tag in BLOCKS or element.tag == "br"
        if element.tag == "li":
            lines.append(Line(_mark(element, around), []))
        elif splits and lines[-1].letters.strip():
            lines.append(Line("", []))
        add(element.text, around)
        for child in element:
            walk(child, around)
            add(child.tail, around)
        if element.tag in BLOCKS:
            lines.append(Line("", []))

    walk(html.fragment_fromstring(fragment, create_parent="div"), ())
    return [Line(line.mark, list(_joined(line.runs))) for line in lines if line.mark or line.letters.strip()]


def _mark(item: Any, around: tuple[Any, ...]) -> str:
    """A dash or a number, indented by the lists around the item."""
    parent = item.getparent()
    depth = sum(element.tag in ("ul", "ol") for element in around) - 1
    number = int(parent.get("start", "1")) + parent.findall("li").index(item)
    return "  " * depth + ("-" if parent.tag == "ul" else f"{number}.")


def _joined(letters: list[Run]) -> Iterator[Run]:
    """Letters of one look as one run, and each space in the run of the word before it: its look cannot be seen."""
    words: list[Run] = []
    for letter, link, bold, italic in letters:
        if not letter.isspace():
            words.append((letter, link, bold, italic))
        elif words and not words[-1][0].endswith(" "):
            words[-1] = (words[-1][0] + " ", *words[-1][1:])
    if words:
        words[-1] = (words[-1][0].rstrip(), *words[-1][1:])
    for look, same in groupby(words, lambda run: run[1:]):
        yield ("".join(letter for letter, *_ in same), *look)


Paste = Callable[..., Iterator[dict[str, list[Line]]]]


@pytest.fixture(scope="module")
def paste(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paste]:
    """Paste a fragment into each editor, and read what each of them then has."""
    if not ESBUILD.exists():
        reason = "the editors are not installed: `make editors` does it where there is npm"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("editors")
    shutil.copy(HERE / "index.html", folder)
    bundle = ["editors.mjs", "--bundle", "--log-level=error", f"--outfile={folder / 'editors.js'}"]
    subprocess.run([str(ESBUILD), *bundle], cwd=HERE, check=True)
    with served(folder) as address:
        context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
        yield partial(paste_into_each, context)
        context.close()


def paste_into_each(context: BrowserContext, *fragments: str) -> Iterator[dict[str, list[Line]]]:
    page = context.new_page()
    page.goto("/index.html")
    page.evaluate("ready")
    page.mouse.click(1, 1)  # nothing may be copied before
    for fragment in fragments:
        page.evaluate(
            """html => {
              const copy = (event) => { event.clipboardData.setData('text/html', html); event.preventDefault(); };
              document.addEventListener('copy', copy, { once: true });
              document.execCommand('copy');
            }""",
            f"{fragment}<p>=end=</p>",
        )
        lines = {}
        for name in page.evaluate("Object.keys(editors)"):
            page.click(page.evaluate("name => editors[name].selector", name))
            page.keyboard.press("Control+V")
            page.wait_for_function("name => editors[name].html().includes('=end=')", arg=name)
            *lines[name], end = read(page.evaluate("name => editors[name].html()", name))
            assert end.letters == "=end="
            if fragment is not fragments[-1]:
                empty(page, name)
        assert sorted(lines) == sorted(EDITORS)
        yield lines
    page.close()


def empty(page: Page, name: str) -> None:
    """Empty an editor as a person does, who looks and tries again if it was still busy with what was pasted."""
    for _ in range(20):
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        if "=end=" not in page.evaluate("name => editors[name].html()", name):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{name} is not empty")


def fragments(result: PipelineResult) -> dict[str, str]:
    """Each text to paste of a repository, by the path of its export."""
    assert result.catalog is not None
    pasted = {name for name, platform in result.catalog.platforms.items() if platform.format == "fragment"}
    return {
        each.path: each.content.decode()
        for each in result.artifacts
        if each.format == "html" and each.platform in pasted
    }


def changed(whole: dict[str, str], paste: Paste) -> dict[str, dict[str, list[Line]]]:
    """The fragments that some editor changes, by name, with what that editor has of it."""
    (got,) = paste("".join(f"<p>={name}=</p>{text}" for name, text in whole.items()))
    differing: dict[str, dict[str, list[Line]]] = {}
    for editor, lines in got.items():
        starts = [number for number, line in enumerate(lines) if line.letters[:1] == line.letters[-1:] == "="]
        assert [lines[start].letters[1:-1] for start in starts] == list(whole), editor
        for name, start, end in zip(whole, starts, [*starts[1:], len(lines)], strict=True):
            if lines[start + 1 : end] != read(whole[name]):
                differing.setdefault(name, {})[editor] = lines[start + 1 : end]
    return differing


def test_each_shipped_email_is_kept(paste: Paste) -> None:
    emails = {path: text for path, text in fragments(run_pipeline(ROOT)).items() if "snippets" not in path}
    assert {path.split("/")[-1] for path in emails} >= {"expand-welcome.saas.html", "expand-welcome.self-managed.html"}
    for (path, text), got in zip(emails.items(), paste(*emails.values()), strict=True):
        for editor, lines in got.items():
            assert lines == read(text), f"{path} in {editor}"


def test_each_email_and_snippet_is_kept(paste: Paste) -> None:
    roots = {root.name: fragments(run_pipeline(root)) for root in (ROOT, *GOOD)}
    assert all(roots.values())
    assert changed({f"{name}/{path}": text for name, each in roots.items() for path, text in each.items()}, paste) == {}


SHAPES = {
    "one paragraph": "Hello **there**.",
    "lines": "Kind regards,\\\nAnn\\\n**Bob**",
    "marks side by side": "a **b**[c][fitting-guide] **[d][fitting-guide]** *e*[f][fitting-guide][g][fitting-guide].",
    "bold and italic at once": "***a*** **b *c*** *d **e***",
    "link in a word": "re[link][fitting-guide]ed, [**bold** link][fitting-guide]",
    "headings": "# One\n\n## Two\n\nthree",
    "quote": "> a **b**\n>\n> - c [d][fitting-guide]",
    "rule and code": "a `b`\n\n---\n\n    c:\n      d",
    "right to left": "שלום Dana, **ברוך** [הבא][fitting-guide]!\n\n1. אחת **שתיים** 3\n2. ארבע",
    "other scripts": "“it\u2019s” \U0001f469\u200d\U0001f680\u00a0ñ & \\<c> **中文** ﬁ",
    "bullets": "- a\n- **b**\n- [c][fitting-guide]",
    "numbers": "1. a\n2. b\n\nc\n\n- d\n\n1. e",
    "loose list": "- a\n\n- b\n\n- c",
    "nested lists": "1. a\n    - b\n        - c\n            1. d\n    - e\n2. f\n    1. g",
    "two lists in an item": "1. a\n    - b\n\n    1. c\n2. d",
    "lists side by side": "- a\n\n1. b\n\n- c",
    "heading in an item": "- # a\n- b",
    "quote in an item": "- > a\n- b",
    "include in an item": "1. **a**\n\n   ::: include fitting\n2. b\n   ::: include fitting\n   c",
    "include in a nested item": "- a\n  - b\n    ::: include fitting\n- c",
    "paragraphs in an item": "1. a\n\n   b\n2. c",
    "lines in an item": "1. a\\\n   b\n2. c",
    "code in an item": "- ```\n  a\n  b\n  ```\n- c",
    "heading and text in an item": "- # a\n  b\n- c",
    "include below an item's text": "1. a\n\n   ::: include fitting\n\n   b\n2. c",
    "text after a nested list": "1. a\n    - b\n\n   c\n2. d",
    "quote after a nested list": "1. a\n    - b\n\n   > c\n2. d",
    "item that begins with a list": "- - a\n- b",
    "numbered lists side by side": "1. a\n2. b\n\n1) c",
    "numbered list below that of a quote": "> 1. a\n\n1. b",
    "numbered lists side by side in an item": "- a\n  1. b\n\n  1) c",
    "bullets side by side": "- a\n\n* b",
    "number that goes on": "1. a\n\nb\n\n2. c",
}


def test_a_shape_is_kept_or_its_author_is_told(paste: Paste, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(TIDELINE, root)
    head = "---\ntitle: T\nsubject: S\nkind: personal\nlayout: letter\nfrom: F\nto: { name: N }\n---\n"
    for number, markdown in enumerate(SHAPES.values()):
        (root / f"content/messages/shape-{number}.md").write_text(f"{head}{markdown}\n", encoding="utf-8")
    result = run_pipeline(root)
    told = {each.place.path for each in result.diagnostics if each.code in TOLD}
    assert [str(each) for each in result.diagnostics if each.severity == "error" and each.code not in TOLD] == []
    drawn = {each.document.id: each.fragment for each in result.rendered}
    shapes = {name: drawn[f"shape-{number}"] for number, name in enumerate(SHAPES)}
    lost = changed(shapes, paste)
    for number, name in enumerate(SHAPES):
        assert (name in lost) == (f"content/messages/shape-{number}.md" in told), (name, shapes[name], lost.get(name))
