"""`data/playbooks/<playbook>.yml`: one handover process, with its matrix; `data/glossary.yml`: its terms."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located, Party, Prose, Reference
from handover.model.scenario import Scenario


class Term(Model):
    """A term or an abbreviation."""

    id: Id
    """The id that playbooks use."""
    term: Located
    """The term as the handbook writes it; the tooltip appears on exactly these characters."""
    meaning: Located
    """Its meaning, shown as the tooltip."""
    description: Prose | None = None
    """More about it, for the glossary page."""


class Entry(Model):
    """A row or a column of the matrix."""

    id: Id
    """The id that cells use."""
    name: Located
    """Its name for people."""


class Axis(Model):
    """The rows or the columns of the matrix."""

    label: Located
    """What they are, as in `Order type`."""
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
    """Each of them, in order."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the entries."""
        return tuple(str(entry.id) for entry in self.entries)


class Cell(Model):
    """A row and a column, and the scenario for them, or why there is none."""

    row: Reference
    """The id of the row."""
    column: Reference
    """The id of the column."""
    scenario: Reference | None = None
    """The id of the scenario."""
    summary: Prose | None = None
    """With `scenario`: what happens, in a few words; by default the scenario's title."""
    not_applicable: Prose | None = None
    """Instead of `scenario`: why there is none."""

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if self.scenario is not None and self.not_applicable is not None:
            message = "a cell has either a scenario or the reason why there is none"
            raise Fault(message, "not_applicable", hint="Delete one of the two lines.", at_key=True)
        if self.scenario is None and self.not_applicable is None:
            raise Fault(
                "a cell needs either a scenario or the reason why there is none",
                hint="Write 'scenario: …' or 'not_applicable: …'.",
            )
        if self.summary is not None and self.scenario is None:
            raise Fault("only a cell with a scenario has a summary", "summary", hint="Delete the line.", at_key=True)
        return self


class Matrix(Model):
    """The table that leads to the scenarios."""

    rows: Axis
    """Its rows."""
    columns: Axis
    """Its columns."""
    cells: Annotated[tuple[Cell, ...], Field(min_length=1)]
    """Its cells, one per row and column."""

    def cell(self, row: str, column: str) -> Cell:
        """The cell of a row and a column."""
        return next(cell for cell in self.cells if cell.row == row and cell.column == column)


class About(Model):
    """What an open question is about, and so where it is shown."""

    row: Reference | None = None
    """With `column`: a cell of the matrix."""
    column: Reference | None = None
    """With `row`: a cell of the matrix."""
    scenario: Reference | None = None
    """A scenario."""
    message: Reference | None = None
    """A message."""
    variant: Reference | None = None
    """With `message`: one variant of it."""
    report: Reference | None = None
    """A report, by the id of its link."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.row is None) != (self.column is None):
            raise Fault(
                "a cell of the matrix needs both 'row' and 'column'",
                hint=f"Add '{'row' if self.row is None else 'column'}: …'.",
            )
        if self.variant is not None and self.message is None:
            raise Fault(
                "'variant' needs the 'message' that it belongs to", "variant", hint="Add 'message: …'.", at_key=True
            )
        subjects = [self.row, self.scenario, self.message, self.report]
        if sum(subject is not None for subject in subjects) != 1:
            raise Fault(
                "a question must be about exactly one thing",
                hint="Name one of: a cell of the matrix (row and column), a scenario, a message, a report.",
            )
        return self


class Question(Model):
    """An open question."""

    id: Id
    """Its short id."""
    question: Prose
    """The question."""
    owner: Party
    """Who must answer it: a glossary term, or words."""
    about: About
    """What it is about."""


class Playbook(Model):
    """One handover process."""

    id: Id
    """Its id, and the name of the file."""
    title: Located
    """The page's title."""
    heading: Located
    """The page's first heading."""
    description: Located
    """What the page is about, in one sentence."""
    intro: Prose | None = None
    """The page's first paragraphs."""
    owner: Party | None = None
    """The owner of the playbook, and by default of its emails, scenarios and links: a glossary term, or words."""
    review_days: Annotated[StrictInt, Field(gt=0, le=3650)] | None = None
    """The days until a review of its emails and scenarios expires; without it, reviews never expire."""
    readers: tuple[Reference, ...] = ()
    """Its readers: glossary terms."""
    matrix: Matrix | None = None
    """The table that leads to the scenarios, if there is one."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    """The scenarios, in the order of the page."""
    questions: tuple[Question, ...] = ()
    """The open questions."""

    def cells(self) -> tuple[Cell, ...]:
        """The cells of the matrix, if there is one."""
        return self.matrix.cells if self.matrix else ()

    @cached_property
    def sends(self) -> tuple[Reference, ...]:
        """The ids of its messages in the order of the page, each once."""
        return tuple(dict.fromkeys(name for scenario in self.scenarios for name in scenario.sends))
