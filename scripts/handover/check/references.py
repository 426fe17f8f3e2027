"""Unknown and duplicate ids in data and front matter."""

import math
from collections.abc import Collection, Iterable, Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.diagnostic import unknown as unknown_id
from handover.model.link import MAX_URLS, Link, UrlPlaceholder
from handover.model.located import Id, Located
from handover.model.playbook import About, Playbook, Scenario
from handover.model.reserved import RESERVED
from handover.model.spelling import guess


def _unknown(name: Located, kind: str, known: Iterable[str], where: str) -> Diagnostic:
    """The error for a `name` that is not `where` the `known` ones are."""
    hint = guess(name, known, f"The {kind.replace('-', ' ')}s are")
    return unknown_id(name, name.place, kind, f"'{name}' is not {where}.", hint)


def _reference(catalog: Catalog, name: Located, kind: str, known: Collection[str], where: str) -> Iterator[Diagnostic]:
    """An error if `name` is not among the `known` ids of this `kind`, unless that thing could not be read."""
    if name not in known and not catalog.excuses(f"{kind.replace('-', '_')}s", name):
        yield _unknown(name, kind, known, where)


def _duplicates(names: Iterable[Located]) -> Iterator[Diagnostic]:
    seen: dict[str, Located] = {}
    for name in names:
        first = seen.setdefault(name, name)
        if first is not name:
            message = f"the id '{name}' is already used on line {first.place.line}."
            yield error(name, "duplicate-id", message, "Change one of the two ids.")


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
            message = f"a {kind} cannot be called '{name}': {holder} has that name."
            yield error(things[name].id.place, "invalid-id", message, hint)


def playbook_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Scenarios, teams, order types, messages, links and terms that a playbook names."""
    for playbook in catalog.playbooks.values():
        for entries in (playbook.order_types, playbook.teams, playbook.scenarios, playbook.questions):
            yield from _duplicates([entry.id for entry in entries])
        yield from _matrix(playbook, catalog)
        for scenario in playbook.scenarios:
            yield from _scenario(scenario, catalog)
        for reader in playbook.readers:
            yield from _term(reader, catalog)
        for question in playbook.questions:
            yield from _about(question.about, playbook, catalog)


def _matrix(playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    rows = [str(row.id) for row in playbook.order_types]
    columns = [str(column.id) for column in playbook.teams]
    scenarios = [str(scenario.id) for scenario in playbook.scenarios]
    cells: dict[tuple[str, str], Located] = {}
    for cell in playbook.matrix:
        yield from _reference(catalog, cell.order_type, "order-type", rows, "an order type of this playbook")
        yield from _reference(catalog, cell.team, "team", columns, "a team of this playbook")
        yield from _reference(catalog, cell.scenario, "scenario", scenarios, "a scenario of this playbook")
        first = cells.setdefault((cell.order_type, cell.team), cell.order_type)
        if first is not cell.order_type:
            message = f"this cell of the matrix is already on line {first.place.line}."
            hint = "Keep one of the two, or change the order type or team of one."
            yield error(cell.order_type.place, "duplicate-id", message, hint)
    is_misspelled = len(cells) < len(playbook.matrix) or any(
        cell.order_type not in rows or cell.team not in columns for cell in playbook.matrix
    )
    is_whole = not is_misspelled and playbook.id.place.path not in catalog.broken
    for row in playbook.order_types if is_whole else ():
        for column in playbook.teams:
            if (row.id, column.id) not in cells and not catalog.excuses("scenarios", row.id):
                message = f"the matrix has no cell for order type '{row.id}' and team '{column.id}'."
                yield error(row.id, "missing-cell", message, "Add it under 'matrix'.")


def _scenario(scenario: Scenario, catalog: Catalog) -> Iterator[Diagnostic]:
    if scenario.id not in catalog.stories and not catalog.excuses("stories", scenario.id):
        message = f"the scenario '{scenario.id}' has no scenario text."
        hint = guess(scenario.id, catalog.stories, f"Write content/scenarios/{scenario.id}.md. The scenario texts are")
        yield unknown_id(scenario.id, scenario.id.place, "scenario", message, hint)
    for name in scenario.messages:
        yield from _reference(catalog, name, "message", catalog.messages, "in content/messages")
    for report in scenario.reports:
        yield from _reference(catalog, report.link, "link", catalog.links, "in data/links.yml")
    if scenario.checklist:
        yield from _term(scenario.checklist.owner, catalog)


def _term(name: Located, catalog: Catalog) -> Iterator[Diagnostic]:
    yield from _reference(catalog, name, "term", catalog.terms, "in data/glossary.yml")


def _about(about: About, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    reports = [report.link for scenario in playbook.scenarios for report in scenario.reports]
    message = catalog.messages.get(about.message or "")
    references: list[tuple[Located | None, str, Collection[str], str]] = [
        (about.order_type, "order-type", [row.id for row in playbook.order_types], "an order type of this playbook"),
        (about.team, "team", [column.id for column in playbook.teams], "a team of this playbook"),
        (about.scenario, "scenario", [each.id for each in playbook.scenarios], "a scenario of this playbook"),
        (about.message, "message", catalog.messages, "in content/messages"),
    ]
    is_broken = playbook.id.place.path in catalog.broken
    if not is_broken and all(link in catalog.links for link in reports):  # else the report itself can be the mistake
        references.append((about.report, "link", reports, "a report of this playbook"))
    if message is not None:
        references.append((about.variant, "variant", message.head.variants, f"a variant of '{message.id}'"))
    for name, kind, known, where in references:
        if name is not None:
            yield from _reference(catalog, name, kind, known, where)


def message_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Layouts and platforms that a message names, and placeholders of its own."""
    layouts = catalog.layouts()
    for message in catalog.messages.values():
        if message.head.layout is not None and message.head.layout not in layouts:
            yield _unknown(message.head.layout, "layout", layouts, "a layout in templates/email")
        for name in message.head.platforms:
            yield from _reference(catalog, name, "platform", catalog.platforms, "in data/platforms")
        for own in message.head.placeholders:
            if own in catalog.placeholders:
                hint = "Delete it here, and use that one; or give it another id."
                yield error(own, "duplicate-id", f"'{own}' is already in data/placeholders.yml.", hint)


