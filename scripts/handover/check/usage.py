"""Unused entries and files."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition
from handover.model.located import Id, Party


class _HasId(Protocol):
    @property
    def id(self) -> Id: ...


def used_links(catalog: Catalog, composition: Composition) -> set[str]:
    """The ids of the links in content and in reports."""
    return composition.links() | {str(report.link) for each in catalog.scenarios for report in each.reports}


def used_placeholders(catalog: Catalog, composition: Composition) -> set[str]:
    """The ids of the placeholders in content and in URLs."""
    return composition.placeholders() | {str(name) for link in catalog.links.values() for name in link.placeholders()}


def used_messages(catalog: Catalog) -> set[str]:
    """The ids of the messages that a scenario sends."""
    return {str(name) for scenario in catalog.scenarios for name in scenario.sends}


def used_terms(catalog: Catalog) -> set[str]:
    """The ids of the terms that playbooks name as readers and as people."""
    playbooks = catalog.playbooks.values()
    readers = {str(reader) for playbook in playbooks for reader in playbook.readers}
    return readers | {str(name) for name in located_texts(tuple(playbooks)) if isinstance(name, Party)}


def unused_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Links in neither content nor a report."""
    yield from _unused("link", catalog.links, used_links(catalog, composition))


def unused_placeholders(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Placeholders in neither content nor a URL."""
    yield from _unused("placeholder", catalog.placeholders, used_placeholders(catalog, composition))
    for message in catalog.messages.values():
        documents = (document for document in composition.documents if document.id == message.id)
        used = {name for document in documents for name in document.placeholders}
        yield from _unused("placeholder", message.head.placeholders, used)


def unused_blocks(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Blocks without an include that are not snippets."""
    snippets = {block.id for block in catalog.blocks.values() if block.head.snippet}
    yield from _unused("block", catalog.blocks, composition.included | snippets)


def unused_pictures(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Pictures that neither the handbook's prose nor the brand has."""
    used = {*composition.pictures(), *catalog.brand.pictures()}
    for name in catalog.pictures.values():
        if name not in used:
            yield warning(name, "unused-picture", f"the picture '{name}' is unused.", "Use it, or delete it.")


def unused_files(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Scenario texts that no playbook names, and messages that no playbook names or links to."""
    stories = {name: story for name, story in catalog.stories.items() if not catalog.excuses("scenarios", name)}
    yield from _unused("scenario", stories, {str(scenario.id) for scenario in catalog.scenarios})
    messages = {name: message for name, message in catalog.messages.items() if not catalog.excuses("messages", name)}
    yield from _unused("message", messages, used_messages(catalog) | composition.pages("message"))


def _unused(kind: str, things: Mapping[Any, _HasId], used: Collection[str]) -> Iterator[Diagnostic]:
    for thing in things.values():
        if thing.id not in used:
            message = f"the {kind} '{thing.id}' is unused."
            yield warning(thing.id, f"unused-{kind}", message, "Use it, or delete it.")


UNREADABLE = (
    frozenset({"control-character", "duplicate-key", "empty-file", "front-matter", "invalid-id", "invalid-value"})
    | {"missing-key", "outside-root", "stray-file", "unknown-key", "unreadable-file", "wrong-type", "yaml-feature"}
    | {"yaml-syntax", "include-cycle", "too-deep", "too-long", "unknown-block", "unknown-container", "unknown-variant"}
)
"""Errors that leave a part of the sources unread, so that it is unknown what that part uses."""

RULES = (
    (unused_links, UNREADABLE | {"unknown-link", "unknown-message", "inline-address", "raw-html", "stray-bracket"}),
    (
        unused_placeholders,
        UNREADABLE
        | {"unknown-placeholder", "unclosed-placeholder", "placeholder-in-code", "stray-bracket", "slash-choice"}
        | {"unknown-link", "unknown-message", "inline-address", "raw-html"},
    ),
    (unused_blocks, UNREADABLE),
    (unused_pictures, UNREADABLE | {"invalid-picture", "unknown-picture", "raw-html"}),
    (unused_files, UNREADABLE | {"unknown-message", "unknown-scenario"}),
)
"""Each rule with the errors that suppress it, as they can cause what it reports."""
