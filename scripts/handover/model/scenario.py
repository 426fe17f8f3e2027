"""The scenarios of a playbook: steps in the order of time, checklists, reports."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated

from pydantic import Field, StrictBool

from handover.model.base import Model
from handover.model.located import Duration, Id, Located, Party, Prose, Reference


class Step(Model):
    """A step of a scenario, in the order of time."""

    who: Party
    """Who acts: a glossary term, or words with a capital letter or a space."""
    do: Prose
    """What they do."""
    message: Reference | None = None
    """The id of the message to send."""
    messages: Annotated[tuple[Reference, ...], Field(min_length=1)] = ()
    """Instead of `message`: the ids of several messages, of which one is sent."""
    within: Duration | None = None
    """Its deadline, as in `24 hours`: minutes, hours, days, business days, weeks or months."""
    after: Duration | None = None
    """How long after the event in `of`: minutes, hours, days, business days, weeks or months."""
    before: Duration | None = None
    """How long before the event in `of`, as in `2 weeks`."""
    of: Located | None = None
    """The event that the time counts from, as in `the purchase`; by default the last step above that has a message or a
    time, for `before` its event."""
    unless: Located | None = None
    """When this step does not happen and the sequence stops, as in `the customer has answered`."""
    reply: StrictBool = False
    """True if the message is a reply to the email before: it has no subject of its own, and the same variants."""
    checklist: Reference | None = None
    """The id of the checklist to work through, one of this scenario."""

    @property
    def sends(self) -> tuple[Reference, ...]:
        """The ids of the messages, of which one is sent."""
        return (*((self.message,) if self.message else ()), *self.messages)

    @property
    def time(self) -> Duration | None:
        """How long before or after an event it happens, if it has such a time."""
        return self.after or self.before


class Item(Model):
    """An item of a checklist."""

    do: Prose
    """What to do."""
    owner: Party | None = None
    """Who does it: a glossary term, or words; by default the checklist's owner."""
    within: Duration | None = None
    """Its deadline, as in `2 business days`."""
    of: Located | None = None
    """The event that `within` counts from, as in `the call`."""
    notify: tuple[Party, ...] = ()
    """The people to notify: glossary terms, or words."""
    message: Reference | None = None
    """The id of the message to send, such as a post for a chat."""


class Checklist(Model):
    """A list to work through."""

    id: Id
    """The id that a step uses. A checklist that no step uses comes before the first step."""
    title: Located
    """Its heading."""
    owner: Party | None = None
    """Who works through it: a glossary term, or words."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """Its items, in order."""


class Report(Model):
    """A report to work from."""

    link: Reference
    """The id of its link; the link's title is shown."""
    use: Prose
    """How to use it."""


class Scenario(Model):
    """One way to hand over a customer. Its text is content/scenarios/<id>.md."""

    id: Id
    """Its id, and the name of the file with its text."""
    title: Located
    """Its heading."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """Who does what, in the order of time."""
    then: Reference | None = None
    """The id of the scenario that goes on from here."""
    checklists: tuple[Checklist, ...] = ()
    """Its checklists."""
    reports: tuple[Report, ...] = ()
    """The reports to work from."""

    def initial_checklists(self) -> list[Checklist]:
        """The checklists to work through before the first step: no step uses them."""
        used = {str(step.checklist) for step in self.steps}
        return [checklist for checklist in self.checklists if checklist.id not in used]

    def ordered_checklists(self) -> list[Checklist]:
        """All checklists in the order of time, each once."""
        by_id = {str(checklist.id): checklist for checklist in self.checklists}
        names = [*(each.id for each in self.initial_checklists()), *(step.checklist for step in self.steps)]
        return [by_id[name] for name in dict.fromkeys(names) if name is not None and name in by_id]

    def checklist_of(self, step: Step) -> Checklist | None:
        """The checklist that a step works through."""
        return next((checklist for checklist in self.checklists if step.checklist == str(checklist.id)), None)

    def items(self) -> Iterator[Item]:
        """The items of all checklists."""
        for checklist in self.checklists:
            yield from checklist.items

    @cached_property
    def sends(self) -> tuple[Reference, ...]:
        """The ids of its messages in the order of time, each once."""
        items = {str(each.id): [item.message for item in each.items if item.message] for each in self.checklists}
        names = [name for checklist in self.initial_checklists() for name in items[checklist.id]]
        for step in self.steps:
            names += (*step.sends, *items.get(step.checklist or "", ()))
        return tuple(dict.fromkeys(names))
