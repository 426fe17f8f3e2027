"""Changed lines of text for a terminal and in Markdown; nothing in them becomes markup or a command."""

import html
import re
from collections.abc import Sequence
from itertools import groupby

import click

from handover.model.report import Line, Piece
from handover.model.text import visible

WIDTH = 96
"""Columns of text in Markdown; `pre` does not wrap."""

_TAGS = {"gone": "del", "new": "ins"}


def marked(line: Line, color: bool) -> str:
    """A line with its changes marked: removed text in `[-…-]`, added text in `{+…+}`."""
    pieces = []
    for kind, text in line:
        text = visible(text)
        shown = {"same": text, "gone": f"[-{text}-]", "new": f"{{+{text}+}}"}[kind]
        tint = {"same": None, "gone": "red", "new": "green"}[kind]
        pieces.append(click.style(shown, fg=tint) if color and tint else shown)
    return "".join(pieces)


def code(text: str) -> str:
    """The text as HTML code: mentions and references in it are not linked."""
    return "<code>" + "".join(c if c.isalnum() or c in "/-. ()" else f"&#{ord(c)};" for c in visible(text)) + "</code>"


def wrapped(line: Line) -> str:
    """A line in HTML, wrapped between words. Inside `pre` only the tags from here are markup."""
    rows: list[list[Piece]] = [[]]
    column = 0
    word: list[Piece] = []
    for kind, text in (*line, ("same", "\n")):
        for part in re.findall(r"\s+|\S+", text):
            word.append((kind, part))
            if part.isspace():
                length = sum(len(each) for _, each in word)
                if column and column + length > WIDTH:
                    rows.append([])
                    column = 0
                rows[-1] += word
                column += length
                word = []
    return "\n".join(_row(row).rstrip() for row in rows)


def _row(pieces: Sequence[Piece]) -> str:
    row = ""
    for kind, words in groupby(pieces, key=lambda piece: piece[0]):
        text = html.escape(visible("".join(word for _, word in words).rstrip("\n")), quote=False)
        row += text if kind == "same" else f"<{_TAGS[kind]}>{text}</{_TAGS[kind]}>"
    return row
