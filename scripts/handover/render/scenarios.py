"""What the page of a playbook says of its scenarios, derived from their steps."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from handover.model.playbook import Playbook
from handover.model.scenario import Checklist, Scenario, Step
from handover.model.timeline import Event, is_sequence, sequence, timeline, when, whole_time
from handover.render.composer import as_json

if TYPE_CHECKING:
    from handover.render.pages import Handbook


class Task(NamedTuple):
    """What a person has to do: a step, or so many items of a checklist."""

    event: Event | None
    checklist: Checklist | None = None
    items: int = 0


class Scenarios:
    """The variable `book.scenarios` of the handbook's templates."""

    sequence = staticmethod(sequence)
    when = staticmethod(when)
    whole_time = staticmethod(whole_time)

    def __init__(self, book: "Handbook") -> None:
        self.book = book

    def schedule(self, scenario: Scenario) -> list[tuple[Step, str | None]]:
        """The steps of a scenario, each with its time in words; in a sequence with its day."""
        has_days = is_sequence(scenario)
        return [
            (event.step, event.time if event.step.within or not has_days else event.label)
            for event in timeline(scenario)
        ]

    def deadlines(self, scenario: Scenario) -> list[Event]:
        """The steps with a deadline."""
        return [event for event in timeline(scenario) if event.step.within]

    def tasks(self, scenario: Scenario) -> dict[str, list[Task]]:
        """What each person has to do, in the order of time."""
        tasks: dict[str, list[Task]] = {}
        for checklist in scenario.initial_checklists():
            self._add_items(tasks, checklist, None)
        for event in timeline(scenario):
            tasks.setdefault(self.book.catalog.party(event.step.who), []).append(Task(event))
            used = scenario.checklist_of(event.step)
            if used is not None:
                self._add_items(tasks, used, event.step)
        return tasks

    def _add_items(self, tasks: dict[str, list[Task]], checklist: Checklist, step: Step | None) -> None:
        """Add the items of a checklist, one task for each owner."""
        owners = [item.owner or checklist.owner or (step.who if step else None) for item in checklist.items]
        for owner, number in Counter(owners).items():
            if owner is not None:
                tasks.setdefault(self.book.catalog.party(owner), []).append(Task(None, checklist, number))

    def posts(self, checklist: Checklist) -> str:
        """The messages of a checklist's items as JSON: for each the number of its item, and its button."""
        messages = [(number, str(item.message)) for number, item in enumerate(checklist.items) if item.message]
        posts = [
            {"item": number, **self.book.composer.post(self.book.catalog.messages[name], self.book.documents(name))}
            for number, name in messages
        ]
        return as_json(posts)

    def anchor(self, playbook: Playbook, scenario: Scenario, message: str) -> str:
        """The anchor of a message in a scenario: each further scenario of the page that sends it has its own."""
        first = next(each for each in playbook.scenarios if message in each.sends)
        is_further = first is not scenario and message in scenario.sends
        return f"message-{message}--{scenario.id}" if is_further else f"message-{message}"
