"""Whether a page has what the fragment of an address names: an element with that id, or words (`#:~:text=`)."""

import re
from urllib.parse import unquote

from handover.links.observation import Observation
from handover.links.rules import matches
from handover.links.urls import fragment_of, without_scheme
from handover.model.link import LinkRules

_IN_FILE = re.compile(r"(?:page|nameddest|zoom|view|search|t|xywh|track)=.*", re.IGNORECASE | re.DOTALL)
"""A place in a PDF, a film or a picture; the reader's program looks for it."""
_CONTEXT = re.compile(r"^[^,]*-,|,-[^,]*$")
"""The words before and after the ones to look for."""


def named(fragment: str) -> str:
    """A fragment as a message names it."""
    name, _, directive = fragment.partition(":~:")
    wanted = ", ".join(f"'{unquote(words)}'" for words in _wanted(directive))
    return f"the words {wanted}" if wanted and not name else f"'#{unquote(name)}'"


def has_anchor(seen: Observation, rules: LinkRules) -> bool | None:
    """Whether the last page has what the fragment names; None where its HTML does not tell."""
    name, _, directive = fragment_of(seen.ended).partition(":~:")
    found = [_has_name(seen, name, rules) if name else True]
    found += [_has_words(seen, words) for words in _wanted(directive)]
    return False if False in found else None if None in found else True


def _wanted(directive: str) -> list[str]:
    """The words of each `text=` of a directive, percent-encoded."""
    texts = [part.removeprefix("text=") for part in directive.split("&") if part.startswith("text=")]
    return [words for text in texts for words in _CONTEXT.sub("", text).split(",") if words]


def _has_name(seen: Observation, name: str, rules: LinkRules) -> bool | None:
    page = seen.page
    if name.lower() == "top":
        return True
    if page is None:
        return True if _IN_FILE.fullmatch(name) and seen.kind not in ("", "text/html") else None
    prefixes = ("", *rules.anchor_prefixes)
    if any(prefix + form in page.ids for form in (name, unquote(name)) for prefix in prefixes):
        return True
    # A fragment such as #/inbox or #!inbox is a route of a script.
    by_script = name[0] in "/!" or matches(without_scheme(seen.ended), rules.scripted_anchors)
    return None if by_script or not page.whole or page.drawn_by_script else False


def _has_words(seen: Observation, words: str) -> bool | None:
    page = seen.page
    if page is None:
        return None
    if "".join(unquote(words).split()).casefold() in page.text.casefold():
        return True
    return None if not page.whole or page.drawn_by_script else False
