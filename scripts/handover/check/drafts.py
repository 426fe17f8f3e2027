"""Unfinished work: texts to fill in, and open questions."""

import re
from collections.abc import Iterator

from handover.check.usage import used_messages
from handover.model.base import FILL_IN, located_texts
from handover.model.catalog import Catalog
from handover.model.content import Block, Message, Story
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition

_PATTERN = re.compile(FILL_IN + r"([^.,:;\n]*)")


def to_fill_in(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each FILL IN, with the words after it; an error in a text that customers get."""
    for_customers = _files_for_customers(catalog, composition)
    for place, what in _to_fill_in(catalog):
        if place.path in for_customers:
            report, fact = error, "customers get this text, but it is unfinished"
        else:
            report, fact = warning, "this text is unfinished"
        hint = f"Replace '{FILL_IN} …' with the text."
        yield report(place, "to-fill-in", f"{fact}{f': {what}' if what else ''}.", hint, len(FILL_IN))


def _files_for_customers(catalog: Catalog, composition: Composition) -> set[str]:
    """The source files of messages that a scenario sends, but for drafts, and of snippets."""
    sent = {
        name for name in used_messages(catalog) if name in catalog.messages and not catalog.messages[name].head.draft
    }
    documents = [document for document in composition.documents if document.id in sent]
    return {source for document in (*documents, *composition.snippets) for source in document.sources}


def _to_fill_in(catalog: Catalog) -> Iterator[tuple[Place, str]]:
    data = (
        catalog.brand,
        catalog.playbooks,
        catalog.links,
        catalog.placeholders,
        catalog.platforms,
        catalog.terms,
    )
    content: list[Message | Block | Story] = [
        *catalog.messages.values(),
        *catalog.blocks.values(),
        *catalog.stories.values(),
    ]
    drafts = tuple(entry for entry in content if entry.is_draft)
    for text in located_texts((*data, *drafts)):
        for nth, match in enumerate(_PATTERN.finditer(text)):
            yield text.at(FILL_IN, nth), match[1].strip()
    for entry in drafts:
        for index, line in enumerate(entry.body.lines):
            for match in _PATTERN.finditer(line):
                yield entry.body.place(index, match.start() + 1), match[1].strip()


def finished_drafts(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message that is a draft by its front matter, with nothing left to fill in."""
    unfinished = {place.path for place, _ in _to_fill_in(catalog)}
    for document in composition.documents:
        message = catalog.messages[document.id]
        if message.head.draft and unfinished.isdisjoint(document.sources):
            fact = "this is still a draft, so no platform gets it, but nothing is left to fill in."
            hint = "Delete 'draft: true' when it is ready."
            yield warning(Place(message.body.path), "finished-draft", fact, hint)


def open_questions(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each open question, with its owner."""
    for playbook in catalog.playbooks.values():
        for question in playbook.questions:
            message = f"{question.id.upper()}: {' '.join(question.question.split())}"
            hint = f"{catalog.party(question.owner)} must answer it; then delete the question."
            yield warning(question.id, "open-question", message, hint)


RULES = (to_fill_in, finished_drafts, open_questions)
