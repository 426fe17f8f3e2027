"""What each platform can write, needs, and would misread."""

from collections.abc import Iterator
from dataclasses import replace

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Code, Composition, Document, Link, Placeholder, Text
from handover.model.located import Located, Reference
from handover.model.platform import Platform


def exported(catalog: Catalog, composition: Composition) -> Iterator[tuple[Document, Platform]]:
    """Each document with each platform that it is exported to."""
    for document in composition.documents:
        head = catalog.messages[document.id].head
        for platform in catalog.platforms.values():
            if head.kind in platform.takes and (not head.platforms or str(platform.id) in head.platforms):
                yield document, platform
    for document in composition.snippets:
        for platform in catalog.platforms.values():
            if platform.format == "fragment":
                yield document, platform


def cannot_express(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder that a platform has neither a token nor a form to fill in for."""
    for document, platform in exported(catalog, composition):
        for node in (*document.inlines(), *_subject_and_preheader(document)):
            if isinstance(node, Placeholder):
                yield from _expressed(node.id, node.place, platform, catalog, in_address=False)
            elif isinstance(node, Link) and node.id in catalog.links:
                for part in catalog.links[node.id].parts():
                    if isinstance(part, Reference):
                        yield from _expressed(part, node.place, platform, catalog, in_address=True)


def _subject_and_preheader(document: Document) -> list[object]:
    return [*document.subject, *document.preheader]


def _expressed(name: str, place: Place, platform: Platform, catalog: Catalog, in_address: bool) -> Iterator[Diagnostic]:
    placeholder = catalog.placeholders.get(name)
    if placeholder is None or placeholder.type == "choice":
        return
    file = f"data/platforms/{platform.id}.yml"
    token = platform.tokens.get(placeholder.id)
    if token is None and platform.write.fill_in is None:
        message = f"{platform.label} has no way to write '{name}'."
        yield error(place, "platform-cannot-express", message, f"Add '{name}' under 'tokens' in {file}.", len(name))
    pattern = platform.write.fallback if token and placeholder.fallback else None
    written = pattern or (platform.write.token if token else platform.write.fill_in) or ""
    if in_address and platform.format == "document" and '"' in written:
        message = f"{platform.label} writes '{name}' with quotes, which end an address in HTML."
        yield error(
            place,
            "platform-cannot-express",
            message,
            f"Take the fallback away, or write it without quotes in {file}.",
            len(name),
        )
    if pattern and placeholder.fallback:
        quotes = {mark for mark in "\"'" if f"{mark}<fallback>{mark}" in pattern}
        for bad in sorted(quotes | set(platform.syntax)):
            if bad in placeholder.fallback:
                message = f"the fallback of '{name}' has '{bad}' in it, which {platform.label} reads as its own syntax."
                yield error(
                    placeholder.fallback.place,
                    "platform-syntax",
                    message,
                    "Write the fallback without it.",
                    len(placeholder.fallback),
                )


def syntax_in_text(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Literal text, or an address, that a platform would read as its own syntax."""
    for document, platform in exported(catalog, composition):
        for node in (*document.heads(), *document.inlines()):
            if isinstance(node, Text | Code):
                for sequence in platform.syntax:
                    offset = node.text.lower().find(sequence.lower())
                    if offset >= 0:
                        place = replace(node.place, column=node.place.column + offset)
                        yield _misread(
                            place,
                            node.text[offset : offset + len(sequence)],
                            platform,
                            sequence,
                            "Write it in other words.",
                        )
            elif isinstance(node, Link) and node.id in catalog.links:
                yield from _address(catalog.links[node.id].url, catalog.links[node.id].parts(), platform)
    for platform in catalog.platforms.values():
        if platform.footer and not platform.footer.postal_address:
            for line in catalog.brand.postal_address:
                yield from _address(line, [line], platform)


def _address(written: Located, parts: list[str | Reference], platform: Platform) -> Iterator[Diagnostic]:
    for part in parts:
        if isinstance(part, Reference):
            continue
        for sequence in platform.syntax:
            offset = part.lower().find(sequence.lower())
            if offset >= 0:
                shown = part[offset : offset + len(sequence)]
                yield _misread(
                    written.at(shown),
                    shown,
                    platform,
                    sequence,
                    "Use an address without it, for example a shorter one that leads there.",
                )


def _misread(place: Place, shown: str, platform: Platform, sequence: str, hint: str) -> Diagnostic:
    message = f"{platform.label} would read '{shown}' as its own syntax."
    return error(place, "platform-syntax", message, hint, len(sequence))


def footers(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A platform that takes marketing messages and does not say how one opts out there."""
    for platform in catalog.platforms.values():
        if platform.format == "document" and "marketing" in platform.takes and platform.footer is None:
            message = f"{platform.label} takes marketing messages, and how one opts out there is not said."
            yield error(platform.label.place, "missing-required-token", message, "Add 'footer' with 'unsubscribe'.")


RULES = (cannot_express, syntax_in_text, footers)
