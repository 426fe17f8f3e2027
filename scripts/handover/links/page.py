"""The parts of an HTML page that the link check compares: title, heading, ids, words, and whether a script draws it.

Parsed by libxml2: its time grows with the length of a page, and the depth of the tree is limited. `html.parser` before
Python 3.11.14 (CVE-2025-6069) and the tree construction of the HTML standard take minutes for a hostile page.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

_UNREAD = ("title", "script", "style", "textarea", "noscript", "template", "iframe", "xmp", "noembed", "noframes")
"""Elements without text or ids that a reader of the page sees."""
_REFRESH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")
"""A session id, nonce or digest, which differs from one answer to the next."""
_WORD = re.compile(r"[^\W_]+")

SHELL = 200
"""A page with a script and fewer letters than this is drawn by the script."""
_ROOTS = frozenset({"app", "root", "__next", "__nuxt", "___gatsby"})
"""Ids that common frameworks give to the element that a script fills."""
REFRESH_SECONDS = 10
"""A page that refreshes later than this is a page of its own."""


@dataclass(slots=True)
class Page:
    """An HTML page; `whole` is False if only its beginning was read."""

    whole: bool
    title: str = ""
    heading: str = ""
    ids: set[str] = field(default_factory=set)
    refresh: str | None = None
    """The target of its `meta refresh`, as written."""
    letters: int = 0
    """The number of letters that a reader sees without scripts."""
    scripts: int = 0
    hollow: bool = False
    """True if it has an empty element for a script to fill."""
    url: str = ""
    source: str = ""
    """The HTML."""

    def is_same_as(self, other: "Page") -> bool:
        """Whether two pages differ in nothing but addresses, times, counts and tokens; False for pages without text."""
        if not (self.letters and other.letters) or self.drawn_by_script:
            return False
        own = _words_of(self.url) | _words_of(other.url)
        return _without(self.source, own) == _without(other.source, own)

    @property
    def drawn_by_script(self) -> bool:
        """True if the text of the page is not in its HTML."""
        return self.scripts > 0 and (self.hollow or self.letters < SHELL)


def read_page(html: str, url: str, whole: bool) -> Page:
    """Parse the HTML of the page at `url`; any text is accepted, however broken."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    page = Page(whole, url=url, source=html)
    if root is None:
        return page
    if parser.error_log.filter_types(etree.ErrorTypes.ERR_RESOURCE_LIMIT):
        page.whole = False
    page.title = next((_line(title) for title in root.iter("title")), "")
    page.scripts = sum(1 for _ in root.iter("script"))
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    page.heading = next(filter(None, map(_line, islice(root.iter("h1"), 10))), "")
    page.letters = sum(len("".join(text.split())) for text in root.itertext())
    page.refresh = next(filter(None, map(_refresh, root.iter("meta"))), None)
    page.ids = {*root.xpath("//@id[. != '']"), *root.xpath("//a/@name[. != '']")}
    roots = (element for element in root.iter() if element.get("id") in _ROOTS)
    page.hollow = any(len(element) == 0 and not (element.text or "").strip() for element in roots)
    return page


def _line(element: etree._Element) -> str:
    """The text of an element on one line of printable characters, 300 at most."""
    line = " ".join("".join(element.itertext()).split())[:300]
    return "".join(character for character in line if character.isprintable())


def _refresh(meta: etree._Element) -> str | None:
    """The target of a `meta` element that refreshes soon."""
    if meta.get("http-equiv", "").lower() != "refresh":
        return None
    match = _REFRESH.match(meta.get("content", ""))
    return match[2].strip() if match and int(match[1]) <= REFRESH_SECONDS else None


def _words_of(url: str) -> set[str]:
    parts = urlsplit(url)
    return set(_WORD.findall(unquote(f"{parts.path} {parts.query}").casefold()))


def _without(html: str, own: set[str]) -> list[str]:
    """The words of a page and its markup, except tokens and the words `own` of its address."""
    words = _WORD.findall(_TOKEN.sub(" ", unescape(unquote(html)).casefold()))
    return [word for word in words if word.isalpha() and word not in own]
