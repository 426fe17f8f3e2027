"""HTML in lines that every mail server takes, without a change to what a reader sees.

A line of a mail has at most 998 bytes (RFC 5321, 4.5.3.1.6). A sender that does not encode its lines breaks longer ones
anywhere, also in a URL.
"""

import re
from functools import lru_cache

MAX_LINE = 500
"""Bytes of a line, as UTF-8: about half, as it grows when a platform fills in tokens and tracks links."""
TOKEN = 60
"""Bytes of a token, where it is not known yet."""

_SPACE, _NAME_END, _GAP, _INSIDE = "\0\1\2\3"
"""Where a line can end: at a space; else after the name of a tag, between tags, or within words: in code behind a
space, in languages without spaces anywhere.
"""
_WHOLE = {_SPACE: " ", _NAME_END: " ", _GAP: "", _INSIDE: ""}
_BROKEN = {_SPACE: "\n", _NAME_END: "\n", _GAP: "\n", _INSIDE: "<!--\n-->"}
_CHOICES = (re.compile("(\0)"), re.compile("([\1-\3])"))

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


@lru_cache(maxsize=8)  # each platform gets the same marked text
def with_gaps(html: str) -> str:
    """The HTML with a control character wherever a line can end: `wrapped` takes them out."""
    parts: list[str] = []
    kept, depth = "", 0  # an element in which each space counts
    for match in _PIECE.finditer(html):
        piece = match[0]
        name = _TAG_NAME.match(piece)
        if name and kept == name[1]:
            depth += -1 if piece.startswith("</") else 1
            kept = kept if depth else ""
        elif name and not kept and _KEEPS_SPACES.match(piece):
            kept, depth = name[1], 1
        parts.append(_gaps_in(piece, bool(kept), parts[-1:] == ["<title>"]))
    return "".join(parts)


def _gaps_in(piece: str, keeps_spaces: bool, is_title: bool) -> str:
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

    A match of `marks` counts as a token of ordinary length.
    """
    for choice in _CHOICES:
        html = "\n".join(_wrapped(line, choice, marks) for line in html.split("\n"))
    return html


def _wrapped(line: str, choice: re.Pattern[str], marks: re.Pattern[str] | None) -> str:
    chunks = choice.split(line)
    text, length = [chunks[0]], _size(chunks[0], marks)
    for gap, chunk in zip(chunks[1::2], chunks[2::2], strict=True):
        size = _size(chunk, marks)
        is_full = length + size + len(_BROKEN[gap]) > MAX_LINE
        text += [(_BROKEN if is_full else _WHOLE)[gap], chunk]
        length = size + (len(_BROKEN[gap].rpartition("\n")[2]) if is_full else length + len(_WHOLE[gap]))
    return "".join(text)


def _size(text: str, marks: re.Pattern[str] | None) -> int:
    text, tokens = marks.subn("", text) if marks else (text, 0)  # marks have numbers, whose length means nothing
    return len(text.encode()) + TOKEN * tokens
