"""What a page says: title, heading, ids, and whether a script draws it.

A scanner of our own, as the time of `html.parser` grows with the square of the length on pages made for that
(CVE-2025-6069); here every step moves on, and what a browser would swallow ends the page.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?""")
_TAG_START = re.compile(r"</?[a-zA-Z]")
_RAW = ("script", "style", "textarea", "title", "noscript", "template", "iframe", "xmp", "noembed", "noframes")
"""Elements whose inside is no part of the page as it is read."""
_REFRESH = re.compile(r"\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_CHANGING = re.compile(r"[A-Za-z0-9+/_=-]{16,}|\d+")
"""What differs from one answer to the next: tokens, times, counts."""

SHELL = 200
"""A page with a script and fewer letters than this to read is drawn by the script."""
REFRESH_SECONDS = 10
"""A page that leads on later than this is a page of its own."""


@dataclass(slots=True)
class Page:
    """An HTML page as far as it was read; `whole` is False if there was more of it."""

    whole: bool
    title: str = ""
    heading: str = ""
    ids: set[str] = field(default_factory=set)
    refresh: str | None = None
    """Where the page sends its reader by itself, as it is written there."""
    letters: int = 0
    scripts: int = 0
    digest: str | None = None
    """The same for two pages that say the same; None where there is nothing to compare."""

    @property
    def drawn_by_script(self) -> bool:
        """True if what a reader sees is not in the HTML."""
        return self.scripts > 0 and self.letters < SHELL


def read_page(html: str, url: str, whole: bool) -> Page:
    """The page at `url`, of which `html` was read."""
    page = Page(whole)
    heading: list[str] | None = None
    for kind, name, text in _pieces(html):
        if kind == "text":
            page.letters += len(text) - text.count(" ")
            if heading is not None:
                heading.append(text)
        elif kind == "raw":
            if name == "title" and not page.title:
                page.title = _words(text)
            page.scripts += name == "script"
        elif kind == "open":
            _note(page, name, text)
            if name == "h1" and not page.heading:
                heading = []
        elif name == "h1" and heading is not None:
            page.heading, heading = _words(" ".join(heading)), None
    page.digest = _digest(html, url) if page.letters and not page.drawn_by_script else None
    return page


def _pieces(html: str) -> Iterator[tuple[str, str, str]]:
    """Text, tags with their attributes, and elements whose inside is raw, in order."""
    at = 0
    while True:
        start = html.find("<", at)
        if start < 0:
            start = len(html)
        if start > at:
            yield "text", "", " ".join(html[at:start].split())
        if start == len(html):
            return
        if html.startswith("<!--", start):
            end, skip = html.find("-->", start + 4), 3
        elif html[start + 1 : start + 2] in ("!", "?"):
            end, skip = html.find(">", start), 1
        elif tag := _TAG.match(html, start):
            name, end, skip = tag[2].lower(), tag.end(), 0
            yield ("close" if tag[1] else "open"), name, tag[3]
            if name in _RAW and not tag[1]:
                closing = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(html, end)
                yield "raw", name, html[end : closing.start() if closing else len(html)]
                end = closing.start() if closing else -1
        elif _TAG_START.match(html, start):
            return  # a tag that never ends
        else:
            end, skip = start, 1
        if end < 0:
            return
        at = end + skip


def _note(page: Page, name: str, attributes: str) -> None:
    values = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(attributes)
    }
    if values.get("id"):
        page.ids.add(values["id"])
    if name == "a" and values.get("name"):
        page.ids.add(values["name"])
    if name == "meta" and values.get("http-equiv", "").lower() == "refresh" and page.refresh is None:
        asked = _REFRESH.match(values.get("content", ""))
        if asked and int(asked[1][:6]) <= REFRESH_SECONDS:
            page.refresh = asked[2].strip()


def _words(text: str) -> str:
    """On one line, of a length to be shown, and without what would play with a terminal."""
    line = " ".join(unescape(text).split())[:300]
    return "".join(character for character in line if character.isprintable())


def _digest(html: str, url: str) -> str | None:
    path = urlsplit(url).path
    for own in sorted({url, path, unquote(path), path.strip("/"), unquote(path).strip("/")}, key=len, reverse=True):
        if len(own) > 1:
            html = html.replace(own, "")
    same = " ".join(_CHANGING.sub("", html).split())
    return hashlib.sha256(same.encode("utf-8", "replace")).hexdigest() if same else None
