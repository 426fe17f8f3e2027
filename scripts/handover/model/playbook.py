"""`data/playbooks/<playbook>.yml`: order types, teams, scenarios, checklists, reports, open questions."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located, Prose, Reference


class Entry(Model):
    """A row of the matrix, a type of first order, or a column, a team that takes over the customer."""

    id: Id
    """The id that cells use."""
    name: Located
    """Its name for people."""


class Cell(Model):
    """The scenario for one order type and one team."""

    order_type: Reference
    """The id of the row."""
    team: Reference
    """The id of the column."""
    scenario: Reference
    """The id of the scenario."""
    summary: Prose
    """What happens, in a few words."""


class Deadline(Model):
    """The deadline of a scenario."""

    within: Located
    """The time allowed, as in `24 hours`."""
    of: Located
    """The event that it starts from, as in `the purchase`."""
    what: Prose
    """Who does what by then."""


class Post(Model):
    """A text to paste where you tell people about the handover."""

    button: Located
    """The label of the button that copies it."""
    text: Located
    """Its first line; the people to notify follow."""


class Step(Model):
    """A step of a checklist."""

    do: Prose
    """What to do."""
    notify: tuple[Located, ...] = ()
    """The people to notify in this step."""
    post: Post | None = None
    """The text to notify them with."""


class Checklist(Model):
    """The steps after the email, in order."""

    title: Located
    """Its heading."""
    owner: Reference
    """Who works through it: a glossary term."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """Its steps."""


class Report(Model):
    """A report to work from."""

    link: Reference
    """The id of its link; the link's title is shown."""
    use: Prose
    """How to use it."""


class Action(Model):
    """A step of the scenario's flow."""

    who: Located
    """Who acts."""
    does: Located
    """What they do, in a few words."""


class Scenario(Model):
    """One way to hand over a customer. Its text is content/scenarios/<id>.md."""

    id: Id
    """Its id, and the name of the file with its text."""
    title: Located
    """Its heading."""
    deadline: Deadline | None = None
    """Its deadline, if there is one."""
    flow: tuple[Action, ...] = ()
    """Who does what, in order."""
    messages: tuple[Reference, ...] = ()
    """The ids of its emails."""
    checklist: Checklist | None = None
    """What to do afterwards."""
    reports: tuple[Report, ...] = ()
    """The reports to work from."""


class About(Model):
    """What an open question is about, and so where it is shown."""

    order_type: Reference | None = None
    """With `team`: a cell of the matrix."""
    team: Reference | None = None
    """With `order_type`: a cell of the matrix."""
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
        if (self.order_type is None) != (self.team is None):
            raise Fault(
                "a cell of the matrix needs both 'order_type' and 'team'",
                hint=f"Add '{'order_type' if self.order_type is None else 'team'}: …'.",
            )
        if self.variant is not None and self.message is None:
            raise Fault(
                "'variant' needs the 'message' that it belongs to", "variant", hint="Add 'message: …'.", at_key=True
            )
        subjects = [self.order_type, self.scenario, self.message, self.report]
        if sum(subject is not None for subject in subjects) != 1:
            raise Fault(
                "a question must be about exactly one thing",
                hint="Name one of: a cell of the matrix (order_type and team), a scenario, a message, a report.",
            )
        return self


class Question(Model):
    """An open question."""

    id: Id
    """Its short id."""
    question: Prose
    """The question."""
    owner: Located
    """Who must answer it."""
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
    owner: Located | None = None
    """The owner of the playbook, and by default of its emails, scenarios and links."""
    review_days: Annotated[StrictInt, Field(gt=0, le=3650)] | None = None
    """The days until a review of its emails and scenarios expires; without it, reviews never expire."""
    readers: tuple[Reference, ...] = ()
    """Its readers: glossary terms."""
    order_types: Annotated[tuple[Entry, ...], Field(min_length=1)]
    """The rows of the matrix."""
    teams: Annotated[tuple[Entry, ...], Field(min_length=1)]
    """The columns of the matrix."""
    matrix: Annotated[tuple[Cell, ...], Field(min_length=1)]
    """Its cells, one per order type and team."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    """The scenarios, in the order of the page."""
    questions: tuple[Question, ...] = ()
    """The open questions."""
