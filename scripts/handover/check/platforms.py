"""What each platform can write and needs."""

from collections.abc import Iterator
from itertools import groupby

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Reference
from handover.model.nodes import Link, Placeholder
from handover.model.platform import Platform


def exported(catalog: Catalog, composition: Composition) -> Iterator[tuple[Document, Platform]]:
    """Each document with each platform that it is exported to; none where a part of its front matter was not read."""
    for document in composition.documents:
        message = catalog.messages[document.id]
        for platform in catalog.platforms.values():
            if message.goes_to(platform) and message.body.path not in catalog.broken:
                yield document, platform
    for document in composition.snippets:
        for platform in catalog.platforms.values():
            if platform.format == "fragment":
                yield document, platform


def cannot_express(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder that a platform has neither a token nor a form to fill in for."""
    for _, pairs in groupby(exported(catalog, composition), key=lambda pair: id(pair[0])):
        blanks: list[tuple[str, Place, bool, bool]] | None = None
        for document, platform in pairs:
            blanks = list(_blanks(document, catalog)) if blanks is None else blanks
            for name, place, in_address, alone in blanks:
                yield from _expressed(name, place, platform, catalog, in_address, alone)


def _blanks(document: Document, catalog: Catalog) -> Iterator[tuple[str, Place, bool, bool]]:
    """Each placeholder with its place, whether it stands in an address, and whether it is all of that."""
    for node in (*document.inlines(), *document.subject, *document.preheader):
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
        message = f"{platform.label} cannot write '{name}'."
        hint = f"Add '{name}' under 'tokens' in {file}, or name the platforms of the message without this one."
        yield error(place, "platform-cannot-express", message, hint, len(name))
    elif in_address and platform.format == "document" and '"' in written:
        message = f"{platform.label} writes '{name}' with quotes, which end an address in HTML."
        hint = f"Take the fallback away, or write it without double quotes in {file}."
        yield error(place, "platform-cannot-express", message, hint, len(name))


def wrong_kind(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message that names a platform which takes no message of its kind: nothing would be exported there."""
    for message in catalog.messages.values():
        for name in message.head.platforms:
            platform = catalog.platforms.get(name)
            if platform is not None and message.head.kind not in platform.takes:
                taken = " and ".join(platform.takes) or "no"
                found = f"{platform.label} takes {taken} messages, and this one is {message.head.kind}."
                hint = (
                    f"Take it out here, or add '{message.head.kind}' under 'takes' in data/platforms/{platform.id}.yml."
                )
                yield error(name.place, "wrong-kind", found, hint, len(name))


def wrong_names(catalog: Catalog) -> Iterator[Diagnostic]:
    """A token by a name that is known not to work."""
    for platform in catalog.platforms.values():
        for token in platform.tokens.values():
            right = platform.wrong_names.get(token.name)
            if right is not None:
                message = f"{platform.label} does not know '{token.name}', though it is seen in use."
                yield error(token.name.place, "wrong-token", message, f"Write '{right}'.", len(token.name))


def footers(catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform that takes marketing messages and does not say how one opts out there."""
    for platform in catalog.platforms.values():
        if platform.lacks_footer:
            message = f"{platform.label} takes marketing messages, and how one opts out there is not said."
            yield error(platform.label.place, "missing-required-token", message, "Add 'footer' with 'unsubscribe'.")


def fallbacks(catalog: Catalog) -> Iterator[Diagnostic]:
    """The words of data/placeholders.yml that go into a token and would end it, or begin another."""
    for platform in catalog.platforms.values():
        for placeholder in catalog.placeholders.values():
            pattern = platform.pattern_for(placeholder)
            if pattern is None or placeholder.type == "choice":
                continue
            for name, words in (("fallback", placeholder.fallback), ("label", placeholder.label)):
                end = _after(pattern, f"<{name}>")
                bad = next((mark for mark in (*platform.syntax, end) if words and mark and mark in words), None)
                if words and end and bad:
                    message = (
                        f"the {name} of '{placeholder.id}' has '{bad}' in it, which {platform.label} reads as its own."
                    )
                    hint = f"Write the {name} without it."
                    yield error(words.place, "platform-syntax", message, hint, len(words))


def _after(pattern: str, blank: str) -> str:
    """What ends the blank in the pattern: a quote, else all that follows; empty where it has no such blank."""
    _, found, rest = pattern.partition(blank)
    if not found:
        return ""
    return rest[0] if rest[:1] in ('"', "'") else rest


RULES = (cannot_express, wrong_kind)

DATA_RULES = (wrong_names, footers, fallbacks)
