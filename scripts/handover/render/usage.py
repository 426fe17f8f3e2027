"""Where each link and placeholder is used."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from handover.model.catalog import Catalog
from handover.model.document import Composition
from handover.model.located import Reference
from handover.model.nodes import Block, Link, Placeholder, walk


@dataclass(frozen=True, slots=True)
class Use:
    """A page that uses something: what it is called, and its path in the site's source, perhaps with an anchor."""

    label: str
    page: str


def link_uses(catalog: Catalog, composition: Composition) -> dict[str, list[Use]]:
    """The pages that use each link, in their order."""
    pairs = [(name, use) for use, links, _ in _places(catalog, composition) for name in links]
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            use = Use(scenario.title, f"{playbook.id}.md#{scenario.id}")
            pairs += [(str(report.link), use) for report in scenario.reports]
    return _grouped(pairs)


def placeholder_uses(catalog: Catalog, composition: Composition) -> dict[str, list[Use]]:
    """The pages that use each placeholder, in their order; an address that has one counts too."""
    pairs = []
    for use, links, placeholders in _places(catalog, composition):
        addresses = [catalog.links[name] for name in links if name in catalog.links]
        in_addresses = [str(part) for each in addresses for part in each.parts() if isinstance(part, Reference)]
        pairs += [(name, use) for name in (*placeholders, *in_addresses)]
    return _grouped(pairs)


def _grouped(pairs: Iterable[tuple[str, Use]]) -> dict[str, list[Use]]:
    made: dict[str, dict[Use, None]] = {}
    for name, use in pairs:
        made.setdefault(name, {})[use] = None
    return {name: list(uses) for name, uses in made.items()}


def _places(catalog: Catalog, composition: Composition) -> Iterator[tuple[Use, Collection[str], Collection[str]]]:
    """Each page with the ids of the links and of the placeholders that it has."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            use = Use(scenario.title, f"{playbook.id}.md#{scenario.id}")
            yield use, *_ids([composition.stories.get(scenario.id, ())])
        path = f"data/playbooks/{playbook.id}.yml"
        prose = [blocks for place, blocks in composition.passages.items() if place.path == path]
        yield Use(playbook.heading, f"{playbook.id}.md"), *_ids(prose)
    for document in composition.documents:
        head = catalog.messages[document.id].head
        yield Use(head.title, f"messages/{document.id}.md"), document.links, document.placeholders


def _ids(prose: Iterable[Iterable[Block]]) -> tuple[list[str], list[str]]:
    nodes = [node for blocks in prose for node in walk(blocks)]
    return (
        [node.id for node in nodes if isinstance(node, Link)],
        [node.id for node in nodes if isinstance(node, Placeholder)],
    )
