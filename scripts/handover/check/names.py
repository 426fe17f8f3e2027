"""Unknown ids that several places use: one mistake, one error."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from handover.check import usage
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place
from handover.model.document import Composition
from handover.model.located import Id, Located
from handover.model.playbook import Playbook
from handover.model.spelling import nearest

_SIMILAR = 0.8
"""The least similarity at which an unused id counts as the unknown one, misspelled."""

_OF_ONE_PLAYBOOK = frozenset({"unknown-scenario", "unknown-row", "unknown-column", "unknown-checklist"})


def merge_unknown_ids(
    catalog: Catalog, composition: Composition, diagnostics: Iterable[Diagnostic]
) -> list[Diagnostic]:
    """The diagnostics, with all those about one unknown id merged into one.

    If several places use the id and an unused one is nearly the same, the error is at that one: its definition is
    misspelled. Else it is at the first place that uses the id. The other places are in `also`.
    """
    merged: list[Diagnostic] = []
    by_name: dict[tuple[str, ...], dict[Place, Diagnostic]] = {}
    for each in diagnostics:
        if each.name is None:
            merged.append(each)
        else:
            path = each.place.path if each.code in _OF_ONE_PLAYBOOK else ""
            by_name.setdefault((each.code, each.message, path), {}).setdefault(each.place, each)
    for same in by_name.values():
        places = sorted(same)
        first = same[places[0]]
        misspelled = _misspelled(first, catalog, composition) if len(places) > 1 else None
        if misspelled is None:
            hint = _hint_of_own(first, catalog) or first.hint
            merged.append(replace(first, hint=hint, also=tuple(places[1:])))
        else:
            merged.append(_at_definition(first, misspelled, places))
    # A scenario with a misspelled id has no scenario text either.
    renamed = {each.place for each in merged if each.also and each.name is None}
    return [each for each in merged if each.name is None or each.place not in renamed]


def _at_definition(first: Diagnostic, misspelled: Located, places: list[Place]) -> Diagnostic:
    message = f"'{misspelled}' is unused, but {len(places)} places use '{first.name}', which does not exist."
    hint = f"Did you mean '{first.name}'?"
    return Diagnostic(misspelled.place, first.code, "error", message, hint, len(misspelled), also=tuple(places))


def _hint_of_own(unknown: Diagnostic, catalog: Catalog) -> str | None:
    """The hint for a placeholder that another message has for itself alone."""
    if unknown.code != "unknown-placeholder" or not unknown.place.path.startswith("content/messages/"):
        return None
    owner = next((each for each in catalog.messages.values() if (unknown.name or "") in each.head.placeholders), None)
    if owner is None:
        return None
    return f"It is a placeholder of '{owner.id}' alone: move it there from the front matter of that {owner.head.noun}."


def _misspelled(unknown: Diagnostic, catalog: Catalog, composition: Composition) -> Located | None:
    """The unused id that is nearly the same as the unknown one."""
    if not Id.PATTERN.fullmatch(unknown.name or ""):
        return None
    unused = _unused(unknown, catalog, composition)
    near = nearest(unknown.name or "", [str(each) for each in unused], _SIMILAR)
    return next((each for each in unused if each == near), None)


def _unused(unknown: Diagnostic, catalog: Catalog, composition: Composition) -> list[Located]:
    """The unused ids of the kind of the unknown one."""
    things: Iterable[Any] = ()
    used: set[str] = set()
    match unknown.code:
        case "unknown-link":
            things, used = catalog.links.values(), usage.used_links(catalog, composition)
        case "unknown-placeholder":
            things, used = catalog.placeholders.values(), usage.used_placeholders(catalog, composition)
        case "unknown-block":
            things, used = catalog.blocks.values(), set(composition.included)
        case "unknown-message":
            things, used = catalog.messages.values(), usage.used_messages(catalog)
        case "unknown-term":
            things = catalog.terms.values()
            used = usage.used_terms(catalog)
        case _:
            for playbook in catalog.playbooks.values():
                if playbook.id.place.path == unknown.place.path:
                    things, used = _of_playbook(unknown.code, playbook)
    return [thing.id for thing in things if thing.id not in used]


def _of_playbook(code: str, playbook: Playbook) -> tuple[Iterable[Any], set[str]]:
    """The things of a kind in a playbook, and the ids of those that are used."""
    match code:
        case "unknown-scenario":
            used = {str(cell.scenario) for cell in playbook.cells()}
            return playbook.scenarios, used | {str(scenario.then) for scenario in playbook.scenarios}
        case "unknown-row":
            return playbook.matrix.rows.entries if playbook.matrix else (), {str(cell.row) for cell in playbook.cells()}
        case "unknown-column":
            things = playbook.matrix.columns.entries if playbook.matrix else ()
            return things, {str(cell.column) for cell in playbook.cells()}
        case "unknown-checklist":
            checklists = [checklist for scenario in playbook.scenarios for checklist in scenario.checklists]
            return checklists, {str(step.checklist) for scenario in playbook.scenarios for step in scenario.steps}
    return (), set()
