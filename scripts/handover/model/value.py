"""What counts as a value: something that can be seen, and that is no placeholder itself; and web addresses.

`unfilled` in templates/handbook/scripts/filled.js is the same rule for the browser; tests/filled.yml holds both to it.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from typing import Literal
from urllib.parse import quote, urlsplit

from handover.model.base import Fault
from handover.model.text import CONTROL_IN_NAME

Reason = Literal["invisible", "control", "no-value", "token", "placeholder"]

Delimiters = tuple[str, str]
"""What is before and after the name in a merge token."""

OWN_TOKEN: Delimiters = ("{{", "}}")
"""The delimiters of placeholders in content."""

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's property Default_Ignorable_Code_Point, which `unicodedata` lacks."""
_FILLERS = "\u2800\ufffc\U00013441\U00013442\U0001d159"
"""Symbols without a shape: the empty Braille cell, the place of an object, blank hieroglyphs, a head of no note."""
_HIDDEN = re.compile(f"[{_IGNORABLE}{_FILLERS}]")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})

_NO_VALUES = frozenset({"undefined", "[object Object]", "NaN"})
_BRACKETS = {
    "[": "]",
    "{": "}",
    "<": ">",
    "(": ")",
    "\u00ab": "\u00bb",
    "\u2039": "\u203a",
    "\u27e8": "\u27e9",
    "\u3008": "\u3009",
    "\u300a": "\u300b",
    "\u3010": "\u3011",
    "\u3014": "\u3015",
}
_LINES = frozenset("_.Xx-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
"""What draws a line to write on, after compatibility normalization: that turns "…" into dots."""

_WORDS: dict[Reason, str] = {
    "invisible": "the value of '{name}' shows nothing",
    "control": "'{value}' has a control character, so it cannot be a value of '{name}'",
    "no-value": "'{value}' means that '{name}' has no value",
    "token": "'{value}' has a merge token, which would stay as it is in '{name}'",
    "placeholder": "'{value}' is a placeholder, not a value for '{name}'",
}


def without_hidden(text: str) -> str:
    """`text` without the characters that show nothing, except for white space."""
    text = _HIDDEN.sub("", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) not in _HIDDEN_CATEGORIES)


def unfilled(value: str, tokens: Iterable[Delimiters] = ()) -> Reason | None:
    """Why `value` is not filled in; None if it is. `tokens` are the delimiters of the platforms' merge tokens."""
    shown = without_hidden(value)
    if all(unicodedata.category(letter)[0] in "MZ" for letter in shown):
        return "invisible"
    if CONTROL_IN_NAME.search(value):
        return "control"
    shown = unicodedata.normalize("NFKC", shown).strip()
    if shown in _NO_VALUES:
        return "no-value"
    for before, after in (OWN_TOKEN, *tokens):
        if before in shown and shown.rfind(after) > shown.find(before) + len(before):
            return "token"
    if _is_in_brackets(shown) or all(letter in _LINES or letter.isspace() for letter in shown):
        return "placeholder"
    return None


def unfilled_problem(name: str, value: str, tokens: Iterable[Delimiters] = ()) -> str | None:
    """The same as a sentence without a period, for the value of the placeholder `name`."""
    reason = unfilled(value, tokens)
    return _WORDS[reason].format(name=name, value=without_hidden(value).strip()) if reason else None


def _is_in_brackets(text: str) -> bool:
    """True if the bracket at the start is closed by the last character, and not before."""
    start, end = text[0], _BRACKETS.get(text[0])
    if text[-1] != end:
        return False
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter == start) - (letter == end)
        if depth == 0:
            return index == len(text) - 1
    return True


_REFUSED = r"\s\x00-\x1f\x7f-\x9f<>\"`{}\\^|"
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9_]|[^\s\x00-\x9f])(?:[A-Za-z0-9._-]|[^\s\x00-\x9f])*)"

TYPED = re.compile(rf"https?://{_HOST}(?::[0-9]*)?(?:[/?#][^{_REFUSED}'\[\]]*)?", re.IGNORECASE)
"""The URL that a person types: stricter, as an unfilled placeholder can be inside it. Browsers use the pattern too."""

_START = re.compile(r"(https?)://([^/?#]+)", re.IGNORECASE)
_AUTHORITY = re.compile(rf"{_HOST}(?::[0-9]*)?")
_CHARACTER = re.compile(f"[{_REFUSED}\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IS_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?")
"""A host whose last label is a number, which browsers read as an IPv4 address."""


def check_characters(url: str, written: str) -> None:
    """Raises Fault for a character that URLs cannot have. `written` is the URL as the author wrote it."""
    if _CHARACTER.search(url) or without_hidden(url) != url:
        raise Fault(
            f"'{without_hidden(written)}' has a character that is not allowed in URLs",
            hint="Percent-encode it, as in %20 for a space. Write placeholders as {{ name }}.",
        )


def check_copied(url: str) -> None:
    """Raises Fault for what a URL has in it that was copied from HTML, or a % that encodes nothing."""
    entity = _ENTITY.search(url)
    if entity is not None:
        meant = unescape(entity[0])
        hint = f"Write {meant} instead." if meant == "&" else f"Write {quote(meant)} instead."
        raise Fault(f"'{entity[0]}' in a URL is a character of HTML", hint=hint)
    percent = _BARE_PERCENT.search(url)
    if percent is not None:
        shown = url[percent.start() : percent.start() + 3]
        raise Fault(f"'{shown}' in a URL encodes no character", hint="Write %25 for a percent sign.")


def check_url(url: str, written: str | None = None, hint: str = "Start it with https://.") -> None:
    """Raises Fault if `url` is not a full http or https URL.

    `written` is the URL as the author wrote it, if that differs; `hint` is the fix where it is no URL at all.
    """
    written = url if written is None else written
    start = _START.match(url)
    if start is None:
        raise Fault(f"'{without_hidden(written)}' is not an http or https URL", hint=hint)
    check_characters(url, written)
    if "@" in start[2]:
        raise Fault(f"'{written}' has a user name before the host", hint="Remove it, up to the @.")
    if not _is_authority(start[2]):
        raise Fault(f"'{written}' has an invalid host name", hint="Copy the URL from a browser.")


def _is_authority(authority: str) -> bool:
    """True for a host that browsers take, with or without a port."""
    try:
        parts = urlsplit(f"//{authority}")
        host, _ = parts.hostname or "", parts.port
        if not host.isascii():
            from yarl import URL

            host = URL.build(scheme="http", host=host).raw_host or ""
        if ":" in host or _IS_NUMERIC.fullmatch(host):
            ipaddress.ip_address(host.removesuffix("."))
    except ValueError:
        return False
    return _AUTHORITY.fullmatch(authority) is not None
