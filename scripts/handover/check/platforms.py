"""What each platform accepts and needs."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition, Document
from handover.model.nodes import Inline, Link, Placeholder
from handover.model.pattern import PLACES, TokenPlace, pattern_at
from handover.model.placeholder import Placeholder as PlaceholderEntry
from handover.model.platform import Platform


def exported(catalog: Catalog, composition: Composition) -> Iterator[tuple[Document, list[Platform]]]:
    """Each document with the platforms that it is exported to; none if its front matter was not read as a whole."""
    for document in composition.documents:
        message = catalog.messages[document.id]
        yield document, catalog.takers(message) if message.body.path not in catalog.broken else []
    for document in composition.snippets:
        yield document, catalog.snippet_takers()


_PLACES: dict[TokenPlace, str] = {
    "html": "in HTML",
    "attribute": "as a whole URL",
    "address": "as a part of a URL",
    "text": "in plain text",
    "subject": "in a subject",
}
"""The places of tokens, in words."""

_Use: TypeAlias = tuple[str, Place, tuple[TokenPlace, ...], tuple[TokenPlace, ...]]
"""A placeholder by its id, where it is written, and its places in a fragment and in a document."""


def cannot_express(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder that a platform cannot write in a place where it stands."""
    for document, platforms in exported(catalog, composition):
        for name, place, in_fragment, in_document in _uses(document, catalog):
            placeholder = catalog.placeholders.get(name)
            if placeholder is not None and placeholder.type != "choice":
                for platform in platforms:
                    places = in_fragment if platform.format == "fragment" else in_document
                    is_own = any(name in message.head.placeholders for message in catalog.messages.values())
                    yield from islice(_unwritable(placeholder, place, platform, places, is_own), 1)


def _uses(document: Document, catalog: Catalog) -> Iterator[_Use]:
    """Each placeholder of a document that is exported."""
    parts: tuple[tuple[Iterable[Inline], tuple[TokenPlace, ...], tuple[TokenPlace, ...]], ...] = (
        (document.inlines, ("html", "text"), ("html", "text")),
        (document.subject, ("subject",), ("subject", "html")),
        (document.preheader, (), ("html",)),
    )
    for nodes, in_fragment, in_document in parts:
        for node in nodes:
            if isinstance(node, Placeholder):
                yield node.id, node.place, in_fragment, in_document
            elif isinstance(node, Link) and node.id in catalog.links:
                link = catalog.links[node.id]
                for name in link.placeholders():
                    yield name, node.place, link.token_places(name), link.token_places(name)


def _unwritable(
    placeholder: PlaceholderEntry, place: Place, platform: Platform, places: tuple[TokenPlace, ...], is_own: bool
) -> Iterator[Diagnostic]:
    """The problem in each place; a placeholder that `is_own` by a message has no tokens."""
    name, file = placeholder.id, f"data/platforms/{platform.id}.yml"
    key = platform.key_of(placeholder)
    for where in places:
        written = platform.write_placeholder(placeholder, where)
        if key is None:
            message = f"{platform.label} has no token for '{name}'."
            add = "Move it to data/placeholders.yml, and add" if is_own else "Add"
            hint = f"{add} '{name}' under 'tokens' in {file}, or remove the platform from the email."
        elif written is None and not platform.shows_instead(placeholder, where):
            message = f"{platform.label} cannot write '{name}' {_PLACES[where]}."
            hint = f"Remove it or the platform, or add '{where}' to '{key}' in {file}."
        elif written and '"' in written and where in ("attribute", "address") and platform.format == "document":
            message = f"the {platform.label} token for '{name}' has double quotes, which end a URL in HTML."
            hint = f"Write '{key}' by place in {file}: the one for '{where}' without double quotes."
        else:
            continue
        yield error(place, "platform-cannot-express", message, hint, len(name))


