"""The head of a mail: its lines in ASCII, folded, each display name and address in one piece.

Python's `email` of several versions loses the quotes of a display name that it folds, so that a comma in it parts
recipients (github.com/python/cpython/issues/80222).
"""

import re
from collections.abc import Iterable, Sequence
from email.header import Header
from typing import NamedTuple

_FOLD_AT = 78
"""The length from which RFC 5322 (section 2.1.1) wants a line to be folded; at most it has 998 bytes."""
_MAX_WORD = 900
"""A longer word is encoded, in pieces."""
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
"""A display name that needs no quotes (RFC 5322, section 3.2.3)."""


class Person(NamedTuple):
    """A name and an email address; the address may be empty."""

    name: str
    email: str


def text_line(name: str, text: str) -> str:
    """A header with a line of text, such as a subject, folded, with its line end."""
    words = text.split()
    return _folded(name, words if _is_plain(words) else _encoded(words, len(name) + 2))


def people_line(name: str, people: Sequence[Person]) -> str:
    """A header with the people who have an address; empty if there are none."""
    known = [[*_phrase(person.name, len(name) + 2), _address(person)] for person in people if person.email]
    for chunks in known[:-1]:
        chunks[-1] += ","
    return _folded(name, [chunk for chunks in known for chunk in chunks]) if known else ""


def _address(person: Person) -> str:
    return f"<{person.email}>" if person.name.split() else person.email


def _phrase(name: str, start: int) -> list[str]:
    """A display name in pieces, between which a line may end; a quoted one is one, as some programs misread others."""
    words = name.split()
    text = " ".join(words)
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if not _is_plain(words):
        return _encoded(words, start)
    if not words or _ATOMS.fullmatch(text):
        return words
    return [quoted] if len(quoted) <= _MAX_WORD else _encoded(words, start)


def _is_plain(words: Iterable[str]) -> bool:
    """True for words that can stand as they are, and are not taken for encoded ones."""
    return all(word.isascii() and word.isprintable() and "=?" not in word and len(word) <= _MAX_WORD for word in words)


def _encoded(words: Iterable[str], start: int) -> list[str]:
    """Encoded words (RFC 2047), with the spaces inside them; the first one fits behind `start` characters."""
    return Header(" ".join(words), "utf-8", header_name="-" * (start - 2)).encode().split()


def _folded(name: str, chunks: Iterable[str]) -> str:
    """The first chunk stands behind the name: Python reads a line end there as a space of the text."""
    lines = [f"{name}:"]
    for number, chunk in enumerate(chunks):
        if number and len(lines[-1]) + 1 + len(chunk) > _FOLD_AT:
            lines.append("")
        lines[-1] += f" {chunk}"
    return "\r\n".join(lines) + "\r\n"
