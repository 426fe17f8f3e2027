"""A Catalog to a Composition: each message in each variant, each snippet, each scenario text, each prose value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from handover.compose.dialect import IN_PLAIN_TEXT, IN_PLAIN_VALUE
from handover.compose.language import UNCLOSED, parser
from handover.compose.lines import Line, Resolver, prose_lines
from handover.compose.names import Names
from handover.compose.tree import TreeBuilder
from handover.model import content
from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.content import Message, Source
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Prose
from handover.model.message import Address, Recipient, Sender
from handover.model.nodes import Block, Inline, Mailbox, Text


@dataclass(frozen=True, slots=True)
class Composed:
    """One message or snippet: a document for each variant, the blocks that it includes, and its problems."""

    documents: tuple[Document, ...]
    included: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    once: tuple[tuple[object, Diagnostic], ...]
    """Problems to report once, however many messages have them, by their subject."""


class Composer:
    """Composes the content of a catalog, one message or snippet at a time."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.parser: MarkdownIt = parser()
        self.handbook_parser: MarkdownIt = parser(for_handbook=True)
        self._begin()

    def one(self, entry: Message | content.Block) -> Composed:
        """A message in each variant, or a snippet."""
        self._begin()
        if isinstance(entry, Message):
            self.names.for_checklist = entry.is_of_checklist
            self.names.own = entry.head.placeholders
            documents = tuple(self._message(entry, variant) for variant in entry.variant_ids())
        else:
            blocks, sources = self._blocks(entry.body, None, (), "a snippet, which has none")
            documents = (Document(entry.id, None, None, self.catalog.brand.language, blocks, sources),)
        return Composed(documents, frozenset(self.included), tuple(self.names.found), tuple(self.once.items()))

    def all(self, parts: Sequence[Composed]) -> tuple[Composition, list[Diagnostic]]:
        """The whole Composition and its problems: the `parts`, one for each message and snippet, the prose of scenarios
        and data files, and, for their problems alone, the blocks that are never included.
        """
        self._begin()
        for part in parts:
            self.names.found += part.diagnostics
            for subject, problem in part.once:
                self.once.setdefault(subject, problem)
        catalog = self.catalog
        self.names.for_handbook = True
        stories = {
            name: self._blocks(story.body, None, (), "a scenario, which has none")[0]
            for name, story in catalog.stories.items()
        }
        texts = located_texts((*catalog.playbooks.values(), *catalog.terms.values()))
        passages = {each.place: self._passage(each) for each in texts if isinstance(each, Prose)}
        for text in catalog.plain_texts():  # in a URL the marks of Markdown are other characters
            for match in IN_PLAIN_VALUE.finditer(text) if "://" not in text else ():
                place = text.at(match[0], text[: match.start()].count(match[0]))
                self.names.found.append(_typed(match[0], place))
        self.included.update(*(part.included for part in parts))
        self.names.for_handbook = False
        for name, block in catalog.blocks.items():
            if name not in self.included and not block.head.snippet:
                self._blocks(block.body, None, None, "a block")
        whole = Composition.of(document for part in parts for document in part.documents)
        composition = replace(whole, stories=stories, passages=passages, included=frozenset(self.included))
        return composition, [*self.names.found, *self.once.values()]

    def _begin(self) -> None:
        self.names = Names(self.catalog, language=self.catalog.brand.language)
        self.included: set[str] = set()
        self.once: dict[object, Diagnostic] = {}

    def _blocks(
        self, source: Source, variant: str | None, variants: tuple[str, ...] | None, owner: str
    ) -> tuple[tuple[Block, ...], tuple[str, ...]]:
        """The blocks of a source in a variant, and the paths of the files they come from."""
        resolver = Resolver(self.catalog.blocks, self.catalog.excused, variant, variants, owner, self.names.found)
        resolver.once = self.once
        lines = resolver.resolve(source)
        self.included |= resolver.included
        self.names.mixes_variants = variants is None
        return self._parse(lines), tuple(resolver.sources)

    def _parse(self, lines: list[Line]) -> tuple[Block, ...]:
        markdown = self.handbook_parser if self.names.for_handbook else self.parser
        tokens = markdown.parse("\n".join(line.text for line in lines)) if lines else []
        return TreeBuilder(lines, self.names).build(tokens)

    def _message(self, message: Message, variant: str | None) -> Document:
        head = message.head
        variants = None if message.body.path in self.catalog.broken else tuple(head.variants)
        self.names.language = message.language(variant, self.catalog.brand)
        blocks, sources = self._blocks(message.body, variant, variants, f"'{message.id}'")
        return Document(
            id=message.id,
            variant=variant,
            kind=head.kind,
            language=self.names.language,
            blocks=blocks,
            sources=sources,
            subject=self._subject(message, variant),
            preheader=self._words(message.preheader(variant)),
            sender=self._mailboxes(head.from_),
            reply_to=self._mailboxes(head.reply_to),
            to=self._mailboxes(head.to),
            cc=self._mailboxes(*head.cc),
            bcc=self._mailboxes(*head.bcc),
        )

    def _subject(self, message: Message, variant: str | None) -> tuple[Inline, ...]:
        """The message's own subject; of a reply without one, that of its thread."""
        own, answered = message.subject(variant), message.answers
        if own is not None or answered is None:
            return self._words(own)
        variants = answered.variant_ids()
        subject = answered.subject(variant if variant in variants else variants[0])
        self.names.own, kept = answered.head.placeholders, self.names.own
        words = self._words(subject)
        self.names.own = kept
        return (Text("Re: ", subject.place), *words) if subject is not None else ()

    def _mailboxes(self, *people: Sender | Address | Recipient | None) -> tuple[Mailbox, ...]:
        return tuple(Mailbox(self._words(each.name), self._words(each.email)) for each in people if each is not None)

    def _words(self, prose: Prose | None) -> tuple[Inline, ...]:
        """A value of the mail head: words and placeholders, no Markdown."""
        if prose is None:
            return ()
        words: list[Inline] = []
        end = 0
        for piece in re.split(r"(\{\{.*?\}\})", prose, flags=re.DOTALL):
            start, end = end, end + len(piece)
            place = prose.at(piece, prose[:start].count(piece)) if piece else prose.place
            if piece.startswith("{{") and piece.endswith("}}"):
                name = piece[2:-2].strip()
                words.append(self.names.placeholder(name, place.after(piece.index(name) if name else 0)))
            elif piece:
                if "{{" in piece:
                    at = prose.at("{{", prose[: start + piece.index("{{")].count("{{"))
                    self.names.found.append(error(at, "unclosed-placeholder", *UNCLOSED, 2))
                    piece = piece.replace("{{", "")
                for match in IN_PLAIN_TEXT.finditer(piece):
                    self.names.found.append(_typed(match[0], place.after(match.start())))
                words.append(Text(piece, place))
        return tuple(words)

    def _passage(self, prose: Prose) -> tuple[Block, ...]:
        """A prose value of a data file; one line of it is a paragraph, also if it begins like a list."""
        lines = prose_lines(prose)
        if "\n" in prose.rstrip("\n") or prose.raw.startswith("|"):
            return self._parse(lines)
        start, end = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)
        start.map = [0, 1]
        return TreeBuilder(lines, self.names).build([start, *self.handbook_parser.parseInline(lines[0].text), end])


def _typed(mark: str, place: Place) -> Diagnostic:
    message = f"'{mark}' would show as typed: there is no Markdown here."
    hint = "Write the words, the emoji or the character alone."
    return error(place, "unsupported-markdown", message, hint, len(mark))
