"""Threads: which message of a scenario is a reply to which earlier one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.located import Reference
from handover.model.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Sending:
    """A place where a scenario sends a message.

    `answers` are the ids of the messages that it may be a reply to: the nearest earlier ones with a subject. Without
    `is_known` some earlier message could not be read.
    """

    message: Reference
    is_reply: bool
    answers: tuple[str, ...]
    is_known: bool


def sendings(catalog: Catalog) -> Iterator[Sending]:
    """Every place where a scenario sends a message: the steps in order, then the items of checklists."""
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            earlier: tuple[str, ...] = ()
            is_known = playbook.id.place.path not in catalog.broken
            for step in scenario.steps:
                for name in step.sends:
                    yield Sending(name, step.reply, earlier if step.reply else (), is_known)
                messages = [catalog.messages[name] for name in step.sends if name in catalog.messages]
                lacks_subject = any(each.head.is_email and not has_subject(each) for each in messages)
                is_known = is_known and len(messages) == len(step.sends) and (step.reply or not lacks_subject)
                earlier = tuple(str(each.id) for each in messages if has_subject(each)) or earlier
            for item in scenario.items():
                if item.message is not None:
                    yield Sending(item.message, False, (), is_known)


def has_subject(message: Message) -> bool:
    """True if some variant of the message has a subject of its own."""
    return any(message.subject(variant) is not None for variant in message.variant_ids())


Placed = dict[str, tuple[Message, Message | None, bool, bool, Message]]
"""For a message with places that matter: it, the one that it replies to, if it is a reply, if it is of a checklist, and
the result."""


def with_places(catalog: Catalog, placed: Placed) -> Catalog:
    """The catalog in which each message knows what its places say of it: whose reply it is, if it is of a checklist.

    `placed` has the results of the last call, and is brought up to date: the same messages give the same objects.
    """
    places = list(sendings(catalog))
    is_known = catalog.has_whole_playbooks and all(each.message in catalog.messages for each in places)
    answers = {str(each.message): each.answers[0] for each in places if each.answers}
    replies = {str(each.message) for each in places if each.is_reply}
    posts = {str(item.message) for scenario in _scenarios(catalog) for item in scenario.items() if item.message}
    messages = dict(catalog.messages)
    before = placed.copy()
    placed.clear()
    for name, message in catalog.messages.items():
        answered = catalog.messages.get(answers.get(name, ""))
        is_of_checklist = message.head.kind == "post" and (name in posts or not is_known)
        is_reply = name in replies
        if not is_reply and not is_of_checklist:
            continue
        known = before.get(name)
        is_same = known is not None and known[0] is message and known[1] is answered
        if known is None or not is_same or known[2:4] != (is_reply, is_of_checklist):
            facts = {"answers": answered, "is_reply": is_reply, "is_of_checklist": is_of_checklist}
            known = message, answered, is_reply, is_of_checklist, message.model_copy(update=facts)
        placed[name] = known
        messages[name] = known[-1]
    return replace(catalog, messages=messages, knows_places=is_known)


def _scenarios(catalog: Catalog) -> Iterator[Scenario]:
    for playbook in catalog.playbooks.values():
        yield from playbook.scenarios
