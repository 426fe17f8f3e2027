"""The parts of an HTML page that the link check compares: title, heading, ids, words, and whether a script draws it.

Parsed by libxml2: its time grows with the length of a page, and the depth of the tree is limited. `html.parser` before
Python 3.11.14 (CVE-2025-6069) and the tree construction of the HTML standard take minutes for a hostile page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from handover.links.rules import phrases

_UNREAD = ("title", "script", "style", "textarea", "noscript", "template", "iframe", "xmp", "noembed", "noframes")
"""Elements without text or ids that a reader of the page sees."""
_REFRESH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_JUMP = re.compile(
    r"(?:(?:window|document|self|top)\.)?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*([\"'])([^\"'\\\n]+)\1"
    r"\s*\)?;?"
)
"""A script that is nothing but a jump to another page."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")
"""A session id, nonce or digest, which differs from one answer to the next."""
_WORD = re.compile(r"[^\W_]+")

SHELL = 200
"""A page with a script and fewer letters than this is drawn by the script."""
WORDLESS = 50
"""A page with a script and fewer letters than this may be anything."""
SHORT = 2000
"""The letters of a page that consists of one message at most, such as that of a bot wall."""
_ROOTS = frozenset({"app", "root", "__next", "__nuxt", "___gatsby"})
"""Ids that common frameworks give to the element that a script fills."""
REFRESH_SECONDS = 10
"""A page that refreshes later than this is a page of its own."""


@dataclass
class Page:
    """An HTML page; `whole` is False if only its beginning was read."""

    whole: bool
    title: str = ""
    heading: str = ""
    ids: set[str] = field(default_factory=set)
    target: str | None = None
    """The address that its `meta refresh` or its script sends the reader to, as written."""
    text: str = ""
    """What a reader sees without scripts, without white space."""
    scripts: int = 0
    hollow: bool = False
    """True if it has an empty element for a script to fill."""
    passwords: int = 0
    """The number of fields for a password that the reader has already."""
    asks_for_name: bool = False
    """True if it has a field for the name or the email address with which a reader logs in."""
    url: str = ""
    source: str = ""
    """The HTML. A page is dropped with the result of its address, so that only few sources are kept at a time."""

    def is_same_as(self, other: "Page") -> bool:
        """Whether two pages differ in nothing but addresses, times, counts and tokens; False for pages without text."""
        if not (self.text and other.text):
            return False
        own = _words_of(self.url) | _words_of(other.url)
        return _without(self.words, own) == _without(other.words, own)

    @cached_property
    def words(self) -> Counter[str]:
        """The words of the page and its markup, except numbers and tokens."""
        words = _WORD.findall(_TOKEN.sub(" ", unescape(unquote(self.source)).casefold()))
        return Counter(word for word in words if word.isalpha())

    @property
    def drawn_by_script(self) -> bool:
        """True if the text of the page is not in its HTML."""
        return self.scripts > 0 and (self.hollow or len(self.text) < SHELL)

    @property
    def wordless(self) -> bool:
        """True if a script draws the page, and its HTML says nothing."""
        return self.scripts > 0 and len(self.text) < (SHELL if self.hollow else WORDLESS)

    def marks(self) -> Iterator[str]:
        """Title and heading as phrases, and the HTML of a short page."""
        for text in (self.title, self.heading):
            yield from phrases(text)
        if len(self.text) < SHORT:
            yield self.source


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
    scripts = [(script.text or "").strip() for script in root.iter("script")]
    page.scripts = len(scripts)
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    page.heading = next(filter(None, map(_line, islice(root.iter("h1"), 10))), "")
    page.text = "".join("".join(root.itertext()).split())
    refreshes = (
        meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv", "").lower() == "refresh"
    )
    page.target = next(filter(None, map(refresh_target, refreshes)), None)
    if len(page.text) < SHELL and page.target is None:
        page.target = next((jump[2] for script in scripts if (jump := _JUMP.fullmatch(script))), None)
    page.ids = {*root.xpath("//@id[. != '']"), *root.xpath("//a/@name[. != '']")}
    page.passwords = len(root.xpath("//input[@type='password' and not(@autocomplete='new-password')]"))
    page.asks_for_name = bool(root.xpath("//input[@type='email' or starts-with(@autocomplete, 'username')]"))
    roots = (element for element in root.iter() if element.get("id") in _ROOTS)
    page.hollow = any(len(element) == 0 and not (element.text or "").strip() for element in roots)
    return page


def refresh_target(refresh: str) -> str | None:
    """The target of a refresh in a header or a `meta` element; None without one, or if it comes late."""
    match = _REFRESH.match(refresh)
    return match[2].strip() if match and int(match[1]) <= REFRESH_SECONDS else None


def _line(element: etree._Element) -> str:
    """The text of an element on one line of printable characters, 300 at most."""
    line = " ".join("".join(element.itertext()).split())[:300]
    return "".join(character for character in line if character.isprintable())


def _words_of(url: str) -> set[str]:
    parts = urlsplit(url)
    return set(_WORD.findall(unquote(f"{parts.path} {parts.query}").casefold()))


def _without(words: Counter[str], own: set[str]) -> dict[str, int]:
    return {word: count for word, count in words.items() if word not in own}
