"""When the steps of a scenario happen, in words and in days."""

from dataclasses import dataclass, replace

from handover.model.duration import Duration
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
