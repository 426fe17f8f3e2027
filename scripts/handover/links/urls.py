"""The addresses to request, their wire form, and prefixes that are mapped to other servers."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from yarl import URL

from handover.model.catalog import Catalog
from handover.model.link import KEPT, MAX_URLS, PLACEHOLDER, Link, UrlPlaceholder

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_EXAMPLES = ("example", "example.com", "example.net", "example.org")
"""Names reserved for examples (RFC 2606)."""


class NoAddress(ValueError):
    """A text that is not an http or https address."""


@lru_cache(4096)
def wire(url: str) -> str:
    """The ASCII form of an address: host in IDNA, other characters percent-encoded, no default port, fragment kept.

    Raises NoAddress.
    """
    try:
        parts = urlsplit(url.strip())
        host = URL.build(scheme=parts.scheme, host=parts.hostname or "", port=parts.port).host_port_subcomponent
    except ValueError as failure:
        raise NoAddress(f"'{url}' is not an address: {failure}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NoAddress(f"'{url}' is not an http or https address")
    user = quote(parts.netloc.rpartition("@")[0], safe=KEPT)
    path, query, fragment = (quote(part, safe=KEPT) for part in (parts.path or "/", parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{user}@{host}" if user else host, path, query, fragment))


def joined(base: str, location: str) -> str:
    """The target of a `Location` in its wire form; without a fragment of its own it keeps that of `base`.

    Raises NoAddress.
    """
    try:
        # Servers that do not percent-encode a header write UTF-8 or Latin-1.
        raw = location.encode("utf-8", "surrogateescape")
        with suppress(UnicodeDecodeError):
            location = raw.decode("latin-1")
            location = raw.decode("utf-8")
        target = wire(urljoin(base, location.strip()))
    except ValueError as failure:
        raise NoAddress(str(failure)) from None
    fragment = fragment_of(base)
    return target if "#" in target or not fragment else f"{target}#{fragment}"


def without_fragment(url: str) -> str:
    """The address without its fragment."""
    return url.partition("#")[0]


def fragment_of(url: str) -> str:
    """The part after the `#`; empty without one."""
    return url.partition("#")[2]


@lru_cache(4096)
def host_of(url: str) -> str:
    """The host in lowercase."""
    return urlsplit(url).hostname or ""


def without_scheme(url: str) -> str:
    """The address as people name it: without `https://`."""
    return url.partition("://")[2]


@lru_cache(4096)
def site_of(host: str) -> str:
    """The part of a host that is registered by one owner, as in `acme.co.uk` or `acme.github.io`."""
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    return _public_suffixes().privatesuffix(host) or host


@cache
def _public_suffixes() -> "PublicSuffixList":
    # Slow to load, and seldom needed.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def is_same_site(one: str, other: str) -> bool:
    """True if two addresses belong to one owner: their hosts have the registered domain in common."""
    first, second = host_of(one), host_of(other)
    return first == second or site_of(first) == site_of(second)


@lru_cache(4096)
def path_of(url: str) -> str:
    """The path, decoded, in lowercase, without a slash or an extension such as `.php` at the end."""
    path = unquote(urlsplit(url).path).lower().rstrip("/")
    return re.sub(r"\.(?:html?|php|aspx?|jsp|do)$", "", path)


@lru_cache(4096)
def origin(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def is_root(url: str) -> bool:
    """True for the front page of a site, also that in English or for a country, as in `/de-at/`."""
    return re.fullmatch(r"(?:/(?:en|[a-z]{2}[-_][a-z]{2}))?(?:/index)?", path_of(url)) is not None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Mapped prefixes: pairs of a prefix and the one to request instead."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, texts: tuple[str, ...]) -> "Mapping":
        """From texts like `https://a.example/=http://127.0.0.1:8000/`. Raises NoAddress."""
        pairs = []
        for text in texts:
            known, sign, asked = re.sub(r"=(?=https?://)", "\n", text, count=1, flags=re.IGNORECASE).partition("\n")
            if not sign:
                raise NoAddress(f"'{text}' is not FROM=TO with two addresses that start with http:// or https://")
            pairs.append((wire(known), wire(asked)))
        return cls(tuple(sorted(pairs, key=lambda pair: -len(pair[0]))))

    def of(self, url: str) -> str | None:
        """The address to request instead of `url`, which is in its wire form; None if no prefix matches."""
        for known, asked in self.pairs:
            prefix = known.rstrip("/")
            rest = url[len(prefix) :]
            if url.startswith(prefix) and (not rest or rest[0] in "/?#" or prefix.endswith(("?", "="))):
                return asked.rstrip("/") + rest if rest[:1] == "/" else asked + rest
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """One address of one link."""

    link: Link
    url: str
    """With sample values filled in; for a path, with the base of the handbook in front."""

    @property
    def is_sample(self) -> bool:
        """True if the whole address is one placeholder, filled in by the sender of a message."""
        return bool(PLACEHOLDER.fullmatch(self.link.url))

    @property
    def is_example(self) -> bool:
        """True if it is on a domain that is reserved for examples."""
        return f".{host_of(self.url)}".endswith(tuple(f".{name}" for name in _EXAMPLES))


def addresses(catalog: Catalog) -> list[Address]:
    """Every address of the catalog that a server answers for, in the order of data/links.yml."""
    return [
        Address(link, catalog.brand.full_url(url))
        for link in catalog.links.values()
        if link.is_page
        for url in dict.fromkeys(_filled(catalog, link))
    ]


def _filled(catalog: Catalog, link: Link) -> Iterator[str]:
    parts = link.parts
    values = [_values(catalog, part, len(parts) == 1) if isinstance(part, UrlPlaceholder) else [part] for part in parts]
    return ("".join(chosen) for chosen in islice(product(*values), MAX_URLS))


def _values(catalog: Catalog, blank: UrlPlaceholder, whole: bool) -> list[str]:
    placeholder = catalog.placeholders[blank]
    if placeholder.type == "choice":
        values = [placeholder.text_of(option, blank.form, blank.capital) for option in placeholder.options]
    else:
        values = [str(placeholder.sample)]
    return values if whole else [quote(value, safe="") for value in values]
