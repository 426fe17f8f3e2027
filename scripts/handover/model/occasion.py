"""When each message is sent: by whom, at what time, and in which scenario."""

from collections.abc import Iterator
from dataclasses import dataclass

from handover.model.catalog import Catalog
from handover.model.playbook import Playbook
from handover.model.scenario import Scenario
from handover.model.timeline import Event, timeline, when


@dataclass(frozen=True, slots=True)
class Occasion:
    """A message in a scenario; `who` sends it, in words, at a `time`, in words. Either is None if it is not known."""

    playbook: Playbook
    scenario: Scenario
    message: str
    who: str | None
    time: str | None


def occasions(catalog: Catalog) -> Iterator[Occasion]:
    """The occasions of all messages, in the order of the playbooks; each message once in a scenario, at its first."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            first: dict[str, Occasion] = {}
            for message, who, time in _sendings(catalog, scenario):
                words = catalog.party(who) if who else None
                first.setdefault(message, Occasion(playbook, scenario, message, words, time))
            yield from (first[str(name)] for name in scenario.sends)


def whole_time(catalog: Catalog, event: Event) -> str | None:
    """The time of a step in words that need no step beside them: `3 days after “Welcome”`."""
    if event.of or event.base is None or event.time is None:
        return event.time
    titles = [f"“{catalog.messages[name].head.title}”" for name in event.base.sends if name in catalog.messages]
    return when(event.step, " or ".join(titles) or "the step before")


def _sendings(catalog: Catalog, scenario: Scenario) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the messages of steps and of checklist items, each with its sender and time."""
    users = {str(step.checklist): str(step.who) for step in scenario.steps}
    for event in timeline(scenario):
        for name in event.step.sends:
            yield str(name), str(event.step.who), whole_time(catalog, event)
    for checklist in scenario.checklists:
        for item in checklist.items:
            if item.message:
                who = item.owner or checklist.owner or users.get(str(checklist.id))
                yield str(item.message), who, when(item, item.of)
