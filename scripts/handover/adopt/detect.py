"""The kind of a template and the platform that it is from, as its text shows them."""

import re
from collections.abc import Callable, Collection, Iterable

from handover.adopt.blanks import Blanks
from handover.adopt.template import Block, Template, walk
from handover.adopt.tokens import fold, is_field, token_patterns
from handover.model.catalog import Catalog
from handover.model.platform import FOOTER_LINKS, Platform

_FOOTER = re.compile(
    r"unsubscribe|opt[ -]?out|(?:view|read|open|see)\b.{0,30}\b(?:browser|online|web)\b"
    r"|(?:manage|update|change|email)\b.{0,20}\bpreferences|abmelden|abbestellen|im browser|d\u00e9sabonner",
    re.IGNORECASE,
)
"""The text of a link that the layout of marketing emails has by itself."""
_UNSUBSCRIBE = re.compile(r"(?:\{[{%]|\*\||%%)[^{}|%\n]{0,40}unsub", re.IGNORECASE)
"""The token of a platform, also of one that the repository does not have."""


def is_footer(blocks: Iterable[Block], catalog: Catalog) -> bool:
    """True if a part of the blocks is what the layout of a marketing email has by itself."""
    tokens = {token for platform in catalog.platforms.values() for token in _tokens(platform)}
    for run in (run for block in walk(blocks) for run in block.runs):
        source = f"{run.text} {run.href}"
        if run.href and _FOOTER.search(run.text):
            return True
        if _UNSUBSCRIBE.search(source) or any(token in _tight(source) for token in tokens):
            return True
    return False


def kind_of(template: Template, catalog: Catalog) -> str:
    """`marketing` if it has the footer of an email that goes to many, else `personal`."""
    return "marketing" if is_footer(template.body, catalog) else "personal"


def platform_of(text: str, blanks: Blanks, usual: Collection[Platform]) -> Platform | None:
    """The platform whose tokens the text has: most of a footer, else of fields, of a `usual` one if it can be.

    None if that is not clear.
    """
    platforms = list(blanks.catalog.platforms.values())
    tight = _tight(text)
    found = _most(platforms, lambda each: sum(token in tight for token in _tokens(each)))
    if found is not None:
        return found
    names = {str(each.id): _names(text, each) for each in platforms}
    known = {str(each.id): len(set(map(fold, names[str(each.id)])) & set(blanks.ids(each))) for each in platforms}
    every = [each for each in platforms if known[str(each.id)]]
    able = [each for each in every if each in usual] or every
    if able:
        return _most(able, lambda each: known[str(each.id)])
    return _most(usual, lambda each: any("." in name and is_field(name) for name in names[str(each.id)]))


def _names(text: str, platform: Platform) -> set[str]:
    """The names in what looks like the platform's tokens."""
    return {found["name"] for pattern in token_patterns(platform) for found in pattern.finditer(text)}


def _most(platforms: Iterable[Platform], count: Callable[[Platform], int]) -> Platform | None:
    """The only platform with the highest count."""
    counts = {str(each.id): (count(each), each) for each in platforms}
    top = max((number for number, _ in counts.values()), default=0)
    first = [each for number, each in counts.values() if number == top]
    return first[0] if top and len(first) == 1 else None


def _tokens(platform: Platform) -> set[str]:
    """Its tokens that stand in footers, without spaces."""
    links = [getattr(platform.footer, name) for name in FOOTER_LINKS] if platform.footer else []
    return {_tight(token) for token in (*filter(None, links), *(token for each in platform.required for token in each))}


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)
