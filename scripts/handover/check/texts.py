"""The texts that several rules read."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from handover.model.document import Composition, Document
from handover.model.located import Located
from handover.model.nodes import Code, Link, Placeholder, Text

N = TypeVar("N", Link, Placeholder)


def all_documents(composition: Composition) -> tuple[Document, ...]:
    """Every email in each variant, then every snippet."""
    return (*composition.documents, *composition.snippets)


def nodes_in(composition: Composition, kind: type[N]) -> Iterator[N]:
    """Every node of this kind in the body of a document."""
    return (node for document in all_documents(composition) for node in document.inlines() if isinstance(node, kind))


def literals(document: Document) -> Iterator[Text | Code]:
    """The literal text of a document: first that of its head, then that of its body."""
    return (node for node in (*document.heads(), *document.inlines()) if isinstance(node, Text | Code))


def all_literals(composition: Composition) -> Iterator[Text | Code]:
    """The literal text of every document."""
    return (node for document in all_documents(composition) for node in literals(document))


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
