"""What each platform accepts and needs."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Reference
from handover.model.nodes import Link, Placeholder
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
            right = platform.wrong_names.get(token.name)
            if right is not None:
                message = f"{platform.label} does not know '{token.name}'."
                yield error(token.name, "wrong-token", message, f"Write '{right}'.")


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


RULES = (cannot_express, wrong_kind)

DATA_RULES = (wrong_names, footers, fallbacks)
