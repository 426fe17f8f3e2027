"""What a page says: title, heading, ids, and whether a script draws it.

A scanner of our own, as the time of `html.parser` grows with the square of the length on pages made for that
(CVE-2025-6069). Here one expression takes in a page from tag to tag, never a character twice: what a browser would
swallow to the end, such as a comment that never ends, is one match to the end. Tags that say nothing here, and the
words between them, are taken in at once.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

_INSIDE = r"""(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+"""
_RAW = "script|style|textarea|title|noscript|template|iframe|xmp|noembed|noframes"
"""Elements whose inside is no part of the page as it is read."""
_OTHER_ATTRIBUTE = r"""\s++(?!(?:id|name|http-equiv)\b)[^\s=>"'/]++(?:=(?:"[^"]*+"|'[^']*+'|[^\s"'>=]++))?"""
_SAYS_NOTHING = rf"/?+(?!(?:h1|{_RAW})[\s/>])[a-z][a-z0-9]*+(?:{_OTHER_ATTRIBUTE})*+\s*+>[^<]*+"
"""A tag that has no id and is none of those that are looked at, and the words after it."""
_TAG = re.compile(
    rf"""<(?:
         !--.*?(?:-->|\Z)
       | (?P<raw>{_RAW})(?=[\s/>]){_INSIDE}(?:>(?P<text>.*?)(?:</(?P=raw)(?=[\s/>])|\Z)|\Z)
       | (?P<plain>{_SAYS_NOTHING}(?:<{_SAYS_NOTHING})*+)
       | (?P<close>/?+)(?P<name>[a-z][^\s/>]*+)(?P<attributes>{_INSIDE})(?:>|\Z)
       | [!?][^>]*+(?:>|\Z)
    )""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*+>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?""")
_WORTH_READING = re.compile(r"\bid\b|\bname\b|\bhttp-equiv\b", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}")
"""What differs from one answer to the next."""
_WORD = re.compile(r"[^\W_]+")

SHELL = 200
"""A page with a script and fewer letters than this to read is drawn by the script."""
_ROOTS = frozenset({"app", "root", "__next", "__nuxt", "___gatsby"})
"""Ids of the element that a script fills with the page, as the common frameworks call it."""
_CLOSES = re.compile(r"\s*+</")
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
    """Letters to read; not counted further where there are enough."""
    scripts: int = 0
    hollow: bool = False
    """True if the element that a script fills is there, and empty."""
    url: str = ""
    source: str = ""
    """The HTML."""

    def says_the_same(self, other: "Page") -> bool:
        """True if the two differ in no more than their addresses, times, counts, and tokens; False if nothing tells."""
        if not (self.letters and other.letters) or self.drawn_by_script:
            return False
        own = _words_of(self.url) | _words_of(other.url)
        return _without(self.source, own) == _without(other.source, own)

    @property
    def drawn_by_script(self) -> bool:
        """True if what a reader sees is not in the HTML."""
        return self.scripts > 0 and (self.hollow or self.letters < SHELL)


def read_page(html: str, url: str, whole: bool) -> Page:
    """The page at `url`, of which `html` was read."""
    page = Page(whole, url=url, source=html)
    end = 0
    heading_from: int | None = None
    for tag in _TAG.finditer(html):
        if page.letters < SHELL:
            page.letters += _letters(html[end : tag.start()] + _words_in(tag["plain"]))
        end = tag.end()
        name = tag["name"]
        if name is not None:
            attributes = tag["attributes"]
            if attributes and _WORTH_READING.search(attributes):
                made = _note(page, name.lower(), attributes)
                page.hollow = page.hollow or (made in _ROOTS and _CLOSES.match(html, end) is not None)
            if name in ("h1", "H1") and not page.heading:
                if tag["close"] and heading_from is not None:
                    page.heading = _words(_MARKUP.sub("", html[heading_from : tag.start()]))
                heading_from = None if tag["close"] else end
        elif tag["raw"] is not None:
            _note_raw(page, tag["raw"].lower(), tag["text"] or "")
    page.letters += _letters(html[end:])
    return page


def _words_in(plain: str | None) -> str:
    """The words between tags that say nothing; of many as many as tell whether there are enough."""
    return _MARKUP.sub("", f"<{plain[: 20 * SHELL]}") if plain else ""


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _note_raw(page: Page, name: str, text: str) -> None:
    if name == "title" and not page.title:
        page.title = _words(text)
    page.scripts += name == "script"


def _note(page: Page, name: str, attributes: str) -> str | None:
    """Note what an element says; gives its id."""
    values = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(attributes)
    }
    if values.get("id"):
        page.ids.add(values["id"])
    if name == "a" and values.get("name"):
        page.ids.add(values["name"])
    if name == "meta" and values.get("http-equiv", "").lower() == "refresh" and page.refresh is None:
        asked = _REFRESH.match(values.get("content", ""))
        if asked and int(asked[1]) <= REFRESH_SECONDS:
            page.refresh = asked[2].strip()
    return values.get("id")


def _words(text: str) -> str:
    """On one line, of a length to be shown, and without what would play with a terminal."""
    line = " ".join(unescape(text).split())[:300]
    return "".join(character for character in line if character.isprintable())


def _words_of(url: str) -> set[str]:
    parts = urlsplit(url)
    return set(_WORD.findall(unquote(f"{parts.path} {parts.query}").casefold()))


def _without(html: str, own: set[str]) -> list[str]:
    """The words of a page and its markup, without those of addresses that it may repeat, in whatever form."""
    words = _WORD.findall(_TOKEN.sub(" ", unescape(unquote(html)).casefold()))
    return [word for word in words if word.isalpha() and word not in own]
