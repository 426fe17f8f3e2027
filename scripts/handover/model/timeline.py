"""The steps of a scenario in time: when each message is sent, by whom, and in which thread."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.located import Duration, Reference
from handover.model.playbook import Playbook
from handover.model.scenario import Item, Scenario, Step

_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 7 * 1440}
"""The minutes in each unit that always has the same number of them."""
_DAYS = {"minute": (1 / 1440, 1 / 1440), "business day": (1, 3), "month": (28, 31)}
"""The fewest and the most days of a unit: a weekend can be between two business days."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, counted from the first message of the scenario, or from an event.

    `amount` is a number of minutes, business days or months, which cannot be added to each other.
    """

    kind: str = "minute"
    amount: int = 0
    event: str | None = None

    def plus(self, duration: Duration, sign: int = 1) -> "Moment | None":
        """The moment so much later, or with `sign` -1 earlier; None if the two cannot be added."""
        kind = "minute" if duration.unit in _MINUTES else duration.unit
        if self.amount and kind != self.kind:
            return None
        return replace(self, kind=kind, amount=self.amount + sign * duration.amount * _MINUTES.get(duration.unit, 1))

    def is_before(self, other: "Moment") -> bool:
        """True if it is certainly earlier than `other`, which counts from the same event."""
        return self.event == other.event and max(self._days) < min(other._days)

    @property
    def _days(self) -> tuple[float, ...]:
        return tuple(self.amount * days for days in _DAYS[self.kind])

    @property
    def day(self) -> int | None:
        """The number of days since the first message; None if it is not known."""
        return self.amount // 1440 if self.kind == "minute" and self.event is None else None

    @property
    def label(self) -> str:
        """It in a few words: `Day 3`, or `11 days before the renewal`."""
        number, unit = abs(self.amount), self.kind
        if unit == "minute":
            number, unit = (
                (number // 1440, "day") if self.event is None or number % 1440 == 0 else (number // 60, "hour")
            )
        if self.event is None:
            return f"{unit.capitalize()} {number}"
        if not self.amount:
            return f"At {self.event}"
        words = Duration(f"{number} {unit}s").words
        return f"{words} {'after' if self.amount > 0 else 'before'} {self.event}"


@dataclass(frozen=True, slots=True)
class Event:
    """A step in time; `number` counts the steps from 1. `moment` is None if it is not known."""

    number: int
    step: Step
    moment: Moment | None
    of: str | None
    """The event that its time counts from: its own, or that of the step before whose `before` it goes on from."""
    base: Step | None = None
    """The step that its time counts from, if it names no event."""

    @property
    def time(self) -> str | None:
        """The step's own time in words."""
        return when(self.step, self.of)

    @property
    def label(self) -> str | None:
        """When it happens, in a few words; None if nothing is known."""
        if self.step.time and (self.of or self.moment is None):
            return self.time
        return self.moment.label if self.moment else None


def timeline(scenario: Scenario) -> list[Event]:
    """All steps in time. A scenario starts with its first message, on day 0.

    Times count from the step before that has a message or a time; the day of one that has a deadline alone is unknown.
    """
    events: list[Event] = []
    last: Moment | None = Moment()
    named: str | None = None
    base: Step | None = None
    is_started = False
    for number, step in enumerate(scenario.steps, 1):
        moment = None
        of = str(step.of) if step.of else named if step.before else None
        if step.time and of is not None:
            moment = Moment(event=of).plus(step.time, 1 if step.after else -1)
        elif step.after:
            moment = last.plus(step.after) if last else None
        elif step.sends and not is_started:
            moment = Moment()
        events.append(Event(number, step, moment, of, base))
        if step.sends or step.time or step.within:
            last, base = moment, step
        is_started = is_started or bool(step.sends or step.time)
        if step.time:
            named = of or named
    return events


def sequence(scenario: Scenario) -> list[Event]:
    """The steps that send a message or have a time or a deadline, if some message has a time; else none."""
    steps = timeline(scenario) if is_sequence(scenario) else []
    return [each for each in steps if each.step.sends or each.step.time or each.step.within]


def is_sequence(scenario: Scenario) -> bool:
    """True if the scenario sends messages at times of their own."""
    return any(step.time and step.sends for step in scenario.steps)


def when(task: Step | Item, of: str | None) -> str | None:
    """The time of a step or an item in words, from the event `of`: `within 24 hours of the call`, `3 days later`."""
    if task.within:
        return f"within {task.within.words}{f' of {of}' if of else ''}"
    if isinstance(task, Item) or task.time is None:
        return None
    return f"{task.time.words} {'before' if task.before else 'after'} {of}" if of else f"{task.time.words} later"


