"""Unused entries and files, and unknown ids: several places that use one are one mistake."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, warning
from handover.model.document import Composition
from handover.model.located import Id, Located, Party
from handover.model.nodes import Link, Placeholder
from handover.model.spelling import nearest

_SIMILAR = 0.8
"""The least similarity at which an unused id counts as the unknown one, misspelled."""

_OF_ONE_PLAYBOOK = frozenset({"unknown-scenario", "unknown-row", "unknown-column", "unknown-checklist"})


def sent_messages(catalog: Catalog) -> set[str]:
    """The ids of the messages that a scenario sends."""
    return {str(name) for scenario in catalog.scenarios for name in scenario.sends}


def _ids(
    kind: str, catalog: Catalog, composition: Composition, path: str = ""
) -> tuple[Iterable[Located], Collection[str]]:
    """The ids of a kind, and those that are used; `path` is the playbook whose own things are meant."""
    playbooks = [each for each in catalog.playbooks.values() if path in ("", each.id.place.path)]
    scenarios = [scenario for playbook in playbooks for scenario in playbook.scenarios]
    cells = [cell for playbook in playbooks for cell in playbook.cells()]
    things: Iterable[Any] = ()
    used: Collection[str] = ()
    match kind:
        case "link":
            reports = {str(report.link) for each in scenarios for report in each.reports}
            things, used = catalog.links.values(), composition.used(Link) | reports
        case "placeholder":
            in_urls = {str(name) for link in catalog.links.values() for name in link.placeholders()}
            things, used = catalog.placeholders.values(), composition.used(Placeholder) | in_urls
        case "block":
            things, used = catalog.blocks.values(), composition.included
        case "message":
            things, used = catalog.messages.values(), sent_messages(catalog) | composition.pages("message")
        case "picture":
            return catalog.pictures.values(), {*composition.pictures(), *catalog.brand.pictures()}
        case "story":
            things, used = catalog.stories.values(), {str(each.id) for each in scenarios}
        case "term":
            parties = {str(name) for name in located_texts(tuple(playbooks)) if isinstance(name, Party)}
            things, used = catalog.terms.values(), parties | {str(name) for each in playbooks for name in each.readers}
        case "scenario":
            things, used = scenarios, {str(cell.scenario) for cell in cells} | {str(each.then) for each in scenarios}
        case "checklist":
            things = [checklist for each in scenarios for checklist in each.checklists]
            used = {str(step.checklist) for each in scenarios for step in each.steps}
        case "row" | "column":
            axes = [getattr(playbook.matrix, f"{kind}s") for playbook in playbooks if playbook.matrix]
            things = [entry for axis in axes for entry in axis.entries]
            used = {str(getattr(cell, kind)) for cell in cells}
    return [thing.id for thing in things], used


def _unused(kind: str, catalog: Catalog, composition: Composition, word: str = "") -> Iterator[Diagnostic]:
    """The entries of a kind that nothing uses; `word` is what authors call it."""
    ids, used = _ids(kind, catalog, composition)
    for name in ids:
        is_snippet = kind == "block" and catalog.blocks[name].head.snippet  # which is an output of its own
        if name not in used and not is_snippet and not catalog.excuses(f"{word or kind}s", name):
            yield _warning(word or kind, name)


def _warning(kind: str, name: Located) -> Diagnostic:
    return warning(name, f"unused-{kind}", f"the {kind} '{name}' is unused.", "Use it, or delete it.")


def unused_own_placeholders(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Placeholders of one message that it does not use."""
    used = {(document.id, name) for document in composition.documents for name in document.placeholders}
    for message in catalog.messages.values():
        own = message.head.placeholders
        yield from (_warning("placeholder", name) for name in own if (message.id, name) not in used)


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
            message = f"'{misspelled}' is unused, but {len(places)} places use '{first.name}', which does not exist."
            hint, length = f"Did you mean '{first.name}'?", len(misspelled)
            merged.append(Diagnostic(misspelled.place, first.code, "error", message, hint, length, also=tuple(places)))
    # A scenario with a misspelled id has no scenario text either.
    renamed = {each.place for each in merged if each.also and each.name is None}
    return [each for each in merged if each.name is None or each.place not in renamed]


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
    path = unknown.place.path if unknown.code in _OF_ONE_PLAYBOOK else ""
    ids, used = _ids(unknown.code.removeprefix("unknown-"), catalog, composition, path)
    unused = {str(name): name for name in ids if name not in used}
    return unused.get(nearest(unknown.name or "", unused, _SIMILAR) or "")


UNREADABLE = (
    frozenset({"control-character", "duplicate-key", "empty-file", "front-matter", "invalid-id", "invalid-value"})
    | {"missing-key", "outside-root", "stray-file", "unknown-key", "unreadable-file", "wrong-type", "yaml-feature"}
    | {"yaml-syntax", "include-cycle", "too-deep", "too-long", "unknown-block", "unknown-container", "unknown-variant"}
)
"""Errors that leave a part of the sources unread, so that it is unknown what that part uses."""

_IN_PLACEHOLDERS = {
    "unknown-placeholder",
    "unclosed-placeholder",
    "placeholder-in-code",
    "stray-bracket",
    "slash-choice",
} | {"unknown-link", "unknown-message", "inline-address", "raw-html"}

RULES = (
    (
        partial(_unused, "link"),
        UNREADABLE | {"unknown-link", "unknown-message", "inline-address", "raw-html", "stray-bracket"},
    ),
    (partial(_unused, "placeholder"), UNREADABLE | _IN_PLACEHOLDERS),
    (unused_own_placeholders, UNREADABLE | _IN_PLACEHOLDERS),
    (partial(_unused, "block"), UNREADABLE),
    (partial(_unused, "picture"), UNREADABLE | {"invalid-picture", "unknown-picture", "raw-html"}),
    (partial(_unused, "story", word="scenario"), UNREADABLE | {"unknown-message", "unknown-scenario"}),
    (partial(_unused, "message"), UNREADABLE | {"unknown-message", "unknown-scenario"}),
)
"""Each rule with the errors that suppress it, as they can cause what it reports."""
