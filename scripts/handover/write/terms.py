"""The terms of the glossary on a page of a built site: the first one of each section is a link to its entry.

Markdown's abbreviations mark a term wherever it stands; here all marks go but those that help a reader.
"""

import html
import re
from collections.abc import Mapping

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ABBREVIATION = re.compile(r"<abbr( title=\"[^\"]*\")>(.*?)</abbr>", re.DOTALL)
_HEADING = re.compile(r"h[1-6]")
_PLAIN_TAGS = {"a", "button", "label", "summary", "title"}
_PLAIN_ATTRIBUTES = re.compile(r"\bdata-part=|\bclass=\"(?:[^\"]* )?(?:admonition-title|matrix|tabbed-set)[ \"]")
"""Where no term is marked, besides headings: titles, the matrix, and the texts of messages, which people copy."""


def linked(page: str, glossary: str, ids: Mapping[str, str]) -> str:
    """The HTML of a page with the first mark of a term in each section as a link to `glossary`, without the others."""
    start = page.find("<article")
    pieces, seen, end = [page[:start]], set[str](), start
    plain, depth = "", 0
    for tag in _TAG.finditer(page, start):
        closes, name, attributes = tag.groups()
        if plain:
            depth += (-1 if closes else 1) if name == plain else 0
            plain = plain if depth else ""
        elif not closes and _is_plain(name, attributes):
            plain, depth = name, 1
            seen = set() if _HEADING.fullmatch(name) else seen
        mark = _ABBREVIATION.match(page, tag.start())
        if mark:
            link = None if plain else _link(mark, glossary, ids, seen)
            pieces += [page[end : mark.start()], link or mark[2]]
            end = mark.end()
    return "".join([*pieces, page[end:]])


def _is_plain(name: str, attributes: str) -> bool:
    return name in _PLAIN_TAGS or bool(_HEADING.fullmatch(name) or _PLAIN_ATTRIBUTES.search(attributes))


def _link(mark: re.Match[str], glossary: str, ids: Mapping[str, str], seen: set[str]) -> str | None:
    """The mark as a link, if it is the first of its term among those `seen`; it is seen then."""
    title, words = mark.groups()
    term = html.unescape(words)
    if term in seen or term not in ids:
        return None
    seen.add(term)
    return f'<a class="term" href="{glossary}#{ids[term]}"{title}>{words}</a>'
