"""The parser's tokens to the nodes of a Document, each with the place where it was written."""

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from handover.compose.language import MAX_NESTING
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
)

_BARE_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)


class TreeBuilder:
    """Builds the tree of one parse; `lines` are what was parsed."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[Line], names: Names) -> None:
        self.tokens = tokens
        self.lines = lines
        self.names = names
        self.index = 0

    def build(self) -> tuple[Block, ...]:
        """All blocks."""
        return self._blocks(None)

    def report(self, found: Diagnostic, line: Line | None) -> None:
        """Keep a finding, with the includes that led to its line."""
        self.names.found.append(replace(found, via=line.via) if line else found)

    def _next(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def _blocks(self, until: str | None) -> tuple[Block, ...]:
        made: list[Block] = []
        while self.index < len(self.tokens):
            token = self._next()
            if token.type == until:
                break
            if token.level >= MAX_NESTING - 2:
                self._too_deep(token)
            block = self._block(token)
            if block is not None:
                made.append(block)
        return tuple(made)

    def _block(self, token: Token) -> Block | None:
        first = token.map[0] if token.map else 0
        match token.type:
            case "paragraph_open":
                children = self._inline(self._next())
                self._next()
                return Paragraph(children) if children else None
            case "heading_open":
                children = self._inline(self._next())
                self._next()
                place = self.lines[first].place(len(self.lines[first].text) - len(self.lines[first].text.lstrip()))
                return Heading(int(token.tag[1:]), children, place)
            case "bullet_list_open":
                return Items(None, self._items("bullet_list_close"))
            case "ordered_list_open":
                return Items(int(token.attrs.get("start", 1)), self._items("ordered_list_close"))
            case "blockquote_open":
                return Quote(self._blocks("blockquote_close"))
            case "hr":
                return Rule()
            case "fence" | "code_block":
                line = self.lines[min(first + (token.type == "fence"), len(self.lines) - 1)]
                self._code(token.content, line.place(0), line)
                return CodeBlock(token.content.rstrip("\n"), line.place(0))
            case "html_block":
                self._html_block(token, first)
        return None

    def _items(self, until: str) -> tuple[tuple[Block, ...], ...]:
        made: list[tuple[Block, ...]] = []
        while self._next().type != until:
            made.append(self._blocks("list_item_close"))
        return tuple(made)

    def _too_deep(self, token: Token) -> None:
        line = self.lines[token.map[0] if token.map else 0]
        self.report(
            error(
                line.place(0),
                "too-deep",
                "lists and quotes are nested too deeply here.",
                "Four levels are as many as anybody can follow.",
            ),
            line,
        )

    def _html_block(self, token: Token, first: int) -> None:
        line = self.lines[first]
        column = len(line.text) - len(line.text.lstrip())
        shown = line.text.strip().split(">")[0][:40] + (">" if ">" in line.text else "")
        self.report(
            error(
                line.place(column),
                "raw-html",
                f"HTML like '{shown}' cannot stand in content.",
                "Write Markdown; for the character itself write \\<.",
                len(shown),
            ),
            line,
        )

    def _code(self, text: str, place: Place, line: Line | None) -> None:
        if "{{" in text:
            self.report(
                error(
                    place, "placeholder-in-code", "a placeholder in code is not filled in.", "Take the backticks away."
                ),
                line,
            )

    def _inline(self, token: Token) -> tuple[Inline, ...]:
        reader = _InlineReader(token, self.lines, self)
        return reader.read(None)


class _InlineReader:
    """Reads the children of one inline token. `at` follows the reading through the token's text."""

    def __init__(self, token: Token, lines: Sequence[Line], tree: TreeBuilder) -> None:
        self.source = token.content
        self.first = token.map[0] if token.map else 0
        self.lines = lines
        self.tree = tree
        self.tokens = iter(token.children or ())
        self.at = 0

    def line(self, position: int) -> Line:
        return self.lines[min(self.first + self.source.count("\n", 0, position), len(self.lines) - 1)]

    def place(self, position: int) -> Place:
        """Where the character at `position` of the inline text was written."""
        line = self.line(position)
        start = self.source.rfind("\n", 0, position) + 1
        end = self.source.find("\n", start)
        content = self.source[start : end if end >= 0 else len(self.source)]
        bare = content.strip()
        offset = max(line.text.rfind(bare), 0) - (len(content) - len(content.lstrip()))
        return line.place(max(offset, 0) + position - start)

    def read(self, until: str | None) -> tuple[Inline, ...]:
        made: list[Inline] = []
        for token in self.tokens:
            if token.type == until:
                break
            node = self._node(token)
            if node is not None:
                made.append(node)
        return tuple(made)

    def _node(self, token: Token) -> Inline | None:
        position = token.meta.get("pos", self.at)
        if "pos" in token.meta:
            self.at = max(self.at, position)
        match token.type:
            case "text":
                return self._text(token.content) if token.content else None
            case "softbreak":
                return Text(" ", self.place(self.at))
            case "hardbreak":
                return Break()
            case "code_inline":
                self.tree._code(token.content, self.place(position), self.line(position))
                self.at = position + len(token.content)
                return Code(token.content, self.place(position))
            case "placeholder":
                self.at = position + len(token.content)
                found = len(self.tree.names.found)
                made = self.tree.names.placeholder(token.content, self.place(position))
                self._add_via(found, position)
                return made
            case "strong_open":
                return Strong(self.read("strong_close"))
            case "em_open":
                return Emphasis(self.read("em_close"))
            case "link_open":
                return self._link(token)
            case "finding":
                meta = token.meta
                self.tree.report(
                    error(self.place(position), meta["code"], meta["message"], meta["hint"], meta["length"]),
                    self.line(position),
                )
                self.at = position + meta["length"]
        return None

    def _link(self, token: Token) -> Inline:
        position = token.meta["pos"]
        self.at = token.meta["start"]
        found = len(self.tree.names.found)
        made = self.tree.names.link(token.content, self.place(position))
        self._add_via(found, position)
        children = self.read("link_close")
        if not children:
            self.tree.report(
                error(
                    self.place(token.meta["start"]),
                    "empty-link",
                    "this link has no words.",
                    "Write what it leads to between the first brackets.",
                ),
                self.line(position),
            )
        self.at = position + len(token.content)
        return Link(made.id, children, made.place)

    def _text(self, text: str) -> Text:
        start = self.source.find(text, self.at)
        position = start if start >= 0 else self.at
        for match in _BARE_ADDRESS.finditer(text):
            address = match[0].rstrip(".,;:!?)")
            self.tree.report(
                error(
                    self.place(position + match.start()),
                    "inline-address",
                    f"the address '{address}' stands in the text.",
                    "Register it in data/links.yml under an id of its own, and write [text][that-id].",
                    len(address),
                ),
                self.line(position),
            )
        self.at = position + (len(text) if start >= 0 else 0)
        return Text(text, self.place(position))

    def _add_via(self, since: int, position: int) -> None:
        found = self.tree.names.found
        found[since:] = [replace(each, via=self.line(position).via) for each in found[since:]]
