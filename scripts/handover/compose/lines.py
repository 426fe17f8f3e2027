"""The containers of the content language, resolved line by line before the Markdown is parsed.

`::: only <variant>, …` … `:::` keeps a section for some variants, `::: include <block>` puts a block in. The marker
lines become blank, so that a section never runs into its neighbors; every line keeps its place in the source. An
include in a list item continues the item's paragraph: its first line and the line below it say so, and the tree joins
them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TypeAlias

from handover.compose.names import Only, variant_hint
from handover.model.content import Block, Source
from handover.model.diagnostic import Diagnostic, Place, error, unknown
from handover.model.located import Prose
from handover.model.spelling import guess

MAX_LINES = 1_000
"""Lines of one message with its blocks: far more than an email needs."""

MAX_CHARACTERS = 40_000
"""Characters of the same."""

_MARKER = re.compile(r"^(?P<indent>[ \t]*)(?P<colons>:::+|::(?=[ \t]*$)|::?(?=[ \t]*(?:only|include)\b))(?P<rest>.*)$")
"""A marker line, also with a colon too many or too few."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to parse. Its first `indent` characters were added to those of the file."""

    text: str
    path: str
    number: int
    indent: int = 0
    via: tuple[Place, ...] = ()
    prose: Prose | None = None
    start: int = 0
    """Where the line begins in `prose`."""
    continues: bool = False
    """True for the first line of an indented include and for the line below it: in a list item, it continues the
    paragraph before it.
    """

    def place(self, column: int) -> Place:
        """Where the character at `column` (from 0) of the text was written."""
        if self.prose is None:
            return Place(self.path, self.number, max(column - self.indent, 0) + 1, self.via)
        if self.text in self.prose.raw:
            nth = self.prose.count(self.text, 0, self.start) if self.text else 0
            return self.prose.at(self.text, nth).after(column)
        word = next(iter(self.text[column:].split(maxsplit=1)), "")
        return self.prose.at(word, self.prose.count(word, 0, self.start + column)) if word else self.prose.place

    def error(self, column: int | None, code: str, message: str, hint: str | None, length: int = 3) -> Diagnostic:
        """An error at the character at `column`, or else at the first one, with the includes that led to the line."""
        place = self.place(self.indentation if column is None else column)
        return error(place, code, message, hint, length)

    @property
    def indentation(self) -> int:
        """The column of its first character that is not a space."""
        return len(self.text) - len(self.text.lstrip())


_Sections: TypeAlias = list[tuple[Line | None, bool]]
"""The open sections: the line that began each, None for one with a problem, and whether its lines are kept."""


