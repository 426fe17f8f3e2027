"""What each platform accepts and needs."""

import re
from collections.abc import Iterable, Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition, Document
from handover.model.located import Reference
from handover.model.nodes import Inline, Link, Placeholder
from handover.model.platform import Platform


def exported(catalog: Catalog, composition: Composition) -> Iterator[tuple[Document, list[Platform]]]:
    """Each document with the platforms that it is exported to; none if its front matter was not read as a whole."""
    platforms = catalog.platforms.values()
    for document in composition.documents:
        message = catalog.messages[document.id]
        is_whole = message.body.path not in catalog.broken
        yield document, [platform for platform in platforms if is_whole and message.goes_to(platform)]
    fragments = [platform for platform in platforms if platform.format == "fragment"]
    for document in composition.snippets:
        yield document, fragments


def cannot_express(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder that a platform cannot write."""
    for document, platforms in exported(catalog, composition):
        for name, place, in_address, alone in _placeholders(document, catalog):
            for platform in platforms:
                yield from _expressed(name, place, platform, catalog, in_address, alone)


def _placeholders(document: Document, catalog: Catalog) -> Iterator[tuple[str, Place, bool, bool]]:
    """Each placeholder with its place, whether it is in a URL, and whether it is the whole URL."""
    for node in (*document.inlines, *document.subject, *document.preheader):
        if isinstance(node, Placeholder):
            yield node.id, node.place, False, False
        elif isinstance(node, Link) and node.id in catalog.links:
            parts = catalog.links[node.id].parts()
            yield from ((part, node.place, True, len(parts) == 1) for part in parts if isinstance(part, Reference))


def _expressed(
    name: str, place: Place, platform: Platform, catalog: Catalog, in_address: bool, alone: bool
) -> Iterator[Diagnostic]:
    placeholder = catalog.placeholders.get(name)
    if placeholder is None or placeholder.type == "choice":
        return
    file = f"data/platforms/{platform.id}.yml"
    written = platform.write_placeholder(placeholder, in_address and not alone)
    if written is None:
        message = f"{platform.label} has no token for '{name}'."
        hint = f"Add '{name}' under 'tokens' in {file}, or remove the platform from the email."
        yield error(place, "platform-cannot-express", message, hint, len(name))
    elif in_address and platform.format == "document" and '"' in written:
        message = f"the {platform.label} token for '{name}' has double quotes, which end a URL in HTML."
        hint = f"Remove the fallback, or write the token without double quotes in {file}."
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
                for written in (token.name, token.write):
                    if written and re.search(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])", written):
                        message = f"{platform.label} does not know '{wrong}'."
                        yield error(written.at(wrong), "wrong-token", message, f"Write '{right}'.", len(wrong))


def footers(catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform that takes marketing messages and has no unsubscribe token."""
    for platform in catalog.platforms.values():
        if platform.lacks_footer:
            message = f"{platform.label} takes marketing emails, but it has no unsubscribe token."
            yield error(platform.label.place, "missing-required-token", message, "Add 'footer' with 'unsubscribe'.")


def fallbacks(catalog: Catalog) -> Iterator[Diagnostic]:
    """A fallback or label that would end the token around it, or start another one."""
    for platform in catalog.platforms.values():
        for placeholder in catalog.placeholders.values():
            pattern = platform.pattern_for(placeholder)
            if pattern is None or placeholder.type == "choice":
                continue
            for name, words in (("fallback", placeholder.fallback), ("label", placeholder.label)):
                end = _after(pattern, f"<{name}>")
                bad = next((mark for mark in (*platform.syntax, end) if words and mark and mark in words), None)
                if words and end and bad:
                    message = f"the {name} of '{placeholder.id}' has '{bad}', which {platform.label} reads as syntax."
                    yield error(words, "platform-syntax", message, f"Write the {name} without it.")


def _after(pattern: str, part: str) -> str:
    """The text after this part of a pattern: a quote, else all of the rest; empty if the pattern lacks the part."""
    _, found, rest = pattern.partition(part)
    if not found:
        return ""
    return rest[0] if rest[:1] in ('"', "'") else rest


def missing_fallbacks(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder without a fallback in a marketing email, on platforms that fill it in and can write one.

    It is one warning per placeholder, where the fallback belongs, for all emails and platforms.
    """
    gaps: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for document, platforms in exported(catalog, composition):
        if document.kind == "marketing":
            for node in (*document.inlines, *document.subject, *document.preheader):
                labels = [str(each.label) for each in platforms if _leaves_a_gap(node, each, catalog)]
                if isinstance(node, Placeholder) and labels:
                    messages, by = gaps.setdefault(node.id, ({}, {}))
                    messages[document.id] = None
                    by.update(dict.fromkeys(labels))
    for name, (messages, by) in gaps.items():
        placeholder = catalog.placeholders[name]
        message = f"'{name}' has no fallback, so without a value {_some(by)} will leave a gap in {_some(messages)}."
        yield warning(placeholder.id, "missing-fallback", message, "Add a line such as 'fallback: there' to it.")


def _some(names: Iterable[str]) -> str:
    """The first three names, and the number of the rest."""
    shown = list(names)
    *first, last = shown if len(shown) <= 3 else [*shown[:3], f"{len(shown) - 3} more"]
    return f"{', '.join(first)} and {last}" if first else last


def _leaves_a_gap(node: Inline, platform: Platform, catalog: Catalog) -> bool:
    """True for a placeholder in text that the platform fills in, and for which it could write a fallback."""
    placeholder = catalog.placeholders.get(node.id) if isinstance(node, Placeholder) else None
    if placeholder is None or placeholder.fallback or placeholder.optional or placeholder.type == "choice":
        return False
    return placeholder.id in platform.tokens and platform.write.fallback is not None


RULES = (cannot_express, wrong_kind)

WHOLE_RULES = (missing_fallbacks,)

DATA_RULES = (wrong_names, footers, fallbacks)