def whole_time(catalog: Catalog, event: Event) -> str | None:
    """The time of a step in words that need no step beside them: `3 days after “Welcome”`."""
    if event.of or event.base is None or event.time is None:
        return event.time
    titles = [f"“{catalog.messages[name].head.title}”" for name in event.base.sends if name in catalog.messages]
    return when(event.step, " or ".join(titles) or "the step before")


@dataclass(frozen=True, slots=True)
class Sending:
    """A place where a scenario sends a message; `who` sends it at a `time`, both in words, or None if not known.

    `answers` are the ids of the messages that it may be a reply to: the nearest earlier ones with a subject. Without
    `is_known` some earlier message could not be read.
    """

    playbook: Playbook
    scenario: Scenario
    message: Reference
    who: str | None
    time: str | None
    is_known: bool
    is_reply: bool = False
    answers: tuple[str, ...] = ()


def sendings(catalog: Catalog) -> Iterator[Sending]:
    """Every place where a scenario sends a message: the steps in order, then the items of checklists."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            yield from _sendings(catalog, playbook, scenario)


def _sendings(catalog: Catalog, playbook: Playbook, scenario: Scenario) -> Iterator[Sending]:
    earlier: tuple[str, ...] = ()
    is_known = playbook.id.place.path not in catalog.broken
    for event in timeline(scenario):
        step, who, time = event.step, catalog.party(event.step.who), whole_time(catalog, event)
        for name in step.sends:
            yield Sending(playbook, scenario, name, who, time, is_known, step.reply, earlier if step.reply else ())
        messages = [catalog.messages[name] for name in step.sends if name in catalog.messages]
        lacks_subject = any(each.head.is_email and not has_subject(each) for each in messages)
        is_known = is_known and len(messages) == len(step.sends) and (step.reply or not lacks_subject)
        earlier = tuple(str(each.id) for each in messages if has_subject(each)) or earlier
    users = {str(step.checklist): step.who for step in scenario.steps}
    for checklist in scenario.checklists:
        for item in checklist.items:
            if item.message is not None:
                owner = item.owner or checklist.owner or users.get(str(checklist.id))
                party = catalog.party(owner) if owner else None
                yield Sending(playbook, scenario, item.message, party, when(item, item.of), is_known)


def occasions(catalog: Catalog) -> Iterator[Sending]:
    """Each message once in a scenario, where that sends it first: in the order of the playbooks and of time."""
    for _, sent in groupby(sendings(catalog), lambda each: id(each.scenario)):
        first: dict[str, Sending] = {}
        for each in sent:
            first.setdefault(each.message, each)
        yield from (first[name] for name in each.scenario.sends)


def has_subject(message: Message) -> bool:
    """True if some variant of the message has a subject of its own."""
    return any(message.subject(variant) is not None for variant in message.variant_ids())


Placed = dict[str, tuple[Message, dict[str, Any], Message]]
"""By its id a message with places that matter: as it was read, what they say of it, and with that."""


def with_places(catalog: Catalog, placed: Placed) -> Catalog:
    """The catalog in which each message knows what its places say of it: whose reply it is, if it is of a checklist.

    `placed` has the results of the last call, and is brought up to date: the same messages give the same objects.
    """
    places = list(sendings(catalog))
    is_known = catalog.has_whole_playbooks and all(each.message in catalog.messages for each in places)
    answers = {str(each.message): each.answers[0] for each in places if each.answers}
    replies = {str(each.message) for each in places if each.is_reply}
    posts = {str(item.message) for scenario in catalog.scenarios for item in scenario.items() if item.message}
    messages = dict(catalog.messages)
    before = placed.copy()
    placed.clear()
    for name, message in catalog.messages.items():
        answered, is_reply = catalog.messages.get(answers.get(name, "")), name in replies
        is_of_checklist = message.head.kind == "post" and (name in posts or not is_known)
        if is_reply or is_of_checklist:
            facts = {"answers": answered, "is_reply": is_reply, "is_of_checklist": is_of_checklist}
            known = before.get(name)
            if known is None or known[0] is not message or any(known[1][key] is not facts[key] for key in facts):
                known = message, facts, message.model_copy(update=facts)
            placed[name] = known
            messages[name] = known[-1]
    return replace(catalog, messages=messages, knows_places=is_known)
