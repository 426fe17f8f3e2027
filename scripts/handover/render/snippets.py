"""The page of all snippets: each passage with its fields, to copy filled in or for a platform."""

from dataclasses import dataclass

from handover.model.content import Message
from handover.model.document import Artifact, Document
from handover.model.parts import Page
from handover.model.platform import Platform
from handover.render.pages import Handbook


@dataclass(frozen=True, slots=True)
class Snippet:
    """A snippet with the data of its form, as JSON, and its files. `messages` include it."""

    document: Document
    title: str
    path: str
    platforms: list[Platform]
    data: str
    files: list[Artifact]
    messages: list[Message]


def snippets_page(book: Handbook) -> Page:
    """Render the page. Raises TemplateFault."""
    snippets = [_snippet(book, document) for document in book.composition.snippets]
    book.parts.page = path = "snippets/index.md"
    return Page(path, book.render("handbook/snippets.md.j2", snippets=snippets), book.parts)


def _snippet(book: Handbook, document: Document) -> Snippet:
    block, platforms = book.catalog.blocks[document.id], book.catalog.snippet_takers()
    users = dict.fromkeys(each.id for each in book.composition.documents if block.body.path in each.sources)
    return Snippet(
        document,
        str(block.head.title or block.id),
        block.body.path,
        platforms,
        book.composer.data([document], platforms),
        [file for file in book.artifacts if file.block == block.id],
        [book.catalog.messages[name] for name in users],
    )
