"""The texts that several rules read."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from handover.model.document import Composition, Document
from handover.model.located import Located
from handover.model.nodes import Code, Text


def all_documents(composition: Composition) -> tuple[Document, ...]:
    """Every email in each variant, then every snippet."""
    return (*composition.documents, *composition.snippets)


def literal_nodes(document: Document) -> Iterator[Text | Code]:
    """The literal text of a document: first that of its head, then that of its body."""
    return (node for node in (*document.heads(), *document.inlines()) if isinstance(node, Text | Code))


def located_texts(value: Any, *without: str) -> Iterator[Located]:
    """Every text with a place in models and collections of them, but for the fields named in `without`."""
    if isinstance(value, Located):
        yield value
    elif isinstance(value, BaseModel):
        for name, part in value:
            if name not in without:
                yield from located_texts(part, *without)
    elif isinstance(value, Mapping):
        yield from located_texts((*value, *value.values()), *without)
    elif isinstance(value, tuple):
        for part in value:
            yield from located_texts(part, *without)
