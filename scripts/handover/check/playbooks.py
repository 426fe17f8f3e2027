"""Unknown and duplicate ids in playbooks, and cells that the matrix lacks."""

from collections.abc import Collection, Iterator

from handover.check.references import duplicates, party, reference, repeated, term
from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.diagnostic import unknown as unknown_id
from handover.model.located import Located, Party
from handover.model.playbook import About, Matrix, Playbook
from handover.model.scenario import Scenario
from handover.model.spelling import guess


def playbook_references(catalog: Catalog) -> Iterator[Diagnostic]:
    """What a playbook names: scenarios, rows, columns, checklists, messages, links and terms."""
    for playbook in catalog.playbooks.values():
        yield from duplicates(scenario.id for scenario in playbook.scenarios)
        yield from duplicates(question.id for question in playbook.questions)
        if playbook.matrix is not None:
            yield from _matrix(playbook.matrix, playbook, catalog)
        for scenario in playbook.scenarios:
            yield from _scenario(scenario, playbook, catalog)
        for reader in playbook.readers:
            yield from term(catalog, reader)
        for name in located_texts(playbook):
            if isinstance(name, Party):
                yield from party(catalog, name)
        for question in playbook.questions:
            yield from _about(question.about, playbook, catalog)


def _matrix(matrix: Matrix, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    rows, columns = matrix.rows.ids, matrix.columns.ids
    for axis in (matrix.rows, matrix.columns):
        yield from duplicates(entry.id for entry in axis.entries)
    for cell in matrix.cells:
        yield from _entry(cell.row, "row", rows, catalog)
        yield from _entry(cell.column, "column", columns, catalog)
        if cell.scenario is not None:
            yield from _scenario_id(cell.scenario, playbook, catalog)
    for cell, first in repeated(matrix.cells, lambda cell: (cell.row, cell.column)):
        message = f"this cell of the matrix is already on line {first.row.place.line}."
        hint = "Keep one of the two, or change the row or column of one."
        yield error(cell.row.place, "duplicate-id", message, hint)
    cells = {(str(cell.row), str(cell.column)) for cell in matrix.cells}
    places = {(str(row), str(column)) for row in rows for column in columns}
    is_misspelled = len(cells) < len(matrix.cells) or not cells <= places
    if not is_misspelled and playbook.id.place.path not in catalog.broken:
        for row in matrix.rows.entries:
            for column in matrix.columns.entries:
                if (str(row.id), str(column.id)) not in cells:
                    message = f"the matrix has no cell for row '{row.id}' and column '{column.id}'."
                    hint = "Add it under 'cells'; if there is no way, with 'not_applicable' and the reason."
                    yield error(row.id, "missing-cell", message, hint)


def _entry(name: Located, kind: str, known: Collection[str], catalog: Catalog) -> Iterator[Diagnostic]:
    yield from reference(catalog, name, kind, known, f"a {kind} of the matrix", "entries")


def _scenario_id(name: Located, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    known = [str(scenario.id) for scenario in playbook.scenarios]
    yield from reference(catalog, name, "scenario", known, "a scenario of this playbook")


def _scenario(scenario: Scenario, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    if scenario.id not in catalog.stories and not catalog.excuses("stories", scenario.id):
        message = f"the scenario '{scenario.id}' has no scenario text."
        hint = guess(scenario.id, catalog.stories, f"Write content/scenarios/{scenario.id}.md. The scenario texts are")
        yield unknown_id(scenario.id, scenario.id.place, "scenario", message, hint)
    if scenario.then is not None:
        yield from _scenario_id(scenario.then, playbook, catalog)
    checklists = [str(checklist.id) for checklist in scenario.checklists]
    yield from duplicates(checklist.id for checklist in scenario.checklists)
    messages = [name for step in scenario.steps for name in step.sends]
    messages += [item.message for item in scenario.items() if item.message]
    for name in messages:
        yield from reference(catalog, name, "message", catalog.messages, "in content/messages")
    for step in scenario.steps:
        if step.checklist is not None:
            yield from reference(catalog, step.checklist, "checklist", checklists, "a checklist of this scenario")
    for report in scenario.reports:
        yield from reference(catalog, report.link, "link", catalog.links, "in data/links.yml")


def _about(about: About, playbook: Playbook, catalog: Catalog) -> Iterator[Diagnostic]:
    rows, columns = (playbook.matrix.rows.ids, playbook.matrix.columns.ids) if playbook.matrix else ((), ())
    reports = [report.link for scenario in playbook.scenarios for report in scenario.reports]
    message = catalog.messages.get(about.message or "")
    is_broken = playbook.id.place.path in catalog.broken
    # A matrix that is not there because of an error may have had the row and the column.
    has_matrix = playbook.matrix is not None or not is_broken
    if about.row is not None and has_matrix:
        yield from _entry(about.row, "row", rows, catalog)
    if about.column is not None and has_matrix:
        yield from _entry(about.column, "column", columns, catalog)
    if about.scenario is not None:
        yield from _scenario_id(about.scenario, playbook, catalog)
    if about.message is not None:
        yield from reference(catalog, about.message, "message", catalog.messages, "in content/messages")
    if message is not None and about.variant is not None:
        yield from reference(catalog, about.variant, "variant", message.head.variants, f"a variant of '{message.id}'")
    # Where a report's own link is unknown, that can be the mistake.
    if about.report is not None and not is_broken and all(link in catalog.links for link in reports):
        yield from reference(catalog, about.report, "link", reports, "a report of this playbook")


RULES = (playbook_references,)
