"""Bytes to characters: by the encoding that is declared, as mail programs and browsers understand it."""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

_OF_TEXT = re.compile(r"(?:utf|iso|ascii|cp|koi8|mac|kz|tis|gb|hz|big5|euc|shift|johab)", re.IGNORECASE)
"""How the names of encodings for texts begin; Python has others, such as `unicode_escape` and `idna`."""
_UNDERSTOOD_AS = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Encodings whose names programs write for larger ones (encoding.spec.whatwg.org, "Names and labels")."""
_WORD = r"=\?[^?]*\?[bq]\?[^?]*\?="
_ENCODED_WORDS = re.compile(rf"{_WORD}(?:\s+{_WORD})*", re.IGNORECASE)
"""Words of a header as RFC 2047 writes them; spaces between two of them are none of the text."""
MAX_HEADER = 20_000
"""Characters of a line in the head of an email; Python's parser of heads slows down with longer ones."""


def understood(declared: str) -> str:
    """The name of the encoding that a declared name stands for. Raises LookupError for one that is no text's."""
    name = codecs.lookup(declared).name
    if not _OF_TEXT.match(name):
        raise LookupError(declared)
    return _UNDERSTOOD_AS.get(name, name)


def decoded(content: bytes, declared: str = "") -> str:
    """The characters of a part of an email; where the declared encoding is wrong or unknown, those of UTF-8."""
    try:
        return content.decode(understood(declared))
    except (LookupError, ValueError):
        return content.decode("utf-8-sig", "replace")


def header(raw: str, declared: str) -> str:
    """The value of a header as Python keeps it from bytes, with its encoded words decoded.

    `declared` is the encoding of the email's text: some programs write heads in it too.
    """
    value = raw if raw.isascii() else _plain(raw.encode("utf-8", "surrogateescape"), declared)
    return _ENCODED_WORDS.sub(_words, value)


def _words(encoded: re.Match[str]) -> str:
    try:
        parts = decode_header(encoded[0])
    except HeaderParseError:
        return encoded[0]
    return "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)


def _plain(content: bytes, declared: str) -> str:
    try:
        return content.decode("utf-8")
    except ValueError:
        return decoded(content, declared)
