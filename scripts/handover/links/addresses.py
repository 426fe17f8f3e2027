"""What is to be asked: each link with sample values filled in, once for each option of a choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from handover.links.urls import NoAddress, host_of, wire
from handover.model.catalog import Catalog
from handover.model.link import PLACEHOLDER, Link

_NEVER_REGISTERED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
"""Names that are kept free for examples (RFC 2606, RFC 6761): no name server knows them."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of one link."""

    link: Link
    url: str
    """As it is written, sample values filled in, below the base of the handbook if it is a path."""
    base: str
    """What was put before a link that is a path; empty for any other."""

    @property
    def is_sample(self) -> bool:
        """True if the whole address is a blank: whoever sends a message fills in an address of their own."""
        return bool(PLACEHOLDER.fullmatch(self.link.url))

    @property
    def is_fixed(self) -> bool:
        """True if nothing in it is filled in."""
        return not PLACEHOLDER.search(self.link.url)

    @property
    def is_invented(self) -> bool:
        """True if a sample is of a name that nobody can register."""
        try:
            host = host_of(wire(self.url))
        except NoAddress:
            return False
        return not self.is_fixed and any(host == name or host.endswith(f".{name}") for name in _NEVER_REGISTERED)


def addresses(catalog: Catalog) -> list[Address]:
    """Every address of the catalog, in the order of data/links.yml."""
    base = str(catalog.brand.handbook_url or "").rstrip("/")
    made = []
    for link in catalog.links.values():
        under = base if link.url.startswith("/") else ""
        made += [Address(link, under + url, under) for url in dict.fromkeys(_filled(catalog, link))]
    return made


def candidate(catalog: Catalog, link: Link) -> str | None:
    """The newer address that a link names, as a whole address."""
    if link.moved_to is None:
        return None
    base = str(catalog.brand.handbook_url or "").rstrip("/")
    return base + link.moved_to if link.moved_to.startswith("/") else str(link.moved_to)


def _filled(catalog: Catalog, link: Link) -> Iterator[str]:
    matches = list(PLACEHOLDER.finditer(link.url))
    whole = len(matches) == 1 and matches[0].span() == (0, len(link.url))
    values = [_values(catalog, match[1], match[2]) for match in matches]
    for chosen in product(*values):
        url, end = "", 0
        for match, value in zip(matches, chosen, strict=True):
            url += link.url[end : match.start()] + (value if whole else quote(value, safe=""))
            end = match.end()
        yield url + link.url[end:]


def _values(catalog: Catalog, name: str, form: str | None) -> list[str]:
    placeholder = catalog.placeholders[name]
    if placeholder.type != "choice":
        return [str(placeholder.sample)]
    wanted = (form or "")[:1].lower() + (form or "")[1:]
    capital = wanted != (form or "")
    return [
        placeholder.text_of(option, wanted or next(iter(placeholder.forms)), capital) for option in placeholder.options
    ]
