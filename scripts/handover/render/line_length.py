"""HTML in lines that every mail server takes, without a change to what a reader sees.

A line of a mail has at most 998 bytes (RFC 5321, 4.5.3.1.6). A sender that does not encode its lines breaks longer ones
anywhere, also in a URL.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

MAX_LINE = 500
"""Bytes of a line, as UTF-8: about half, as it grows when a platform fills in tokens and tracks links."""
TOKEN = 60
"""Bytes of a token, where it is not known yet."""

_SPACE, _NAME_END, _GAP, _INSIDE = "\0\1\2\3"
"""Where a line can end: at a space; else after the name of a tag, between tags, or within words: in code behind a
space, in languages without spaces anywhere.
"""
_FILLER = "\4"
"""Makes a mark as long as a token."""
_LINE = re.compile(rb"([^\n]{0,%d}|[^\0\n]+)[\0\n]" % MAX_LINE)
_OTHER_GAP = re.compile(rb"([\1-\3])")
_LINE_END = {b"\1": b"\n", b"\2": b"\n", b"\3": b"<!--\n-->"}
_AS_SPACE = bytes.maketrans(b"\0\1", b"  ")
_NO_GAPS = {0: " ", 1: " ", 2: None, 3: None}

_PIECE = re.compile(
    r"<!--\[if[^\]]*\]>|<!-->|<!(?:--.*?--|[^<>]*)>|<(?:style|script)\b.*?</(?:style|script)>|<[^<>]*>|[^<]+", re.DOTALL
)
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_KEEPS_SPACES = re.compile(r"<(?:pre|textarea)\b|<[^<>]*\bwhite-space\s*:\s*(?:pre|break)", re.IGNORECASE)
_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")
_ENDS_BLOCK = re.compile(r"(</(?:p|li|ul|ol|td|tr|tbody|table|h[1-6]|blockquote)|<[bh]r\b[^<>]*)>$")
_WITHOUT_SPACES = re.compile(
    "(?<=[\u3001-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef])(?=[\u3001-\u9fff\uac00-\uffef])"
)
_AFTER_SPACE = re.compile(r"(?<= )(?=\S)")
_CSS = re.compile("(?<=[;{},]) ")


def with_gaps(html: str, keeps_spaces: bool = False, is_title: bool = False) -> str:
    """The HTML with a control character wherever a line can end: `wrapped` takes them out.

    It may be a part of an element in which each space counts, or that is the title.
    """
    return "".join(gaps_in(*each) for each in pieces(html, keeps_spaces, is_title))


def without_gaps(html: str) -> str:
    """The HTML as it was before `with_gaps`."""
    return html.translate(_NO_GAPS)


def pieces(html: str, keeps_spaces: bool = False, is_title: bool = False) -> Iterator[tuple[str, bool, bool]]:
    """Each tag, comment and run of text; whether each space counts there, and whether it is the title."""
    kept, depth = ("around", 1) if keeps_spaces else ("", 0)  # an element in which each space counts
    for piece in _PIECE.findall(html):
        name, keeps_spaces = _tag(piece) if piece.startswith("<") else ("", False)
        if kept and kept == name:
            depth += -1 if piece.startswith("</") else 1
            kept = kept if depth else ""
        elif keeps_spaces and not kept:
            kept, depth = name, 1
        yield piece, bool(kept), is_title
        is_title = piece in ("<title>", "<mj-title>")


@lru_cache(maxsize=4096)
def _tag(piece: str) -> tuple[str, bool]:
    """The name of an element, empty for a comment; and whether each space in the element counts."""
    name = _TAG_NAME.match(piece)
    return (name[1] if name else "", bool(name and _KEEPS_SPACES.match(piece)))


@lru_cache(maxsize=4096)  # the tags of a layout are the same in each email
def gaps_in(piece: str, keeps_spaces: bool, is_title: bool) -> str:
    """One of the `pieces` with its gaps."""
    if piece.startswith(("<style", "<script")):
        return _CSS.sub(_SPACE, piece) if piece.startswith("<style") else piece
    if piece.startswith("<!"):
        return piece
    if piece.startswith("<"):
        parts = [part if part[0] in "\"'" else part.replace(" ", _SPACE) for part in _QUOTED.split(piece) if part]
        tag = "".join(parts).replace(_SPACE, _NAME_END, 1)
        if keeps_spaces:
            return f"{tag[:-1]}{_GAP}>"
        return f"{tag}{_GAP}" if _ENDS_BLOCK.match(piece) else tag
    if keeps_spaces:
        return _AFTER_SPACE.sub(_INSIDE, piece)
    return piece.replace(" ", _SPACE) if is_title else _WITHOUT_SPACES.sub(_INSIDE, piece.replace(" ", _SPACE))


def wrapped(html: str, marks: re.Pattern[str] | None = None) -> str:
    """HTML from `with_gaps` in lines: each ends at its last space below the limit, or where else it can.

    A match of `marks` counts as a token of ordinary length, as marks have numbers, whose length means nothing.
    """
    if marks is not None:
        html = marks.sub(lambda mark: mark[0].ljust(TOKEN, _FILLER), html)
    lines = (line if len(line) <= MAX_LINE else _broken(line) for line in _LINE.findall(f"{html}\n".encode()))
    return b"\n".join(lines).translate(_AS_SPACE, b"\2\3" + _FILLER.encode()).decode()


def _broken(line: bytes) -> bytes:
    """A line that is too long, ended at gaps that are no spaces of a text."""
    first, *rest = _OTHER_GAP.split(line)
    parts, length = [first], len(first)
    for gap, chunk in zip(rest[::2], rest[1::2], strict=True):
        end = _LINE_END[gap]
        is_full = length + len(chunk) + len(end) > MAX_LINE
        parts += [end if is_full else gap, chunk]
        length = len(chunk) + (len(end.rpartition(b"\n")[2]) if is_full else length + (gap == b"\1"))
    return b"".join(parts)
