"""An id that many places ask for and nothing has: one mistake, one finding."""

from collections.abc import Iterable
from dataclasses import replace

from handover.check import usage
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place
from handover.model.document import Composition
from handover.model.located import Located
from handover.model.playbook import Playbook
from handover.model.spelling import nearest

_SIMILAR = 0.8
"""How like the id that is asked for another one has to be to count as the same, misspelt."""

_OF_ONE_PLAYBOOK = frozenset({"unknown-scenario", "unknown-team", "unknown-order-type"})


def gathered(catalog: Catalog, composition: Composition, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, with all those about one unknown id made one.

    It stands where the id is described under a misspelt name, if several places agree on the right one; else at
    the first place that asks for it. The other places stay with it.
    """
    made: list[Diagnostic] = []
    asked: dict[tuple[str, ...], dict[Place, Diagnostic]] = {}
    for each in found:
        if each.name is None:
            made.append(each)
        else:
            path = each.place.path if each.code in _OF_ONE_PLAYBOOK else ""
            asked.setdefault((each.code, each.message, path), {}).setdefault(each.place, each)
    for finding in asked.values():
        places = sorted(finding)
        first = finding[places[0]]
        described = _misspelt(first, catalog, composition) if len(places) > 1 else None
        if described is None:
            made.append(replace(first, also=tuple(places[1:])))
        else:
            made.append(_at_description(first, described, places))
    # A scenario under a misspelt name has no story either.
    renamed = {each.place for each in made if each.also and each.name is None}
    return [each for each in made if each.name is None or each.place not in renamed]


def _at_description(first: Diagnostic, described: Located, places: list[Place]) -> Diagnostic:
    message = f"nothing asks for '{described}', and {len(places)} places ask for '{first.name}', which is not there."
    return Diagnostic(
        described.place,
        first.code,
        "error",
        message,
        f"Did you mean '{first.name}'?",
        len(described),
        also=tuple(places),
    )


def _misspelt(finding: Diagnostic, catalog: Catalog, composition: Composition) -> Located | None:
    """The id that nothing uses and that is so like the one asked for that it must be the same."""
    unused = _unused(finding, catalog, composition)
    near = nearest(finding.name or "", [str(each) for each in unused], _SIMILAR)
    return next((each for each in unused if each == near), None)


def _unused(finding: Diagnostic, catalog: Catalog, composition: Composition) -> list[Located]:
    """The ids of the same kind that are described and not used."""
    described: list[Located] = []
    used: set[str] = set()
    match finding.code:
        case "unknown-link":
            described += [link.id for link in catalog.links.values()]
            used = usage.used_links(catalog, composition)
        case "unknown-placeholder":
            described += [placeholder.id for placeholder in catalog.placeholders.values()]
            used = usage.used_placeholders(catalog, composition)
        case "unknown-block":
            described += [block.id for block in catalog.blocks.values()]
            used = set(composition.included)
        case "unknown-message":
            described += [message.id for message in catalog.messages.values()]
            used = usage.used_messages(catalog, composition)
        case "unknown-term":
            described += [term.id for term in catalog.terms.values()]
            used = {str(reader) for playbook in catalog.playbooks.values() for reader in playbook.readers}
        case _:
            for playbook in catalog.playbooks.values():
                if playbook.id.place.path == finding.place.path:
                    described, used = _of_playbook(finding.code, playbook)
    return [each for each in described if each not in used]


def _of_playbook(code: str, playbook: Playbook) -> tuple[list[Located], set[str]]:
    match code:
        case "unknown-scenario":
            return [each.id for each in playbook.scenarios], {str(cell.scenario) for cell in playbook.matrix}
        case "unknown-team":
            return [each.id for each in playbook.teams], {str(cell.team) for cell in playbook.matrix}
        case "unknown-order-type":
            return [each.id for each in playbook.order_types], {str(cell.order_type) for cell in playbook.matrix}
    return [], set()
