"""Ids in data and front matter that lead nowhere, or twice to the same place."""

from collections.abc import Iterable, Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.diagnostic import unknown as not_known
from handover.model.link import Blank, Link
from handover.model.located import Id, Located
from handover.model.playbook import About, Playbook, Scenario
from handover.model.reserved import RESERVED
from handover.model.spelling import guess


def unknown(name: Located, kind: str, known: Iterable[str], where: str, list_of: str) -> Diagnostic:
    """The finding for a `name` that should be one of the `known` ones."""
    return not_known(name, name.place, kind, f"'{name}' is not {where}.", guess(name, known, list_of))


def reserved_ids(catalog: Catalog) -> Iterator[Diagnostic]:
    """Ids that would take the place of a page or folder of the engine's own."""
    for kind, things in (
        ("playbook", catalog.playbooks),
        ("message", catalog.messages),
        ("platform", catalog.platforms),
    ):
        for name in set(RESERVED[kind]) & set(things):
            message = f"a {kind} cannot be called '{name}': a page or folder has that name."
            yield error(things[name].id.place, "invalid-id", message, "Rename the file.")


def playbook_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Scenarios, teams, order types, messages, links and terms that a playbook names."""
    for playbook in catalog.playbooks.values():
        yield from _duplicates(playbook)
        yield from _matrix(playbook, catalog)
        for scenario in playbook.scenarios:
            yield from _scenario(scenario, catalog)
        for reader in playbook.readers:
            yield from _term(reader, catalog)
        for question in playbook.questions:
            yield from _about(question.about, playbook, catalog)


def _duplicates(playbook: Playbook) -> Iterator[Diagnostic]:
    for ids in (playbook.order_types, playbook.teams, playbook.scenarios, playbook.questions):
        seen: dict[str, Id] = {}
        for entry in ids:
            first = seen.setdefault(entry.id, entry.id)
            if first is not entry.id:
                message = f"the id '{entry.id}' already stands on line {first.place.line}."
                yield error(entry.id.place, "duplicate-id", message, "Give one of the two another id.", len(entry.id))


def _matrix(playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    rows = [str(row.id) for row in playbook.order_types]
    columns = [str(column.id) for column in playbook.teams]
    scenarios = [str(scenario.id) for scenario in playbook.scenarios]
    cells: dict[tuple[str, str], Located] = {}
    for cell in playbook.matrix:
        for name, kind, known in (
            (cell.order_type, "order-type", rows),
            (cell.team, "team", columns),
            (cell.scenario, "scenario", scenarios),
        ):
            if name not in known and not catalog.excuses(f"{kind.replace('-', '_')}s", name):
                yield unknown(name, kind, known, f"among the {kind.replace('-', ' ')}s of this playbook", "There are")
        first = cells.setdefault((cell.order_type, cell.team), cell.order_type)
        if first is not cell.order_type:
            message = f"this cell of the matrix already stands on line {first.place.line}."
            hint = "Keep one of the two, or name another order type or team in one of them."
            yield error(cell.order_type.place, "duplicate-id", message, hint)
    misspelt = len(cells) < len(playbook.matrix) or any(
        cell.order_type not in rows or cell.team not in columns for cell in playbook.matrix
    )
    is_whole = not misspelt and playbook.id.place.path not in catalog.broken
    for row in playbook.order_types if is_whole else ():
        for column in playbook.teams:
            if (row.id, column.id) not in cells and not catalog.excuses("scenarios", row.id):
                message = f"the matrix has no cell for order type '{row.id}' and team '{column.id}'."
                yield error(row.id.place, "missing-cell", message, "Add it under 'matrix'.", len(row.id))


def _scenario(scenario: Scenario, catalog: Catalog) -> Iterator[Diagnostic]:
    if scenario.id not in catalog.stories and not catalog.excuses("stories", scenario.id):
        message = f"the scenario '{scenario.id}' has no story."
        hint = guess(scenario.id, catalog.stories, f"Write content/scenarios/{scenario.id}.md. There are")
        yield not_known(scenario.id, scenario.id.place, "scenario", message, hint)
    for name in scenario.messages:
        if name not in catalog.messages and not catalog.excuses("messages", name):
            yield unknown(name, "message", catalog.messages, "a file of content/messages", "There are")
    for report in scenario.reports:
        if report.link not in catalog.links and not catalog.excuses("links", report.link):
            yield unknown(report.link, "link", catalog.links, "in data/links.yml", "The links are")
    if scenario.checklist:
        yield from _term(scenario.checklist.owner, catalog)


def _term(name: Located, catalog: Catalog) -> Iterator[Diagnostic]:
    if name not in catalog.terms and not catalog.excuses("terms", name):
        yield unknown(name, "term", catalog.terms, "in data/glossary.yml", "The terms are")


def _about(about: About, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    scenarios = [scenario.id for scenario in playbook.scenarios]
    reports = [report.link for scenario in playbook.scenarios for report in scenario.reports]
    message = catalog.messages.get(about.message or "")
    checks: list[tuple[Located | None, str, Iterable[str], str]] = [
        (
            about.order_type,
            "order-type",
            [row.id for row in playbook.order_types],
            "among the order types of this playbook",
        ),
        (about.team, "team", [column.id for column in playbook.teams], "among the teams of this playbook"),
        (about.scenario, "scenario", scenarios, "among the scenarios of this playbook"),
        (about.message, "message", catalog.messages, "a file of content/messages"),
        (about.report, "link", reports, "among the reports of this playbook"),
    ]
    if message is not None:
        checks.append((about.variant, "variant", message.head.variants, f"a variant of '{message.id}'"))
    for name, kind, known, where in checks:
        if name is not None and name not in set(known) and not catalog.excuses(f"{kind.replace('-', '_')}s", name):
            is_broken = playbook.id.place.path in catalog.broken
            if kind == "link" and (is_broken or any(link not in catalog.links for link in reports)):
                continue  # that report is itself misspelt, or could not be read
            yield unknown(name, kind, known, where, "There are")


def message_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Layouts and platforms that a message names."""
    for message in catalog.messages.values():
        head = message.head
        if head.layout not in catalog.layouts():
            yield unknown(head.layout, "layout", catalog.layouts(), "a layout in templates/email", "The layouts are")
        for name in head.platforms:
            if name not in catalog.platforms and not catalog.excuses("platforms", name):
                yield unknown(name, "platform", catalog.platforms, "a file of data/platforms", "The platforms are")


