"""`data/playbooks/<playbook>.yml`: order types, teams, scenarios, checklists, reports, open questions."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located, Prose, Reference


class OrderType(Model):
    """A way in which a first order comes about: a row of the matrix."""

    id: Id
    """The name that cells use."""
    name: Located
    """As people say it."""


class Team(Model):
    """Who looks after the customer from now on: a column of the matrix."""

    id: Id
    """The name that cells use."""
    name: Located
    """As people say it."""


class Cell(Model):
    """What happens for one order type and one team."""

    order_type: Reference
    """The row."""
    team: Reference
    """The column."""
    scenario: Reference
    """The scenario that says how."""
    summary: Prose
    """The answer in a few words."""


class Deadline(Model):
    """By when."""

    within: Located
    """How long, as in `24 hours`."""
    of: Located
    """From when, as in `the purchase`."""
    what: Prose
    """Who has done what by then."""


class Post(Model):
    """A text to paste where people are told about the handover."""

    button: Located
    """What the button says that copies it."""
    text: Located
    """Its first line; the people to notify follow it."""


class Step(Model):
    """A line of a checklist."""

    do: Prose
    """What is to be done."""
    notify: tuple[Located, ...] = ()
    """The people to tell, if that is what is to be done."""
    post: Post | None = None
    """The text to tell them with."""


class Checklist(Model):
    """What is to be done afterwards, in order."""

    title: Located
    """Its heading."""
    owner: Reference
    """Who goes through it: a glossary term."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """The lines."""


class Report(Model):
    """A report that the scenario is worked from."""

    link: Reference
    """Its id in data/links.yml, whose title names it."""
    use: Prose
    """What it is good for."""


class Action(Model):
    """A station of the scenario's flow."""

    who: Located
    """Who acts."""
    does: Located
    """What they do, in a few words."""


class Scenario(Model):
    """One way of handing over. Its story is content/scenarios/<id>.md."""

    id: Id
    """The name of the file with the story."""
    title: Located
    """Its heading."""
    deadline: Deadline | None = None
    """By when, if there is a deadline."""
    flow: tuple[Action, ...] = ()
    """Who does what, then who."""
    messages: tuple[Reference, ...] = ()
    """The emails that go out."""
    checklist: Checklist | None = None
    """What is to be done afterwards."""
    reports: tuple[Report, ...] = ()
    """Reports to have at hand."""


class About(Model):
    """What an open question is about; it is shown there."""

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
    def _one_thing(self) -> Self:
        if (self.order_type is None) != (self.team is None):
            raise Fault(
                "a cell of the matrix needs both 'order_type' and 'team'",
                hint=f"Add '{'order_type' if self.order_type is None else 'team'}: …'.",
            )
        if self.variant is not None and self.message is None:
            raise Fault(
                "'variant' needs the 'message' that it belongs to", "variant", hint="Add 'message: …'.", at_key=True
            )
        things = [self.order_type, self.scenario, self.message, self.report]
        if sum(thing is not None for thing in things) != 1:
            raise Fault(
                "a question is about one thing",
                hint="Name one of: a cell of the matrix (order_type and team), a scenario, a message, a report.",
            )
        return self


class Question(Model):
    """Something that nobody has decided yet."""

    id: Id
    """Its short name."""
    question: Prose
    """What is to be decided."""
    owner: Located
    """Who has to answer."""
    about: About
    """Where it matters."""


class Playbook(Model):
    """One handover process."""

    id: Id
    """The name of the file."""
    title: Located
    """The page's title."""
    heading: Located
    """The page's first heading."""
    description: Located
    """What the page is about, in a sentence."""
    intro: Prose | None = None
    """The page's first paragraphs."""
    owner: Located | None = None
    """Who keeps it right, and each of its messages, scenarios and links that names nobody else."""
    review_days: Annotated[StrictInt, Field(gt=0, le=3650)] | None = None
    """The days for which a review of its messages and scenarios holds; without it, for ever."""
    readers: tuple[Reference, ...] = ()
    """Who it is written for: glossary terms."""
    order_types: Annotated[tuple[OrderType, ...], Field(min_length=1)]
    """The matrix's rows."""
    teams: Annotated[tuple[Team, ...], Field(min_length=1)]
    """The matrix's columns."""
    matrix: Annotated[tuple[Cell, ...], Field(min_length=1)]
    """One cell for every order type and team."""
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    """The scenarios, in the order of the page."""
    questions: tuple[Question, ...] = ()
    """What is still open."""
