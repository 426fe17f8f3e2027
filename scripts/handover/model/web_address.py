"""Web addresses: http or https, a host, and no user name before it."""

import ipaddress
import re
from html import unescape
from urllib.parse import quote, urlsplit

from handover.model.base import Fault
from handover.model.filled import without_hidden

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
