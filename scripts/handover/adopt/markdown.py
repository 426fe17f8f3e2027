"""Blocks to Markdown of the content language: what has a meaning there and is meant literally is escaped."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from markdownify import ASTERISK, ATX, BACKSLASH, MarkdownConverter

from handover.adopt.template import Block, Run
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
_BRACKETS = str.maketrans("[]{}", "()()")


class _Converter(MarkdownConverter):
    """Writes links by id, and escapes for the content language."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escape(text).replace("|", "\\|") if parent_tags & {"td", "th"} else escape(text)

    def convert_a(self, element: Any, text: str, parent_tags: set[str]) -> str:
        inside = text.strip().replace("\\\n", " ")
        before, after = " " * text.startswith(" "), " " * text.endswith(" ")
        return f"{before}[{inside}][{element['href']}]{after}" if inside else ""


def to_markdown(blocks: Iterable[Block], target: Target) -> str:
    """The blocks as Markdown, with `{{ id }}` in place of the marks of placeholders."""
    source = "".join(_html(block, target) for block in _numbered(blocks))
    converter = _Converter(bullets="-", heading_style=ATX, newline_style=BACKSLASH, strong_em_symbol=ASTERISK)
    text = re.sub(r"\n{3,}", "\n\n", converter.convert(source))
    return with_placeholders("\n".join(line.rstrip() for line in text.split("\n")).strip())


def line(text: str) -> str:
    """A text with marks as one line of the content language."""
    return with_placeholders(escape(" ".join(text.split())))


def escape(text: str) -> str:
    """Literal text. Brackets and braces, which readers would take for a blank, become parentheses."""
    text = _ESCAPED.sub(r"\\\g<0>", text.translate(_BRACKETS))
    text = _START.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", text)
    return text.replace(_LINE, "")


def with_placeholders(text: str) -> str:
    """The text with `{{ id }}` in place of the marks of placeholders."""
    return MARK.sub(r"{{ \1 }}", text)


def _html(block: Block, target: Target) -> str:
    if block.tag == "hr":
        return "<hr>"
    if block.tag == "quote":
        return f"<blockquote>{''.join(_html(each, target) for each in _numbered(block.items[0]))}</blockquote>"
    if block.tag == "table":
        rows = [["".join(_inline(_steady(list(cell.runs)), target)) for cell in row] for row in block.items]
        tags = ["th", *["td"] * len(rows)]
        return f"<table>{''.join(_row(row, tag) for row, tag in zip(rows, tags, strict=False))}</table>"
    if block.tag in ("ul", "ol"):
        items = (f"<li>{_item(item, target)}</li>" for item in _items(block))
        return f'<{block.tag} start="{block.start}">{"".join(items)}</{block.tag}>'
    inside = "".join(_inline(_begun(_steady(list(block.runs))), target))
    return f"<{block.tag}>{inside}</{block.tag}>" if inside.strip() else ""


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


def _row(cells: list[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def _item(item: tuple[Block, ...], target: Target) -> str:
    """A paragraph and nested lists without the tag of the paragraph, which would put empty lines between."""
    is_tight = item and item[0].tag == "p" and all(part.tag in ("ul", "ol") for part in item[1:])
    parts = [_html(part, target) for part in _numbered(item)]
    return "".join([parts[0].removeprefix("<p>").removesuffix("</p>"), *parts[1:]] if is_tight else parts)


def _items(block: Block) -> Iterator[tuple[Block, ...]]:
    """The items; text that follows a nested list, which editors would move, begins an item."""
    for item in block.items:
        start = 0
        for number, part in enumerate(item):
            if number > start and part.tag not in ("ul", "ol") and item[number - 1].tag in ("ul", "ol"):
                yield item[start:number]
                start = number
        yield item[start:]


def _inline(runs: list[Run], target: Target) -> Iterator[str]:
    for href, group in groupby(runs, key=lambda run: run.href):
        parts = list(group)
        words = "".join(run.text for run in parts).replace(_LINE, "")
        name = target(href, words) if href and words.strip() else None
        if name is None:
            yield from map(_run, parts)
        elif all(run.strong for run in parts):
            plain = "".join(_run(replace(run, strong=False)) for run in parts)
            yield f'<strong><a href="{html.escape(name)}">{plain}</a></strong>'
        else:
            yield f'<a href="{html.escape(name)}">{"".join(map(_run, parts))}</a>'


def _run(run: Run) -> str:
    text = "<br>" if run.is_break else html.escape(run.text)
    tag = "strong" if run.strong else "em" if run.em else ""
    return f"<{tag}>{text}</{tag}>" if tag and not run.is_break and text.strip() else text


def _steady(runs: list[Run]) -> list[Run]:
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


def _begun(runs: list[Run]) -> list[Run]:
    """The runs, with a mark at the start of each line."""
    starts = [number == 0 or runs[number - 1].is_break for number in range(len(runs))]
    return [
        replace(run, text=_LINE + run.text) if is_start and not run.is_break else run
        for run, is_start in zip(runs, starts, strict=True)
    ]


def _is_word(character: str) -> bool:
    """True for a letter or a digit; a mark stands for braces."""
    return bool(character) and unicodedata.category(character)[0] in "LMN"
