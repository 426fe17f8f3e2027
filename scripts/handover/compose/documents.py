"""A Catalog to a Composition: each message in each variant, each snippet, each story, each prose value."""

from collections.abc import Iterable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from pydantic import BaseModel

from handover.compose.language import parser
from handover.compose.lines import Line, Resolver, prose_lines
from handover.compose.names import Names
from handover.compose.tree import TreeBuilder
from handover.model import content
from handover.model.catalog import Catalog
from handover.model.content import Address, Message, Source
from handover.model.diagnostic import Diagnostic, Place
from handover.model.document import Block, Composition, Document, Inline, Mailbox, Text
from handover.model.located import Prose


def compose(catalog: Catalog) -> tuple[Composition, list[Diagnostic]]:
    """Everything that the catalog's content and prose say, and what is wrong with it."""
    composer = _Composer(catalog)
    documents = tuple(
        composer.message(message, variant) for message in catalog.messages.values() for variant in message.variant_ids()
    )
    stories = {
        name: composer.blocks(story.body, None, (), "a scenario, which has none")[0]
        for name, story in catalog.stories.items()
    }
    snippets = tuple(composer.snippet(block) for block in catalog.blocks.values() if block.head.snippet)
    for name, block in catalog.blocks.items():
        if name not in composer.included and not block.head.snippet:
            composer.blocks(block.body, None, None, "a block")
    passages = composer.passages(
        [*catalog.playbooks.values(), *catalog.terms.values()],
    )
    return (
        Composition(documents, snippets, stories, passages, frozenset(composer.included)),
        composer.names.found,
    )


class _Composer:
    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.names = Names(catalog)
        self.parser: MarkdownIt = parser()
        self.included: set[str] = set()
        self.said: set[object] = set()

    def blocks(
        self, source: Source, variant: str | None, variants: tuple[str, ...] | None, whose: str
    ) -> tuple[tuple[Block, ...], tuple[str, ...]]:
        """The blocks of a source in a variant, and the paths of the files they come from."""
        resolver = Resolver(self.catalog.blocks, self.catalog.excused, variant, variants, whose, self.names.found)
        resolver.said = self.said
        lines = resolver.resolve(source)
        self.included |= resolver.included
        return self.parse(lines), tuple(resolver.sources)

    def parse(self, lines: list[Line]) -> tuple[Block, ...]:
        if not lines:
            return ()
        tokens = self.parser.parse("\n".join(line.text for line in lines))
        return TreeBuilder(tokens, lines, self.names).build()

    def message(self, message: Message, variant: str | None) -> Document:
        head = message.head
        variants = None if message.body.path in self.catalog.broken else tuple(head.variants)
        blocks, sources = self.blocks(message.body, variant, variants, f"'{message.id}'")
        return Document(
            id=message.id,
            variant=variant,
            subject=self.words(head.subject),
            preheader=self.words(head.preheader),
            sender=self.words(head.from_),
            to=(self.mailbox(head.to),),
            cc=tuple(self.mailbox(address) for address in head.cc),
            blocks=blocks,
            sources=sources,
        )

    def snippet(self, block: content.Block) -> Document:
        blocks, sources = self.blocks(block.body, None, (), "a snippet, which has none")
        return Document(block.id, None, (), (), (), (), (), blocks, sources)

    def mailbox(self, address: Address) -> Mailbox:
        return Mailbox(self.words(address.name), self.words(address.email))

    def words(self, prose: Prose | None) -> tuple[Inline, ...]:
        """A line of the mail's head: words and placeholders, no Markdown."""
        if prose is None:
            return ()
        made: list[Inline] = []
        for piece, start in _pieces(prose):
            place = prose.at(piece, prose[:start].count(piece))
            if piece.startswith("{{") and piece.endswith("}}"):
                name = piece[2:-2].strip()
                inner = place.column + (piece.index(name) if name else 0)
                made.append(self.names.placeholder(name, Place(place.path, place.line, inner)))
            else:
                if "{{" in piece:
                    self.names.unclosed(prose.at("{{", prose[: start + piece.index("{{")].count("{{")))
                    piece = piece.replace("{{", "")
                made.append(Text(piece, place))
        return tuple(made)

    def passages(self, models: Iterable[BaseModel]) -> dict[Place, tuple[Block, ...]]:
        """The prose of data files, by the place where it starts."""
        made: dict[Place, tuple[Block, ...]] = {}
        for model in models:
            for prose in _prose(model):
                made[prose.place] = self.parse(prose_lines(prose))
        return made


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The text in pieces, and where each starts: a placeholder with its braces, or what is between two."""
    start = 0
    while start < len(text):
        opened = text.find("{{", start)
        closed = text.find("}}", opened)
        if opened < 0 or closed < 0:
            yield text[start:], start
            return
        if opened > start:
            yield text[start:opened], start
        yield text[opened : closed + 2], opened
        start = closed + 2


def _prose(value: Any) -> Iterator[Prose]:
    """All prose in a model and the models below it."""
    if isinstance(value, Prose):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _prose(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _prose(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _prose(item)
