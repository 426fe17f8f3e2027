"""Blocks to Markdown of the content language: what has a meaning there and is meant literally is escaped."""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from handover.adopt.blocks import Block, Run
from handover.adopt.tokens import MARK

Target = Callable[[str, str], str | None]
"""From the URL and the text of a link to its id; None if the text is to stand alone."""

_ESCAPED = re.compile(
    r"[\\`*~^<]|(?<![^\W_])(?<!\ue001)_|_(?![^\W_\ue000])|&(?=#?\w{1,31};|(?:nbsp|amp|lt|gt|quot)\b)|(?<==)=|=(?==)|(?<=\+)\+|\+(?=\+)"
    r"|(?<![\w:/]):(?=[a-z+][a-z0-9_+-]*:)|(?<=http):(?=//)"
    r"|(?<=https):(?=//)|(?<=\bwww)\.|(?<=:):|:(?=:)|\|(?=[ \t]*:?-)",
    re.IGNORECASE,
)
_LINE = "\ue002"
"""At the start of a line, where some characters would begin a block."""
_START = re.compile(
    rf"{_LINE}(\s*)(?:(#+|[-+>=:](?=[-+>=:\s]|$)|!(?=!!)|\?(?=\?\?))|(\d{{1,9}})([.)])(?=\s|$))", re.MULTILINE
)
_IN_PLAIN_TEXT = (
    (re.compile(r"!?\[([^\[\]\n]+)\](?:\([^()\s]*\)|\[[^\[\]\s]*\])"), r"\1"),
    (re.compile(r"(?<![*_])(\*{2,3}|_{2,3})(?=[^\s*_])([^*_\n]+)(?<=\S)\1(?![*_])"), r"\2"),
    (re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]*[^\s*_])\1(?![\w*_])"), r"\2"),
    (re.compile(r"(`|~~?|==|\+\+|\^|\|\||%%|\$\$|'{3})(?=\S)((?:(?!\1).)+)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w:/]):[a-z+][a-z0-9_+-]*:(?![\w:/])"), ""),
    (re.compile(r"\\(?=[*_#>~`\[\]])"), ""),
)
"""Marks of Markdown and other dialects, and what stays of them: links, bold, italics, code and the like, emoji."""
_ENTITY = re.compile(r"&(?:#?\w{2,8};|(?:nbsp|amp|lt|gt|quot)\b)")
_BRACKETS = str.maketrans("[]{}", "()()")
_LISTS = ("ul", "ol")


def to_markdown(blocks: Iterable[Block], target: Target) -> str:
    """The blocks as Markdown, with `{{ id }}` in place of the marks of placeholders."""
    return with_placeholders("\n".join(line.rstrip() for line in _Writer(target).lines(blocks)).strip())


def line(text: str) -> str:
    """A text with marks of placeholders as one line of plain text, without brackets: a subject, a preheader."""
    return with_placeholders(plain(text.translate(_BRACKETS)))


def plain(text: str) -> str:
    """One line of plain text: the words of what has marks of Markdown."""
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    for pattern, words in _IN_PLAIN_TEXT:
        text = pattern.sub(words, text)
    return " ".join(text.split())


def escape(text: str) -> str:
    """Literal text. Brackets and braces, which readers would take for a blank, become parentheses."""
    text = _ESCAPED.sub(r"\\\g<0>", text.translate(_BRACKETS))
    text = _START.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", text)
    return text.replace(_LINE, "")


def with_placeholders(text: str) -> str:
    """The text with `{{ id }}` in place of the marks of placeholders."""
    return MARK.sub(r"{{ \1 }}", text)