def platform_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders for which a platform has a token."""
    for platform in catalog.platforms.values():
        for name in platform.tokens:
            yield from _placeholder(name, catalog)


def _placeholder(name: Located, catalog: Catalog) -> Iterator[Diagnostic]:
    yield from _reference(catalog, name, "placeholder", catalog.placeholders, "in data/placeholders.yml")


def duplicate_terms(catalog: Catalog) -> Iterator[Diagnostic]:
    """Terms with two definitions."""
    seen: dict[str, Located] = {}
    for term in catalog.terms.values():
        first = seen.setdefault(term.term.casefold(), term.term)
        if first is not term.term:
            message = f"the term '{term.term}' is already defined on line {first.place.line}."
            yield error(term.term, "duplicate-id", message, "Keep one of the two.")


def brand_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Email clients that the brand names."""
    known = catalog.mail_clients.ids()
    for name in catalog.brand.clients:
        if name not in known:
            yield _unknown(name, "client", known, "an email client of caniemail.com")


def link_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders in URLs, and duplicate URLs."""
    seen: dict[str, Id] = {}
    for link in catalog.links.values():
        first = seen.setdefault(link.url, link.id)
        if first is not link.id:
            message = f"this URL already has the id '{first}' on line {first.place.line}."
            yield error(link.url, "duplicate-address", message, f"Use '{first}', and delete '{link.id}'.")
        for name in link.placeholders():
            yield from _url_placeholder(name, link, catalog)
        if _url_count(link, catalog) > MAX_URLS:
            message = f"the choices in this URL make more than {MAX_URLS} URLs."
            yield error(link.url, "invalid-value", message, "Write a link for each page.")
        has_base = catalog.brand.handbook_url is not None or "data/brand.yml" in catalog.broken
        if link.url.startswith("/") and not has_base:
            message = f"'{link.url}' is a path, but data/brand.yml has no 'handbook_url'."
            yield error(link.url.place, "invalid-value", message, "Add 'handbook_url', or write the full URL.")


def _url_count(link: Link, catalog: Catalog) -> int:
    """The number of URLs that the link check would request."""
    placeholders = (catalog.placeholders.get(name) for name in link.placeholders())
    return math.prod(len(each.options) for each in placeholders if each is not None and each.type == "choice")


def _url_placeholder(name: UrlPlaceholder, link: Link, catalog: Catalog) -> Iterator[Diagnostic]:
    """The problem of a placeholder in a URL."""
    known = catalog.placeholders.get(name)
    if known is None:
        yield from _placeholder(name, catalog)
    elif len(link.parts()) == 1 and known.type != "url":
        message = f"'{name}' is of type '{known.type}', but here it is a whole URL."
        yield error(name, "invalid-value", message, "Use a placeholder of type 'url'.")
    elif known.type == "choice" and name.form is None:
        hint = f"Write {{{{ {name}.{next(iter(known.forms))} }}}}; the forms are {', '.join(known.forms)}."
        yield error(name, "missing-form", f"'{name}' is a choice and needs a form.", hint)
    elif name.form is not None and name.form not in known.forms:
        hint = guess(name.form, known.forms, "The forms are") or f"Write {{{{ {name} }}}}."
        yield error(name, "unknown-form", f"'{name}' has no form '{name.form}'.", hint)


RULES = (
    reserved_ids,
    playbook_references,
    message_references,
    platform_references,
    duplicate_terms,
    brand_references,
    link_references,
)
