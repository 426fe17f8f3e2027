"""Steps: their times, their order, and the threads of their replies."""

import re
from collections import Counter
from collections.abc import Iterator

from handover.check.references import duplicates
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error, warning
from handover.model.spelling import nearest
from handover.model.timeline import Event, Moment, Sending, sendings, timeline


def times(catalog: Catalog) -> Iterator[Diagnostic]:
    """Times that count from nothing, and steps that say two things at once."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            is_whole = playbook.id.place.path not in catalog.broken
            for event in timeline(scenario):
                step = event.step
                yield from _time(event, is_whole)
                yield from duplicates(step.messages)
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


def order(catalog: Catalog) -> Iterator[Diagnostic]:
    """Steps that happen before a step above them, by times that count from the same event."""
    for scenario in catalog.scenarios:
        above: list[tuple[Event, Moment]] = []
        for event in timeline(scenario):
            moment, time = event.moment, event.step.time
            if moment is None or moment.event is None or time is None:
                continue
            first = next((each for each, other in above if moment.is_before(other)), None)
            if first is not None:
                message = f"this is before step {first.number}, which stands above it: {first.label}."
                yield warning(time, "steps-out-of-order", message, "Change the time, or move the step up.")
            above.append((event, moment))


def events(catalog: Catalog) -> Iterator[Diagnostic]:
    """An event that is written almost like another one of its playbook, which counts as another event."""
    for playbook in catalog.playbooks.values():
        scenarios = playbook.scenarios
        steps = [step.of for each in scenarios for step in each.steps if step.of is not None]
        written = [*steps, *(item.of for each in scenarios for item in each.items() if item.of is not None)]
        ranked = [name for name, _ in Counter(map(str, written)).most_common()]
        for event in written:
            more = ranked[: ranked.index(str(event))]
            near = next((other for other in more if _is_slip(event, other)), None)
            if near is not None:
                message = f"'{event}' counts as another event than '{near}'."
                yield warning(event, "similar-event", message, f"Did you mean '{near}'?")


def _is_slip(event: str, other: str) -> bool:
    """True if two events differ by an article or a letter or two, but by no number and no beginning of a word."""
    words, others = (re.sub(r"^(?:the|an?) ", "", each.casefold()).split() for each in (event, other))
    return len(words) == len(others) and all(
        word == each or (word[:1] == each[:1] and not re.search(r"\d", word + each) and nearest(word, [each], 0.8))
        for word, each in zip(words, others, strict=True)
    )


def replies(catalog: Catalog) -> Iterator[Diagnostic]:
    """Replies to nothing or to several emails, and those whose message does not fit the one that they answer."""
    places: dict[str, list[Sending]] = {}
    for sending in sendings(catalog):
        places.setdefault(sending.message, []).append(sending)
    for same in places.values():
        lost = [sending for sending in same if sending.is_reply and len(sending.answers) != 1]
        sound = [sending for sending in same if sending not in lost]
        yield from _without_thread(lost)
        yield from list(_disagreeing(sound)) or _content(sound, catalog)
    for playbook in catalog.playbooks.values():
        for step in (step for scenario in playbook.scenarios for step in scenario.steps):
            if step.reply and not step.sends and playbook.id.place.path not in catalog.broken:
                hint = "Add 'message: …', or delete 'reply'."
                yield error(step.who, "invalid-value", "a reply needs a message.", hint)


def _without_thread(places: list[Sending]) -> Iterator[Diagnostic]:
    """The places in which a message is a reply to nothing, or to several."""
    for sending in places:
        if sending.answers:
            problem = f"this could be a reply to {_quoted(sending.answers)}."
            hint = "Write a reply for each, in steps of its own."
        elif sending.is_known:
            problem = "this reply has no earlier email with a subject in the scenario."
            hint = "Delete 'reply', and give the message a subject."
        else:
            continue
        yield error(sending.message, "invalid-reply", problem, hint)


def _disagreeing(places: list[Sending]) -> Iterator[Diagnostic]:
    """The places of one message that disagree on whether it is a reply, and to what."""
    replies = [sending for sending in places if sending.is_reply]
    others = [sending for sending in places if not sending.is_reply]
    if replies and others:
        problem = f"'{replies[0].message}' is a reply here, but not at {others[0].message.place}."
        yield error(replies[0].message, "invalid-reply", problem, "Write a message for each, or make both replies.")
    for sending in replies[1:]:
        here, there = _quoted(sending.answers), _quoted(replies[0].answers)
        if here != there:
            problem = f"'{sending.message}' replies to {here} here, and to {there} elsewhere."
            yield error(sending.message, "invalid-reply", problem, "Write a message for each thread.")


def _content(places: list[Sending], catalog: Catalog) -> Iterator[Diagnostic]:
    """A reply whose own subject begins a thread, or whose variants are not those of the email that it answers."""
    reply = catalog.messages.get(places[0].message) if places else None
    answered = catalog.messages.get(next(iter(places[0].answers), "")) if places else None
    if reply is None or answered is None or {reply.body.path, answered.body.path} & catalog.broken:
        return
    subjects = dict.fromkeys(reply.subject(variant) for variant in reply.variant_ids())
    if any(subject is not None for subject in subjects):
        message = "a reply with a subject of its own begins a new thread."
        hint = "Delete the subject, or 'reply' in the step."
        yield from (warning(each, "reply-with-a-subject", message, hint) for each in subjects if each is not None)
        return
    heads = {
        (answered.subject(variant), answered.language(variant, catalog.brand)) for variant in answered.variant_ids()
    }
    if len(heads) > 1 and set(reply.variant_ids()) != set(answered.variant_ids()):
        message = f"'{reply.id}' replies to '{answered.id}', whose subject or language depends on its variants."
        hint = f"Give it the same variants: {', '.join(answered.head.variants)}."
        yield error(places[0].message, "invalid-reply", message, hint)


def _quoted(names: tuple[str, ...]) -> str:
    return " or ".join(f"'{name}'" for name in names)


RULES = (times, order, events, replies)