def wrong_kind(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message of a kind that its platform does not take: nothing would be exported."""
    for message in catalog.messages.values():
        for name in message.head.platforms:
            platform = catalog.platforms.get(name)
            if platform is not None and message.head.kind not in platform.takes:
                taken = " and ".join(platform.takes) or "no"
                problem = f"{platform.label} takes {taken} emails, but this one is {message.head.kind}."
                file = f"data/platforms/{platform.id}.yml"
                hint = f"Remove the platform here, or add '{message.head.kind}' under 'takes' in {file}."
                yield error(name, "wrong-kind", problem, hint)


def wrong_names(catalog: Catalog) -> Iterator[Diagnostic]:
    """A token by a name that is known to be wrong."""
    for platform in catalog.platforms.values():
        for token in platform.tokens.values():
            for wrong, right in platform.wrong_names.items():
                for written in located_texts((token.name, token.write)):
                    if re.search(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])", written):
                        message = f"{platform.label} does not know '{wrong}'."
                        yield error(written.at(wrong), "wrong-token", message, f"Write '{right}'.", len(wrong))


def footers(catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform that takes marketing messages and has no unsubscribe token."""
    for platform in catalog.platforms.values():
        if platform.lacks_footer:
            message = f"{platform.label} takes marketing emails, but it has no unsubscribe token."
            yield error(platform.label.place, "missing-required-token", message, "Add 'footer' with 'unsubscribe'.")


def fallbacks(catalog: Catalog) -> Iterator[Diagnostic]:
    """A fallback or label that would end the token around it, or start another one: one error for all platforms."""
    readers: dict[tuple[str, str, str], list[str]] = {}
    for platform in catalog.platforms.values():
        for placeholder in catalog.placeholders.values():
            if placeholder.type != "choice":
                found = [each for place in PLACES for each in _misread(platform, placeholder, place)]
                for key, bad in dict(reversed(found)).items():  # the first of each key
                    readers.setdefault((placeholder.id, key, bad), []).append(platform.label)
    for (name, key, bad), labels in readers.items():
        read = "reads" if len(labels) == 1 else "read"
        message = f"the {key} of '{name}' has '{bad}', which {_some(labels)} {read} as syntax."
        yield error(
            getattr(catalog.placeholders[name], key), "platform-syntax", message, f"Write the {key} without it."
        )


def _misread(platform: Platform, placeholder: PlaceholderEntry, place: TokenPlace) -> Iterator[tuple[str, str]]:
    """The keys of a placeholder that a platform would misread in a place, each with the characters that do it."""
    pattern = platform.pattern_for(placeholder, place) or ""
    for part, words in platform.parts_of(placeholder, place).items():
        before, found, after = pattern.partition(part)
        # Unescaped, a tag would be one in the file itself, before the platform reads it.
        tags = ("<", ">") if platform.format == "document" and place in ("html", "attribute", "address") else ()
        bad = _syntax_at(before, words, after, (*platform.syntax, *tags)) if found else None
        key = "label" if part == "<label>" else "fallback"
        if bad and part != "<name>" and getattr(placeholder, key):
            yield key, bad


def _syntax_at(before: str, words: str, after: str, syntax: tuple[str, ...]) -> str | None:
    """What a platform would read as syntax in words, or where they meet the token around them."""
    is_quoted = after[:1] in ('"', "'")
    end = after[:1] if is_quoted else after
    escapes = "\\" if is_quoted or words.endswith("\\") else ""
    for mark in filter(None, (escapes, *syntax, end)):
        at = f"{before}{words}{end}".find(mark, max(len(before) - len(mark) + 1, 0))
        if 0 <= at < len(before) + len(words):
            return mark
    return None


def missing_fallbacks(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder without a fallback in a marketing email, on platforms that fill it in and can write one.

    It is one warning per placeholder, where the fallback belongs, for all emails and platforms.
    """
    gaps: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for document, platforms in exported(catalog, composition):
        for name, _, in_fragment, in_document in _uses(document, catalog) if document.kind == "marketing" else ():
            for platform in platforms:
                places = in_fragment if platform.format == "fragment" else in_document
                entry = catalog.placeholders.get(name)
                if entry is not None and _leaves_a_gap(entry, platform, places):
                    messages, labels = gaps.setdefault(name, ({}, {}))
                    messages[document.id] = None
                    labels[platform.label] = None
    for name, (messages, labels) in gaps.items():
        placeholder = catalog.placeholders[name]
        message = f"'{name}' has no fallback, so without a value {_some(labels)} will leave a gap in {_some(messages)}."
        hint = "Add a line such as 'fallback: there' to it."
        if placeholder.fallback:
            hint = "Its token there has a 'write' of its own: write <fallback> in it."
        yield warning(placeholder.id, "missing-fallback", message, hint)


def _some(names: Iterable[str]) -> str:
    """The first three names, and the number of the rest."""
    shown = list(names)
    *first, last = shown if len(shown) <= 3 else [*shown[:3], f"{len(shown) - 3} more"]
    return f"{', '.join(first)} and {last}" if first else last


def _leaves_a_gap(placeholder: PlaceholderEntry, platform: Platform, places: Iterable[TokenPlace]) -> bool:
    """True if the platform fills the placeholder in, and could write a fallback in one of the places but does not."""
    if placeholder.id not in platform.tokens or placeholder.optional or placeholder.type == "choice":
        return False
    patterns = [
        platform.pattern_for(placeholder, place) for place in places if pattern_at(platform.write.fallback, place)
    ]
    return any(pattern is not None and "fallback>" not in pattern for pattern in patterns)


RULES = (cannot_express, wrong_kind)

WHOLE_RULES = (missing_fallbacks,)

DATA_RULES = (wrong_names, footers, fallbacks)
