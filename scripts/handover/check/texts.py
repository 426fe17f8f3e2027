"""The texts that several rules read."""

from collections.abc import Iterator
from typing import TypeVar

from handover.model.document import Composition, Document
from handover.model.nodes import Code, Link, Placeholder, Text

N = TypeVar("N", Link, Placeholder)


def nodes_in(composition: Composition, kind: type[N]) -> Iterator[N]:
    """Every node of this kind in the body of a document."""
    return (node for document in composition.everything for node in document.inlines if isinstance(node, kind))


def literals(document: Document) -> Iterator[Text | Code]:
    """The literal text of a document: first that of its head, then that of its body."""
    return (node for node in (*document.heads, *document.inlines) if isinstance(node, Text | Code))


def all_literals(composition: Composition) -> Iterator[Text | Code]:
    """The literal text of every document."""
    return (node for document in composition.everything for node in literals(document))
