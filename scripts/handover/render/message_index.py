"""The page that lists all messages, by playbook and scenario, with what it can be filtered by."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from handover.model.content import Message
from handover.model.document import Document
from handover.model.nodes import Inline
from handover.model.parts import Page
from handover.model.playbook import Playbook
from handover.model.scenario import Scenario
from handover.model.timeline import Sending, occasions
from handover.render import text
from handover.render.pages import Handbook
from handover.render.spelling import HandbookSpelling

KINDS = {
    "personal": "Email to one person",
    "marketing": "Automatic email to many people",
    "post": "Chat post",
    "script": "Script for a call",
}
"""The kinds of message as the page names them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the list, in its scenario: who sends it, to whom and when.

    The sender is the one of the scenario, else that of the email. What is not known is empty.
    """

    message: Message
    kind: str
    sender: str
    recipient: str
    time: str
    playbook: str


@dataclass(frozen=True, slots=True)
class Group:
    """The messages of a scenario, in the order of time; without playbook and scenario, those that none sends."""

    playbook: Playbook | None
    scenario: Scenario | None
    entries: tuple[Entry, ...]


def message_index(book: Handbook) -> Page:
    """Render the page. A message of several scenarios is in the group of each. Raises TemplateFault."""
    groups = list(_groups(book))
    sent = {entry.message.id for group in groups for entry in group.entries}
    others = [str(name) for name in book.catalog.messages if name not in sent]
    groups += (
        [Group(None, None, tuple(_entry(book, book.catalog.messages[name], None) for name in others))] if others else []
    )
    sections = [(playbook, list(same)) for playbook, same in groupby(groups, lambda group: group.playbook)]
    entries = [entry for group in groups for entry in group.entries]
    page = book.render("handbook/messages/index.md.j2", sections=sections, filters=_filters(entries))
    return Page("messages/index.md", page)


def _filters(entries: list[Entry]) -> list[tuple[str, str, list[str]]]:
    """What the list can be filtered by: the name of each filter, its label, and its values."""
    kinds = [name for name in KINDS.values() if name in {entry.kind for entry in entries}]
    senders = sorted({entry.sender for entry in entries} - {""})
    playbooks = list(dict.fromkeys(entry.playbook for entry in entries if entry.playbook))
    filters = [("kind", "Kind", kinds), ("sender", "Sender", senders), ("playbook", "Playbook", playbooks)]
    return [(name, label, values) for name, label, values in filters if len(values) > 1]


def _groups(book: Handbook) -> Iterator[Group]:
    for (playbook, scenario), sent in groupby(occasions(book.catalog), lambda each: (each.playbook, each.scenario)):
        entries = tuple(_entry(book, book.catalog.messages[each.message], each) for each in sent)
        yield Group(playbook, scenario, entries)


def _entry(book: Handbook, message: Message, occasion: Sending | None) -> Entry:
    first: Document = book.documents(message.id)[0]
    spelling = HandbookSpelling(book.catalog.of(message))

    def words(nodes: tuple[Inline, ...]) -> str:
        return book.marks.fill(text.line(nodes, book.marks), spelling.label)

    sender = ", ".join(words(mailbox.name or mailbox.email) for mailbox in first.sender)
    recipient = ", ".join(words(mailbox.name or mailbox.email) for mailbox in first.to)
    who, time = (occasion.who, occasion.time) if occasion else (None, None)
    playbook = str(occasion.playbook.heading) if occasion else ""
    return Entry(message, KINDS[message.head.kind], who or sender, recipient, time or "", playbook)
