"""Titles of messages that a person cannot tell apart in a list."""

import unicodedata
from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning


def similar_titles(catalog: Catalog) -> Iterator[Diagnostic]:
    """A title with the words of another message's: one warning per title after the first."""
    first: dict[str, str] = {}
    for message in catalog.messages.values():
        other = first.setdefault(_words(message.head.title), str(message.id))
        if other != message.id:
            problem = f"the title reads like that of '{other}', so people can pick the wrong one."
            hint = "Add what differs: the sender, the recipient or the time."
            yield warning(message.head.title, "similar-title", problem, hint)


def _words(title: str) -> str:
    """The title without upper case, punctuation and repeated spaces, if anything else is in it."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    kept = "".join(" " if unicodedata.category(each)[0] in "PZC" else each for each in folded)
    return " ".join(kept.split()) or folded


DATA_RULES = (similar_titles,)
