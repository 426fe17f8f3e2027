"""Where each link and placeholder is used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handover.model.catalog import Catalog
from handover.model.document import Composition, Inline, Link, Placeholder, walk
from handover.model.located import Reference
from handover.model.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Use:
    """A page that uses something: what it is called, and its path in the site's source, perhaps with an anchor."""

    label: str
    page: str


def link_uses(catalog: Catalog, composition: Composition) -> dict[str, list[Use]]:
    """The pages that use each link, in their order."""
    pairs = [(node.id, use) for use, nodes in _places(catalog, composition) for node in nodes if isinstance(node, Link)]
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            use = Use(scenario.title, f"{playbook.id}.md#{scenario.id}")
            pairs += [(str(report.link), use) for report in scenario.reports]
    return _grouped(pairs)


def placeholder_uses(catalog: Catalog, composition: Composition) -> dict[str, list[Use]]:
    """The pages that use each placeholder, in their order; an address that has one counts too."""
    pairs = []
    for use, nodes in _places(catalog, composition):
        for node in nodes:
            if isinstance(node, Placeholder):
                pairs.append((node.id, use))
            elif isinstance(node, Link) and node.id in catalog.links:
                pairs += [(str(part), use) for part in catalog.links[node.id].parts() if isinstance(part, Reference)]
    return _grouped(pairs)


def _grouped(pairs: Iterable[tuple[str, Use]]) -> dict[str, list[Use]]:
    made: dict[str, dict[Use, None]] = {}
    for name, use in pairs:
        made.setdefault(name, {})[use] = None
    return {name: list(uses) for name, uses in made.items()}


def _places(catalog: Catalog, composition: Composition) -> Iterator[tuple[Use, list[Inline]]]:
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            use = Use(scenario.title, f"{playbook.id}.md#{scenario.id}")
            yield use, list(walk(composition.stories.get(scenario.id, ())))
        yield Use(playbook.heading, f"{playbook.id}.md"), _prose(playbook, composition)
    for document in composition.documents:
        head = catalog.messages[document.id].head
        yield Use(head.title, f"messages/{document.id}.md"), [*document.heads(), *document.inlines()]


def _prose(playbook: Playbook, composition: Composition) -> list[Inline]:
    path = f"data/playbooks/{playbook.id}.yml"
    return [node for place, blocks in composition.passages.items() if place.path == path for node in walk(blocks)]