def platform_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders that a platform has a token for."""
    for platform in catalog.platforms.values():
        for name in platform.tokens:
            if name not in catalog.placeholders and not catalog.excuses("placeholders", name):
                yield unknown(
                    name, "placeholder", catalog.placeholders, "in data/placeholders.yml", "The placeholders are"
                )


def terms_once(catalog: Catalog) -> Iterator[Diagnostic]:
    """Terms that are explained twice."""
    seen: dict[str, Located] = {}
    for term in catalog.terms.values():
        first = seen.setdefault(term.term.casefold(), term.term)
        if first is not term.term:
            message = f"'{term.term}' is already explained on line {first.place.line}."
            yield error(term.term.place, "duplicate-id", message, "Keep one of the two.", len(term.term))


def brand_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Mail clients that the brand names."""
    known = catalog.mail_clients.ids()
    for name in catalog.brand.clients:
        if name not in known:
            yield unknown(name, "client", known, "a mail client of caniemail.com", "There are, among others,")


def link_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders that an address has, and addresses that stand twice."""
    seen: dict[str, Id] = {}
    for link in catalog.links.values():
        first = seen.setdefault(link.url, link.id)
        if first is not link.id:
            message = f"this address already has the id '{first}' on line {first.place.line}."
            yield error(
                link.url.place, "duplicate-address", message, f"Use '{first}', and delete '{link.id}'.", len(link.url)
            )
        for part in link.parts():
            if isinstance(part, Blank):
                yield from _blank(part, link, catalog)
        has_base = catalog.brand.handbook_url is not None or "data/brand.yml" in catalog.broken
        if link.url.startswith("/") and not has_base:
            message = f"'{link.url}' is a path, and data/brand.yml has no 'handbook_url' that it could be below."
            yield error(link.url.place, "invalid-value", message, "Add 'handbook_url', or write the whole address.")


def _blank(blank: Blank, link: Link, catalog: Catalog) -> Iterator[Diagnostic]:
    """What is wrong with a placeholder in an address."""
    known = catalog.placeholders.get(blank)
    if known is None:
        if not catalog.excuses("placeholders", blank):
            yield unknown(
                blank, "placeholder", catalog.placeholders, "in data/placeholders.yml", "The placeholders are"
            )
    elif len(link.parts()) == 1 and known.type != "url":
        message = f"'{blank}' is of type '{known.type}', and here it is a whole address."
        yield error(blank.place, "invalid-value", message, "Use a placeholder of type url.", len(blank))
    elif known.type == "choice" and blank.form is None:
        forms = ", ".join(known.forms)
        hint = f"Write {{{{ {blank}.{next(iter(known.forms))} }}}}; the forms are {forms}."
        yield error(blank.place, "missing-form", f"'{blank}' is a choice and needs a form.", hint, len(blank))
    elif blank.form is not None and blank.form not in known.forms:
        hint = guess(blank.form, known.forms, "The forms are") or f"Write {{{{ {blank} }}}}."
        yield error(blank.place, "unknown-form", f"'{blank}' has no form '{blank.form}'.", hint, len(blank))


RULES = (
    reserved_ids,
    playbook_references,
    message_references,
    platform_references,
    terms_once,
    brand_references,
    link_references,
)
