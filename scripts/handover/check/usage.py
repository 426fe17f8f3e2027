"""Things that are described and never used."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition
from handover.model.located import Located, Reference
from handover.model.playbook import Scenario


def used_links(catalog: Catalog, composition: Composition) -> set[str]:
    """The ids of the links that content or a report leads to."""
    used = composition.links()
    for scenario in _scenarios(catalog):
        used |= {str(report.link) for report in scenario.reports}
    return used


def used_placeholders(catalog: Catalog, composition: Composition) -> set[str]:
    """The ids of the placeholders that content or an address has."""
    used = composition.placeholders()
    for link in catalog.links.values():
        used |= {str(part) for part in link.parts() if isinstance(part, Reference)}
    return used


def used_messages(catalog: Catalog, composition: Composition) -> set[str]:
    """The ids of the messages that a scenario sends."""
    return {str(name) for scenario in _scenarios(catalog) for name in scenario.messages}


def _scenarios(catalog: Catalog) -> Iterator[Scenario]:
    for playbook in catalog.playbooks.values():
        yield from playbook.scenarios


def unused_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Links that no content and no report leads to."""
    used = used_links(catalog, composition)
    yield from (_unused(link.id, "link") for link in catalog.links.values() if link.id not in used)


def unused_placeholders(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Placeholders that neither content nor an address has."""
    used = used_placeholders(catalog, composition)
    yield from (_unused(each.id, "placeholder") for each in catalog.placeholders.values() if each.id not in used)


def unused_blocks(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Blocks that nothing includes and that are no snippets."""
    for block in catalog.blocks.values():
        if block.id not in composition.included and not block.head.snippet:
            yield _unused(block.id, "block")


def unused_files(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Stories and messages that no playbook names."""
    told = {scenario.id for scenario in _scenarios(catalog)}
    for story in catalog.stories.values():
        if story.id not in told and not catalog.excuses("scenarios", story.id):
            yield _unused(story.id, "scenario")
    sent = used_messages(catalog, composition)
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
        "stray-file",
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
        "unknown-variant",
    }
)
"""Errors after which nobody knows what the part that was not read would have used."""

RULES = (
    (unused_links, UNREADABLE | {"unknown-link", "unknown-message", "inline-address", "raw-html", "stray-bracket"}),
    (
        unused_placeholders,
        UNREADABLE
        | {"unknown-placeholder", "unclosed-placeholder", "placeholder-in-code", "stray-bracket", "slash-choice"}
        | {"unknown-link", "unknown-message", "inline-address", "raw-html"},
    ),
    (unused_blocks, UNREADABLE),
    (unused_files, UNREADABLE | {"unknown-message", "unknown-scenario"}),
)
"""Each rule with the errors that make its answer worthless."""
