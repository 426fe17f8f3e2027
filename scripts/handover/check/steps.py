"""Steps: their times, and the threads of their replies."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.threads import Sending, sendings
from handover.model.timeline import Event, timeline


def times(catalog: Catalog) -> Iterator[Diagnostic]:
    """Times that count from nothing, and steps that say two things at once."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            is_whole = playbook.id.place.path not in catalog.broken
            for event in timeline(scenario):
                step = event.step
                yield from _time(event, is_whole)
                if step.message is not None and step.messages:
                    message = "a step has either 'message' or 'messages'."
                    yield error(step.message, "invalid-value", message, "Write all of them under 'messages'.")
            for item in scenario.items():
                if item.of is not None and item.within is None and is_whole:
                    yield error(item.of, "invalid-value", "'of' needs a deadline.", "Add 'within: …'.")


def _time(event: Event, is_whole: bool) -> Iterator[Diagnostic]:
    """The problems of a step's time. Without `is_whole`, what seems to be missing may be what could not be read."""
    step = event.step
    given = {"within": step.within, "after": step.after, "before": step.before}
    times = {name: time for name, time in given.items() if time is not None}
    first, *others = times or [""]
    for name in others:
        message = f"a step has one time, and this one has '{first}' and '{name}'."
        yield error(times[name], "invalid-value", message, "Keep one, or make it two steps.")
    if step.of is not None and not times and is_whole:
        hint = "Add 'within: …', 'after: …' or 'before: …'."
        yield error(step.of, "invalid-value", "'of' needs a time that counts from it.", hint)
    elif event.of is None and step.before is not None and is_whole:
        message = "this does not say what the step comes before."
        yield error(step.before, "invalid-value", message, "Add 'of: …' with the event, as in 'of: the renewal'.")
    elif step.of is None and event.number == 1 and times and is_whole:
        message = "nothing comes before the first step for this time to count from."
        yield error(times[first], "invalid-value", message, "Add 'of: …' with the event.")


def replies(catalog: Catalog) -> Iterator[Diagnostic]:
    """Replies to nothing, to several emails, and messages that are replies in one place alone."""
    places: dict[str, list[Sending]] = {}
    for sending in sendings(catalog):
        places.setdefault(sending.message, []).append(sending)
    for same in places.values():
        yield from _reply(same)
    for playbook in catalog.playbooks.values():
        for step in (step for scenario in playbook.scenarios for step in scenario.steps):
            if step.reply and not step.sends and playbook.id.place.path not in catalog.broken:
                hint = "Add 'message: …', or delete 'reply'."
                yield error(step.who, "invalid-value", "a reply needs a message.", hint)


def _reply(places: list[Sending]) -> Iterator[Diagnostic]:
    """The problems of one message in all its places."""
    first, name = places[0], places[0].message
    thread = next((sending for sending in places if len(sending.answers) == 1), first)
    for sending in places:
        if sending.is_reply and not sending.answers and sending.is_known:
            problem = "this reply has no earlier email with a subject in the scenario."
            hint = "Delete 'reply', and give the message a subject."
        elif len(sending.answers) > 1:
            problem = f"this could be a reply to {_quoted(sending.answers)}."
            hint = "Write a reply for each, in steps of its own."
        elif sending.is_reply != first.is_reply:
            problem = f"'{name}' is {'' if sending.is_reply else 'not '}a reply here, unlike at {first.message.place}."
            hint = "Write a message for each, or make both replies."
        elif sending.answers != thread.answers and sending.answers:
            problem = f"'{name}' replies to '{sending.answers[0]}' here, and to '{thread.answers[0]}' elsewhere."
            hint = "Write a message for each thread."
        else:
            continue
        yield error(sending.message, "invalid-reply", problem, hint)


def _quoted(names: tuple[str, ...]) -> str:
    return " or ".join(f"'{name}'" for name in names)


RULES = (times, replies)
