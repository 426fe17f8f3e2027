"""Ids looked up, and the errors for those that are unknown or stand twice."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.diagnostic import unknown as unknown_id
from handover.model.located import Located, Party
from handover.model.spelling import guess, nearest


def unknown(name: Located, kind: str, known: Iterable[str], where: str) -> Diagnostic:
    """The error for a `name` that is not `where` the `known` ones are."""
    hint = guess(name, known, f"The {kind}s are")
    return unknown_id(name, name.place, kind, f"'{name}' is not {where}.", hint)


def reference(
    catalog: Catalog, name: Located, kind: str, known: Collection[str], where: str, key: str | None = None
) -> Iterator[Diagnostic]:
    """An error if `name` is not among the `known` ids of this `kind`, unless that thing could not be read.

    `key` is the key of the list that has the things, if that is not the plural of the kind.
    """
    if name not in known and not catalog.excuses(key or f"{kind}s", name):
        yield unknown(name, kind, known, where)


def term(catalog: Catalog, name: Located) -> Iterator[Diagnostic]:
    """An error if `name` is not in the glossary."""
    for found in reference(catalog, name, "term", catalog.terms, "in data/glossary.yml"):
        yield found if catalog.terms else replace(found, hint="Create that file with it.")


def party(catalog: Catalog, name: Party) -> Iterator[Diagnostic]:
    """An error if a person or a team is written like an id, and not in the glossary."""
    if name.is_term and name not in catalog.terms and not catalog.excuses("terms", name):
        near = nearest(name, catalog.terms)
        words = name.replace("-", " ").replace("_", " ").capitalize()
        add = "Add it there" if catalog.terms else "Create that file with it"
        hint = f"Did you mean '{near}'?" if near else f"{add}, or write words: '{words}'."
        yield unknown_id(name, name.place, "term", f"'{name}' is not in data/glossary.yml.", hint)


def duplicates(names: Iterable[Located]) -> Iterator[Diagnostic]:
    """An error for each id that stands twice."""
    seen: dict[str, Located] = {}
    for name in names:
        first = seen.setdefault(name, name)
        if first is not name:
            message = f"the id '{name}' is already used on line {first.place.line}."
            yield error(name, "duplicate-id", message, "Change one of the two ids.")