@dataclass(frozen=True, slots=True)
class _Writer:
    target: Target

    def lines(self, blocks: Iterable[Block], tight_after: Collection[str] = ()) -> list[str]:
        """The lines of the blocks, an empty one between two, but none between one of these tags and a list."""
        lines: list[str] = []
        before = ""
        for block in _numbered(blocks):
            own = self._block(block)
            is_tight = block.tag in _LISTS and before in tight_after
            lines += ["", *own] if lines and own and not is_tight else own
            before = block.tag
        return lines

    def _block(self, block: Block) -> list[str]:
        if block.tag == "hr":
            return ["---"]
        if block.tag == "quote":
            return [f"> {line}" for line in self.lines(block.items[0])]
        if block.tag == "table":
            head, *rows = [f"| {' | '.join(map(self._cell, row))} |" for row in block.items]
            return [head, f"|{' --- |' * len(block.items[0])}", *rows]
        if block.tag in _LISTS:
            return [line for number, item in enumerate(_items(block)) for line in self._item(block, number, item)]
        mark = "" if block.tag == "p" else f"{'#' * int(block.tag[1])} "
        return [mark + line for line in self._inline(_begun(_steady(block.runs))).strip(" \n").splitlines()]

    def _item(self, block: Block, number: int, item: tuple[Block, ...]) -> list[str]:
        is_tight = item[0].tag == "p" and all(part.tag in _LISTS for part in item[1:])
        bullet = f"{block.start + number}. " if block.tag == "ol" else "- "
        lines = self.lines(item, ("p", *_LISTS) if is_tight else _LISTS)
        return [(" " * len(bullet) if at else bullet) + line for at, line in enumerate(lines)]

    def _cell(self, cell: Block) -> str:
        return self._inline(_steady(cell.runs)).strip().replace("|", "\\|").replace("\n", " ")

    def _inline(self, runs: Iterable[Run]) -> str:
        text = ""
        for href, group in groupby(_merged(runs), key=lambda run: run.href):
            parts = list(group)
            words = "".join(run.text for run in parts).replace(_LINE, "")
            name = self.target(href, words) if href and words.strip() else None
            is_strong = name is not None and all(run.strong for run in parts)
            inside = "".join(_run(replace(run, strong=run.strong and not is_strong)) for run in parts)
            if name is not None:
                inside = _around(inside.replace("\\\n", " "), "[", f"][{name}]")
            text += _around(inside, "**", "**") if is_strong else inside
        return re.sub(" {2,}", " ", text)


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs, neighbors of one look as one."""
    for look, group in groupby(runs, key=lambda run: run if run.is_break else replace(run, text="")):
        yield replace(look, text="".join(run.text for run in group))


def _run(run: Run) -> str:
    mark = "**" if run.strong else "*" if run.em else ""
    return "\\\n" * len(run.text) if run.is_break else _around(escape(run.text), mark, mark)


def _around(text: str, start: str, end: str) -> str:
    """The text between two marks; spaces at its ends stay outside."""
    bare = text.strip()
    return text.replace(bare, f"{start}{bare}{end}", 1) if bare else text


def _numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; a single item with a number that continues no list is a paragraph that begins with it."""
    following = 1
    for block in blocks:
        if block.tag == "ol" and len(block.items) == 1 and block.start not in (1, following):
            first, *others = block.items[0]
            yield replace(first, runs=(Run(f"{block.start}. "), *first.runs))
            yield from others
            continue
        following = block.start + len(block.items) if block.tag == "ol" else following
        yield block


def _items(block: Block) -> Iterator[tuple[Block, ...]]:
    """The items; text that follows a nested list, which editors would move, begins an item."""
    for item in block.items:
        start = 0
        for number, part in enumerate(item):
            if number > start and part.tag not in ("ul", "ol") and item[number - 1].tag in ("ul", "ol"):
                yield item[start:number]
                start = number
        yield item[start:]


def _steady(runs: Sequence[Run]) -> list[Run]:
    """The runs with bold and italics only where CommonMark lets a mark begin and end between these characters."""
    steady: list[Run] = []
    for number, run in enumerate(runs):
        text = run.text.strip()
        if (run.strong or run.em) and text:
            before = (steady[-1].text if steady else " ")[-1:]
            after = (runs[number + 1].text if number + 1 < len(runs) else " ")[:1]
            opens = not _is_word(before) or _is_word(run.text[0]) or run.text[0].isspace()
            closes = not _is_word(after) or _is_word(run.text[-1]) or run.text[-1].isspace()
            if not (opens and closes and re.search(r"\w|\ue000", text)):
                run = replace(run, strong=False, em=False)
        steady.append(run)
    return steady


def _begun(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs, with a mark at the start of each line."""
    for number, run in enumerate(runs):
        is_start = not run.is_break and (number == 0 or runs[number - 1].is_break)
        yield replace(run, text=_LINE + run.text) if is_start else run


def _is_word(character: str) -> bool:
    """True for a letter or a digit; a mark stands for braces."""
    return bool(character) and unicodedata.category(character)[0] in "LMN"
