"""Unknown and duplicate ids in data and front matter."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.diagnostic import Diagnostic, error
from handover.model.diagnostic import unknown as unknown_id
from handover.model.link import MAX_URLS, Link, UrlPlaceholder
from handover.model.located import Located, Party
from handover.model.message import FILE
from handover.model.picture import PICTURES
from handover.model.spelling import RESERVED, guess, nearest

T = TypeVar("T")


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
    for name, first in repeated(names, str):
        message = f"the id '{name}' is already used on line {first.place.line}."
        yield error(name, "duplicate-id", message, "Change one of the two ids.")


def repeated(things: Iterable[T], key: Callable[[T], object]) -> Iterator[tuple[T, T]]:
    """Each thing that has the key of one before it, with the first one that has it."""
    firsts: dict[object, T] = {}
    for thing in things:
        first = firsts.setdefault(key(thing), thing)
        if first is not thing:
            yield thing, first


def reserved_ids(catalog: Catalog) -> Iterator[Diagnostic]:
    """Ids that would take the place of the engine's own pages, folders or placeholders."""
    for kind, things in (
        ("playbook", catalog.playbooks),
        ("message", catalog.messages),
        ("placeholder", {str(placeholder.id): placeholder for placeholder in catalog.every_placeholder}),
        ("platform", catalog.platforms),
    ):
        for name in set(RESERVED[kind]) & set(things):
            is_entry = kind == "placeholder"
            holder, hint = ("a checklist", "Rename it.") if is_entry else ("a page or folder", "Rename the file.")
            holder = "a key of an origin" if name == FILE else holder
            message = f"a {kind} cannot be called '{name}': {holder} has that name."
            yield error(things[name].id.place, "invalid-id", message, hint)


def message_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Layouts and platforms that a message names, and placeholders of its own."""
    layouts = catalog.layouts()
    for message in catalog.messages.values():
        if message.head.layout is not None and message.head.layout not in layouts:
            yield unknown(message.head.layout, "layout", layouts, "a layout in templates/email")
        yield from duplicates(message.head.platforms)
        for name in message.head.platforms:
            yield from reference(catalog, name, "platform", catalog.platforms, "in data/platforms")
        for own in message.head.placeholders:
            if own in catalog.placeholders:
                hint = "Delete it here, and use that one; or give it another id."
                yield error(own, "duplicate-id", f"'{own}' is already in data/placeholders.yml.", hint)


def origins(catalog: Catalog) -> Iterator[Diagnostic]:
    """Platforms and variants in the origins of messages, blocks and scenarios."""
    origins = ((each, *origin) for each in catalog.contents for origin in each.head.origin.items())
    for content, platform, places in origins:
        variants = content.head.variants if isinstance(content, Message) else {}
        if platform != FILE:
            yield from reference(catalog, platform, "platform", catalog.platforms, "in data/platforms")
        for variant, place in places.items() if platform != FILE or None not in places else ():
            if variant and not variants:
                fact, hint = f"'{content.id}' has no variants.", f"Write {platform}: {place}."
                yield error(variant, "unknown-variant", fact, hint)
            elif variant:
                yield from reference(catalog, variant, "variant", variants, f"a variant of '{content.id}'")
            elif variants:
                fact = f"'{content.id}' has variants, and each has an origin of its own."
                hint = f"Write {platform}: {{ {next(iter(variants))}: {place} }}."
                yield error(place, "invalid-value", fact, hint)


def platform_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders for which a platform has a token."""
    for name in (name for platform in catalog.platforms.values() for name in platform.tokens):
        yield from reference(catalog, name, "placeholder", catalog.placeholders, "in data/placeholders.yml")


def duplicate_terms(catalog: Catalog) -> Iterator[Diagnostic]:
    """Terms with two definitions."""
    terms = (term.term for term in catalog.terms.values())
    for term, first in repeated(terms, str.casefold):
        message = f"the term '{term}' is already defined on line {first.place.line}."
        yield error(term, "duplicate-id", message, "Keep one of the two.")


def brand_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Email clients and pictures that the brand names."""
    known = catalog.mail_clients.ids()
    for name in catalog.brand.clients:
        if name not in known:
            yield unknown(name, "client", known, "an email client of caniemail.com")
    for name in catalog.brand.pictures():
        yield from reference(catalog, name, "picture", catalog.pictures, f"in {PICTURES}")


def link_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders in URLs, and duplicate URLs."""
    for link, first in repeated(catalog.links.values(), lambda link: str(link.url)):
        message = f"this URL already has the id '{first.id}' on line {first.id.place.line}."
        yield error(link.url, "duplicate-address", message, f"Use '{first.id}', and delete '{link.id}'.")
    for link in catalog.links.values():
        for name in link.placeholders():
            yield from _url_placeholder(name, link, catalog)
        used = (catalog.placeholders.get(name) for name in link.placeholders())
        choices = (len(each.options) for each in used if each is not None and each.type == "choice")
        if math.prod(choices) > MAX_URLS:
            message = f"the choices in this URL make more than {MAX_URLS} URLs."
            yield error(link.url, "invalid-value", message, "Write a link for each page.")
        has_base = catalog.brand.handbook_url is not None or "data/brand.yml" in catalog.broken
        if link.url.startswith("/") and not has_base:
            message = f"'{link.url}' is a path, but data/brand.yml has no 'handbook_url'."
            yield error(link.url.place, "invalid-value", message, "Add 'handbook_url', or write the full URL.")


def _url_placeholder(name: UrlPlaceholder, link: Link, catalog: Catalog) -> Iterator[Diagnostic]:
    """The problem of a placeholder in a URL."""
    known = catalog.placeholders.get(name)
    if known is None:
        yield from reference(catalog, name, "placeholder", catalog.placeholders, "in data/placeholders.yml")
    elif len(link.parts) == 1 and known.type != "url":
        message = f"'{name}' is of type '{known.type}', but here it is a whole URL."
        yield error(name, "invalid-value", message, "Use a placeholder of type 'url'.")
    elif known.type != "email" and name in link.recipients():
        message = f"'{name}' is of type '{known.type}', but here it is an email address."
        yield error(name, "invalid-value", message, "Use a placeholder of type 'email'.")
    elif (problem := known.problem_with_form(name.form)) is not None:
        yield error(name, *problem)


RULES = (
    reserved_ids,
    message_references,
    origins,
    platform_references,
    duplicate_terms,
    brand_references,
    link_references,
)