@dataclass(slots=True)
class Resolver:
    """Resolves the containers of one message in one variant.

    `variants` are the variants that exist; None takes any, for a block by itself.
    """

    blocks: Mapping[str, Block]
    excused: frozenset[str]
    variant: str | None
    variants: tuple[str, ...] | None
    owner: str
    """What has the variants, in words, for messages."""
    found: list[Diagnostic]
    sources: list[str] = field(default_factory=list)
    included: set[str] = field(default_factory=set)
    once: dict[object, Diagnostic] = field(default_factory=dict)
    """Problems to report once, however many messages have them, by their subject."""
    count: int = 0
    characters: int = 0
    is_too_long: bool = False

    def resolve(self, source: Source) -> list[Line]:
        """The lines of `source` for the variant, with every block put in; none where that is too much."""
        lines = list(self._lines(source, 0, (), ()))
        return [] if self.is_too_long else lines

    def _lines(self, source: Source, indent: int, stack: tuple[str, ...], via: tuple[Place, ...]) -> Iterator[Line]:
        if source.path not in self.sources:
            self.sources.append(source.path)
        sections: _Sections = []
        continues = False
        for index, text in enumerate(source.lines):
            number = source.first_line + index
            line = Line(" " * indent + text if text else text, source.path, number, indent, via, continues=continues)
            continues = False
            if not self._fits(line):
                return
            marker = _MARKER.match(text)
            is_kept = all(kept for _, kept in sections)
            if marker is None:
                column = text.find(":::")
                if column >= 0:  # after an item's mark, a quote's or a word
                    hint = "Put it on a line of its own, indented like the text of its item."
                    message = "':::' must begin its line."
                    self.found.append(line.error(column + indent, "unknown-container", message, hint))
                yield line if is_kept else replace(line, text="")
                continue
            yield replace(line, text="")
            word, *names = marker["rest"].split() or [""]
            self._count_colons(line, marker["colons"], " ".join([word, *names]))
            if word == "include":
                own = len(marker["indent"].expandtabs(4))
                continues = own > 0
                if is_kept:
                    yield from self._include(line, names, own + indent, stack)
            elif word:
                self._open(line, word, sections)
            elif sections:
                sections.pop()
            else:
                words = "there is no section to end here.", "Delete this line; '::: include' needs no end."
                self.found.append(line.error(None, "stray-container-end", *words))
        begun = _begun(sections)
        if begun is not None:
            message, hint = "the 'only' section that starts here never ends.", "Write ':::' on a line below it."
            self.found.append(begun.error(None, "unclosed-container", message, hint))

    def _count_colons(self, line: Line, colons: str, rest: str) -> None:
        if len(colons) != 3:
            message = f"'{colons}' has {len(colons)} colons; it needs three."
            hint = f"Write ':::{' ' if rest else ''}{rest}'."
            self.found.append(line.error(None, "unknown-container", message, hint, len(colons)))

    def _fits(self, line: Line) -> bool:
        """False, with a problem reported once, when a message exceeds the bounds."""
        self.count += 1
        self.characters += len(line.text)
        self.is_too_long = self.count > MAX_LINES or self.characters > MAX_CHARACTERS
        if self.is_too_long:
            message = f"with its blocks, this exceeds {MAX_LINES:,} lines or {MAX_CHARACTERS:,} characters."
            hint = "Include fewer blocks, or shorten them."
            self.once.setdefault("too-long", line.error(None, "too-long", message, hint))
        return not self.is_too_long

    def _open(self, line: Line, word: str, sections: _Sections) -> None:
        """Begin an `only` section; one with a problem gets no second one."""
        if word != "only":
            hint = guess(word, ["only", "include"], "After ':::' write one of")
            column = line.text.index(word, line.text.index(":::"))
            message = f"'{word}' is unknown here."
            self.found.append(line.error(column, "unknown-container", message, hint, len(word)))
            if "'include'" not in (hint or ""):
                sections.append((None, True))
        elif not (only := Only.of(line.text)).names:
            hint = variant_hint("", self.variants or ())
            self.found.append(line.error(None, "unknown-variant", "the variant is missing.", hint))
            sections.append((None, True))
        elif (begun := _begun(sections)) is not None:
            message = f"the 'only' section of line {begun.number} has not ended yet."
            hint = "Write ':::' above this line."
            self.found.append(line.error(None, "nested-container", message, hint))
            sections[:] = [(None, True)] * (len(sections) + 1)
        else:
            sections.append((line, self._only(line, only)))

    def _only(self, line: Line, only: Only) -> bool:
        if self.variants is None:
            return True
        unknown_names = [(name, column) for name, column in only.names if name not in self.variants]
        for name, column in unknown_names:
            message = f"'{name}' is not a variant of {self.owner}." if name else "a variant is missing here."
            hint = variant_hint(name, self.variants)
            found = unknown(name, line.place(column), "variant", message, hint)
            if self.variants:
                self.found.append(found)
            else:
                self.once.setdefault(("no variants", self.owner, line.path), found)
        # A block is for several messages, with variants of their own.
        if not unknown_names and not line.via:
            self.found += filter(None, [only.extent(self.variants, line.place(line.text.index(":")))])
        return only.keeps(self.variant)

    def _include(self, line: Line, names: list[str], indent: int, stack: tuple[str, ...]) -> Iterator[Line]:
        if len(names) != 1:
            hint = guess("", sorted(self.blocks), "The blocks are")
            message = "'::: include' needs the name of one block."
            self.found.append(line.error(None, "unknown-block", message, hint))
            return
        name = names[0]
        self.included.add(name)
        column = line.text.index(name, line.text.index("include") + 7)
        if name in stack:
            circle = stack[stack.index(name) :]  # reported once, however many messages lead into it
            hint = f"Remove one of the includes: {' > '.join((*circle, name))}."
            message = f"the block '{name}' includes itself."
            found = line.error(column, "include-cycle", message, hint, len(name))
            self.once.setdefault(frozenset(circle), found)
        elif name in self.blocks:
            here = line.place(column)
            lines = self._lines(self.blocks[name].body, indent, (*stack, name), (*line.via, here))
            yield from _continuing(lines) if indent > line.indent else lines
            yield replace(line, text="")
        elif name not in self.excused and "blocks/*" not in self.excused:
            hint = guess(name, sorted(self.blocks), "The blocks are")
            message = f"there is no content/blocks/{name}.md."
            self.found.append(unknown(name, line.place(column), "block", message, hint))


def _begun(sections: _Sections) -> Line | None:
    """The line that began the open section without a problem; there is at most one."""
    return next((line for line, _ in sections if line is not None), None)


def _continuing(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, of which the first with text continues the paragraph before them."""
    for line in lines:
        if line.text.strip():
            yield replace(line, continues=True)
            break
        yield line
    yield from lines


def prose_lines(prose: Prose) -> list[Line]:
    """The lines of a text of a data file; it has no containers."""
    texts = prose.split("\n")
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    return [
        Line(text, prose.place.path, prose.place.line, prose=prose, start=start)
        for text, start in zip(texts, starts, strict=False)
    ]
