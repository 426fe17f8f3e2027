"""The page that lists all messages, by playbook and scenario, with what it can be filtered by."""

from dataclasses import dataclass
from itertools import groupby

from handover.model.content import Message
from handover.model.nodes import Inline
from handover.model.parts import Page
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
    """A message in the list, where a scenario sends it; without an `occasion` none does.

    The sender is the one of the scenario, else that of the email. What is not known is empty.
    """

    message: Message
    kind: str
    sender: str
    recipient: str
    occasion: Sending | None

    @property
    def playbook(self) -> str:
        """The name of the playbook."""
        return str(self.occasion.playbook.heading) if self.occasion else ""


def message_index(book: Handbook) -> Page:
    """Render the page. A message of several scenarios is in the group of each. Raises TemplateFault."""
    entries = [_entry(book, each.message, each) for each in occasions(book.catalog)]
    sent = {entry.message.id for entry in entries}
    entries += [_entry(book, name, None) for name in book.catalog.messages if name not in sent]
    sections = [
        (playbook, [(scenario, [*group]) for scenario, group in groupby(same, _scenario)])
        for playbook, same in groupby(entries, lambda entry: entry.occasion.playbook if entry.occasion else None)
    ]
    page = book.render("handbook/messages/index.md.j2", sections=sections, filters=_filters(entries))
    return Page("messages/index.md", page)


def _scenario(entry: Entry) -> Scenario | None:
    return entry.occasion.scenario if entry.occasion else None


def _filters(entries: list[Entry]) -> list[tuple[str, str, list[str]]]:
    """What the list can be filtered by: the name of each filter, its label, and its values."""
    kinds = [name for name in KINDS.values() if name in {entry.kind for entry in entries}]
    senders = sorted({entry.sender for entry in entries} - {""})
    playbooks = list(dict.fromkeys(entry.playbook for entry in entries if entry.playbook))
    filters = [("kind", "Kind", kinds), ("sender", "Sender", senders), ("playbook", "Playbook", playbooks)]
    return [(name, label, values) for name, label, values in filters if len(values) > 1]


def _entry(book: Handbook, name: str, occasion: Sending | None) -> Entry:
    message, first = book.catalog.messages[name], book.documents(name)[0]
    spelling = HandbookSpelling(book.catalog.of(message))

    def words(nodes: tuple[Inline, ...]) -> str:
        return book.marks.fill(text.line(nodes, book.marks), spelling.label)

    sender = ", ".join(words(mailbox.name or mailbox.email) for mailbox in first.sender)
    recipient = ", ".join(words(mailbox.name or mailbox.email) for mailbox in first.to)
    return Entry(message, KINDS[message.head.kind], (occasion and occasion.who) or sender, recipient, occasion)
