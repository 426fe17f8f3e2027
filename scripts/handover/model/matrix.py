"""The matrix of a playbook: the table that leads to the scenarios."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located, Prose, Reference


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

    MOVED: ClassVar[dict[str, str]] = {
        "order_type": "Write 'row: …'.",
        "team": "Write 'column: …'.",
        "text": "Write 'summary: …' beside a scenario, or 'not_applicable: …' with the reason why there is none.",
        "reason": "Write 'not_applicable: …'.",
    }
    """Other words for keys, and those of version 0.1, each with what to write instead."""

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
