"""What somebody still has to write."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handover.model.base import STILL_TO_WRITE, Model
from handover.model.catalog import Catalog
from handover.model.content import Block, Message, Story
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition
from handover.model.located import Located

_PLACE = re.compile(STILL_TO_WRITE + r"([^.,:;\n]*)")


def to_fill_in(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each place that says so, with what is meant to stand there; an error where customers would read it."""
    published = _published(catalog, composition)
    for place, what in _places(catalog):
        is_published = place.path in published
        message = (
            f"still to be written{', and customers get this text' if is_published else ''}: {what or 'something'}."
        )
        found = error if is_published else warning
        yield found(place, "to-fill-in", message, f"Write it in place of '{STILL_TO_WRITE} …'.", len(STILL_TO_WRITE))


def _published(catalog: Catalog, composition: Composition) -> set[str]:
    """The files of messages that a scenario sends and of snippets."""
    scenarios = [scenario for playbook in catalog.playbooks.values() for scenario in playbook.scenarios]
    sent = {str(name) for scenario in scenarios for name in scenario.messages}
    documents = [document for document in composition.documents if document.id in sent]
    return {source for document in (*documents, *composition.snippets) for source in document.sources}


def _places(catalog: Catalog) -> Iterator[tuple[Place, str]]:
    things = (catalog.playbooks, catalog.links, catalog.placeholders, catalog.platforms, catalog.terms)
    content: list[Message | Block | Story] = [
        *catalog.messages.values(),
        *catalog.blocks.values(),
        *catalog.stories.values(),
    ]
    drafts = [entry for entry in content if entry.is_draft]
    for text in _texts((catalog.brand, *things, *drafts)):
        for nth, match in enumerate(_PLACE.finditer(text)):
            yield text.at(STILL_TO_WRITE, nth), match[1].strip()
    for entry in drafts:
        for index, line in enumerate(entry.body.lines):
            for match in _PLACE.finditer(line):
                yield entry.body.place(index, match.start() + 1), match[1].strip()


def _texts(part: Any) -> Iterator[Located]:
    """Every text in it that knows its place."""
    if isinstance(part, Located):
        yield part
    elif isinstance(part, Model):
        for _, value in part:
            yield from _texts(value)
    elif isinstance(part, Mapping):
        yield from _texts((*part, *part.values()))
    elif isinstance(part, tuple):
        for value in part:
            yield from _texts(value)


RULES = (to_fill_in,)
