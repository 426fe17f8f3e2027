"""Things that are described and never used."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition, Link, Placeholder
from handover.model.located import Located, Reference


def unused_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Links that no content and no report leads to."""
    used = {node.id for node in composition.every_inline() if isinstance(node, Link)}
    for playbook in catalog.playbooks.values():
        used |= {str(report.link) for scenario in playbook.scenarios for report in scenario.reports}
    for link in catalog.links.values():
        if link.id not in used:
            yield _unused(link.id, "link")


def unused_placeholders(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Placeholders that neither content nor an address has."""
    used = {node.id for node in composition.every_inline() if isinstance(node, Placeholder)}
    for link in catalog.links.values():
        used |= {str(part) for part in link.parts() if isinstance(part, Reference)}
    for placeholder in catalog.placeholders.values():
        if placeholder.id not in used:
            yield _unused(placeholder.id, "placeholder")


def unused_blocks(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Blocks that nothing includes and that are no snippets."""
    for block in catalog.blocks.values():
        if block.id not in composition.included and not block.head.snippet:
            yield _unused(block.id, "block")


def unused_files(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Stories and messages that no playbook names."""
    scenarios = [scenario for playbook in catalog.playbooks.values() for scenario in playbook.scenarios]
    for story in catalog.stories.values():
        if story.id not in {scenario.id for scenario in scenarios} and not catalog.excuses("scenarios", story.id):
            yield _unused(story.id, "scenario")
    sent = {str(name) for scenario in scenarios for name in scenario.messages}
    for message in catalog.messages.values():
        if message.id not in sent and not catalog.excuses("messages", message.id):
            yield _unused(message.id, "message")


def _unused(name: Located, kind: str) -> Diagnostic:
    return warning(
        name.place, f"unused-{kind}", f"nothing uses the {kind} '{name}'.", "Use it, or delete it.", len(name)
    )


UNREADABLE = frozenset(
    {
        "control-character",
        "duplicate-key",
        "empty-file",
        "front-matter",
        "invalid-id",
        "invalid-value",
        "missing-key",
        "outside-root",
        "unknown-key",
        "unreadable-file",
        "wrong-type",
        "yaml-feature",
        "yaml-syntax",
        "include-cycle",
        "too-deep",
        "too-long",
        "unknown-block",
        "unknown-container",
    }
)
"""Errors after which nobody knows what the part that was not read would have used."""

RULES = (
    (unused_links, UNREADABLE | {"unknown-link", "inline-address", "stray-bracket"}),
    (
        unused_placeholders,
        UNREADABLE
        | {"unknown-placeholder", "unclosed-placeholder", "placeholder-in-code", "stray-bracket", "slash-choice"}
        | {"unknown-link", "inline-address"},
    ),
    (unused_blocks, UNREADABLE),
    (unused_files, UNREADABLE | {"unknown-message", "unknown-scenario"}),
)
"""Each rule with the errors that make its answer worthless."""
