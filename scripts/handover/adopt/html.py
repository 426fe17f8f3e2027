"""HTML of mail programs, word processors and email platforms to blocks: what it says, without how it is laid out."""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from lxml import etree, html

from handover.adopt.blocks import (
    Block,
    Page,
    Run,
    Unreadable,
    item_mark,
    lines_of,
    one_line,
    tidy,
    typed_item,
    with_breaks,
    with_lists,
)

SOFT_BREAK = "soft"
"""The class of a `br` at the end of a source line: it breaks short lines only, as long ones were wrapped."""

_NOTHING = {"head", "title", "meta", "link", "base", "style", "noscript", "template", "col", "colgroup", "xml"}
_LOST = {
    **dict.fromkeys(("script", "applet", "object", "embed", "iframe", "frame", "canvas", "map"), "a script or frame"),
    **dict.fromkeys(("form", "input", "button", "select", "textarea"), "a form"),
    **dict.fromkeys(("video", "audio", "svg", "math"), "a drawing, video or sound"),
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = {
    *("p", "div", "center", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption"),
    *("address", "fieldset", "details", "summary", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
    *("dl", "dt", "dd", "li", "body", "html", "pre", "blockquote", *_HEADINGS),
}
_HIDDEN = re.compile(r"display:none|visibility:hidden|max-height:0(?:px)?(?:;|$)|opacity:0(?:;|$)")
_PREHEADER = re.compile(r"pre-?header|preview-?text", re.IGNORECASE)
_QUOTED = re.compile(r"\bgmail_quote\b|\bmoz-cite-prefix\b|\byahoo_quoted\b|^divRplyFwdMsg$|^appendonsend$")
_BULLET = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(?:(\d{1,3})|[a-z]{1,3})[.)]\s*$", re.IGNORECASE)
_LEVEL = re.compile(r"mso-list:\s*\w+\s+level(\d)", re.IGNORECASE)
_RULE = re.compile(r"(?:\* ?){3,}|[-\u2013\u2014=~]{3,}")
"""A line between two parts of a text, as people type it."""
_INLINE = re.compile(
    r"<(/?)(a|abbr|b|big|cite|code|em|font|i|ins|kbd|label|mark|s|small|span|strike|strong|sub|sup|u)(?=[\s>/])",
    re.IGNORECASE,
)
"""Inline elements. As `x-b`, libxml2 lets them hold paragraphs and tables, as browsers do; `b` it would end before."""
BLANK_TAG = re.compile(r"<{1,2}([A-Za-z][A-Za-z0-9 _-]{0,40})>{1,2}")
_TAG_NAMES = frozenset(html.defs.tags) | {"center", "font", "main", "nav", "picture", "source", "wbr"}


def read_html(text: str) -> Page:
    """The blocks of a page or fragment. Raises Unreadable if it is nested too deeply."""
    page = Page()
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    closed = frozenset(re.findall(r"</([a-z][\w-]*)", text.lower()))
    source = _INLINE.sub(r"<\1x-\2", BLANK_TAG.sub(partial(_escape_blank, closed), text))
    try:
        root = html.document_fromstring(source, parser=parser) if text.strip() else None
    except (etree.ParserError, ValueError):  # nothing but comments
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable("its HTML is nested too deeply to be an email. Copy the text alone.")
    if root is not None:
        page.title = one_line(root.findtext(".//title") or "")
        builder = _Builder(page)
        builder.element(root, Run(""))
        builder.flush()
        page.blocks = list(with_lists(builder.out))
    return page


def _escape_blank(closed: Collection[str], match: re.Match[str]) -> str:
    """A blank such as `<NAME>` as text: HTML has no such element, and none is `closed`."""
    name = match[1].lower().split()[0]
    return match[0] if name in _TAG_NAMES or name in closed else escape(match[0])


def is_blank(tag: str) -> bool:
    """True for `<Name>`, which is a blank, and false for the start of an HTML element."""
    return tag[1:-1].strip().lower() not in _TAG_NAMES


class _Builder:
    """Collects runs, and makes blocks of them. `tag` is what the next block becomes."""

    def __init__(self, page: Page, preformatted: int = 0) -> None:
        self.page = page
        self.out: list[Block] = []
        self.runs: list[Run] = []
        self.tag = "p"
        self.preformatted = preformatted

    def walk(self, element: Any, look: Run) -> None:
        self.text(element.text, look)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, look)
            self.text(child.tail, look)

    def text(self, text: str | None, look: Run) -> None:
        if text and self.preformatted:
            for number, line in enumerate(text.expandtabs(4).split("\n")):
                self.runs += [Run("\n")] if number else []
                self.runs.append(replace(look, text=line))
        elif text:
            self.runs.append(replace(look, text=re.sub(r"[ \t\r\n\f]+", " ", text)))

    def element(self, element: Any, look: Run) -> None:
        tag, style = element.tag.lower().removeprefix("x-"), re.sub(r"\s", "", (element.get("style") or "").lower())
        kind = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
        if tag in _NOTHING:
            return
        if tag in _LOST:
            self.page.losses.add(_LOST[tag], "" if tag == "script" else one_line(element.text_content()))
        elif _HIDDEN.search(style) or "hidden" in element.attrib or _PREHEADER.search(kind):
            self._hidden(element)
        elif self._has_text() and (_QUOTED.search(kind) or (tag == "blockquote" and element.get("type") == "cite")):
            self.page.losses.add("a quoted email", one_line(element.text_content()))
        elif tag == "br":
            self.runs.append(Run("\r" if element.get("class") == SOFT_BREAK else "\n"))
        elif tag == "img":
            self._picture(element, look)
        elif tag == "hr":
            self.flush()
            self.out.append(Block("hr"))
        elif tag in ("ul", "ol") or (tag == "table" and _is_data(element)):
            self._container("table" if tag == "table" else tag, element, look)
        elif tag in _BLOCKS:
            self._block(tag, kind, element, look)
        elif not _BULLET.search(style):
            if tag in ("s", "strike", "del") or "line-through" in style:
                self.page.losses.add("the line through", one_line(element.text_content()))
            self.walk(element, _look(tag, style, element, look))
        else:
            number = _NUMBER.match(element.text_content())
            levels = (_LEVEL.search(each.get("style") or "") for each in element.iterancestors())
            level = next((found[1] for found in levels if found), "1")
            self.runs.append(Run(item_mark(number is not None, level, (number and number[1]) or "1")))

    def _has_text(self) -> bool:
        """False above the first word: an email that is quoted there is forwarded, and all there is."""
        return bool(self.out) or any(run.text.strip() for run in self.runs)

    def _block(self, tag: str, kind: str, element: Any, look: Run) -> None:
        self.flush()
        if tag == "blockquote":
            self._container("quote", element, look)
            return
        before, self.tag = self.tag, tag if tag in _HEADINGS else self.tag
        self.preformatted += tag == "pre"
        self.walk(element, look)
        self.flush()
        self.tag = before
        self.preformatted -= tag == "pre"

    def _container(self, tag: str, element: Any, look: Run) -> None:
        """A list, quote or table, with the blocks of each of its parts."""
        self.flush()
        if tag == "quote":
            parts = [[element]]
        elif tag == "table":
            parts = [list(row.iterchildren("td", "th")) for row in element.iter("tr")]
        else:
            parts = [[child] for child in element if isinstance(child.tag, str)]
        items: list[tuple[Block, ...]] = []
        for part in parts:
            blocks = self._inside(part, look, is_table=tag == "table")
            if items and tag != "quote" and part and part[0].tag in ("ul", "ol"):
                items[-1] += blocks  # old editors put a nested list beside its item, not into it
            elif blocks:
                items.append(blocks)
        if items:
            start = re.fullmatch(r"\d{1,9}", element.get("start") or "") if tag == "ol" else None
            self.out.append(Block(tag, items=tuple(items), start=int(start[0]) if start else 1))

    def _inside(self, elements: list[Any], look: Run, is_table: bool) -> tuple[Block, ...]:
        blocks: list[Block] = []
        for element in elements:
            inner = _Builder(self.page, self.preformatted)
            inner.element(element, look) if element.tag in ("ul", "ol") else inner.walk(element, look)
            inner.flush()
            cell = [run for block in inner.out for run in (*block.runs, Run(" "))]
            blocks += [Block("p", tuple(tidy(cell)))] if is_table else with_lists(inner.out)
        return tuple(blocks)

    def _hidden(self, element: Any) -> None:
        text = one_line(element.text_content())
        if text and not self.page.preheader and not self.out and len(text) <= 250:
            self.page.preheader = text
        elif text:
            self.page.losses.add("hidden text", text)

    def _picture(self, element: Any, look: Run) -> None:
        alt = one_line(element.get("alt") or "")
        sizes = [re.match(r"\d+", element.get(side) or "") for side in ("width", "height")]
        if any(size and int(size[0][:4]) <= 2 for size in sizes):
            return  # it counts who opens the email
        self.page.losses.add("a picture", alt or (element.get("src") or "").rsplit("/", 1)[-1].partition("?")[0])
        if alt and look.href:  # else the link would have no text
            self.runs.append(replace(look, text=alt))

    def flush(self) -> None:
        """End the paragraph; an empty line ends one too."""
        lines = lines_of(with_breaks(self.runs))
        self.runs = []
        joined: list[Run] = []
        for line in [*map(tidy, lines), []]:
            is_rule = _RULE.fullmatch("".join(run.text for run in line)) is not None
            typed = typed_item(line) if self.tag == "p" else None
            if joined and (typed or is_rule or not line):
                self.out.append(Block(self.tag, tuple(joined)))
                joined = []
            if is_rule:
                self.out.append(Block("hr"))
            elif typed:
                self.out.append(Block("p", tuple(typed)))
            elif line and line[0].text != "--":  # it begins a signature
                separator = Run(" " if self.tag in _HEADINGS else "\n")
                joined += [separator, *line] if joined else line


def _look(tag: str, style: str, element: Any, look: Run) -> Run:
    """The look of the text inside an inline element."""
    weight = re.search(r"font-weight:(\w+)", style)
    if weight:
        look = replace(look, strong=weight[1] in ("bold", "bolder", "600", "700", "800", "900"))
    elif tag in ("b", "strong"):
        look = replace(look, strong=True)
    if tag in ("i", "em", "cite") or "font-style:italic" in style:
        look = replace(look, em="font-style:normal" not in style)
    if tag == "a" and element.get("href"):
        look = replace(look, href=re.sub(r"[\t\r\n]", "", element.get("href")).strip())
    return look


def _is_data(table: Any) -> bool:
    """True for a table of data: cells of a few words in rows and columns, not a layout."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    is_short = all(len(cell.text_content()) <= 200 and cell.find(".//img") is None for row in rows for cell in row)
    full = [row for row in rows if sum(bool(cell.text_content().strip()) for cell in row) > 1]
    return is_short and len(full) > 1 and len(full) * 2 > len(rows)
