"""What is to be asked: each link with sample values filled in, once for each option of a choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from handover.links.urls import host_of
from handover.model.catalog import Catalog
from handover.model.link import PLACEHOLDER, Blank, Link

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
        if self.is_fixed:
            return False
        host = host_of(self.url)
        return any(host == name or host.endswith(f".{name}") for name in _NEVER_REGISTERED)


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
    parts = link.parts()
    values = [_values(catalog, part, len(parts) == 1) if isinstance(part, Blank) else [part] for part in parts]
    return ("".join(chosen) for chosen in product(*values))


def _values(catalog: Catalog, blank: Blank, whole: bool) -> list[str]:
    placeholder = catalog.placeholders[blank]
    if placeholder.type == "choice":
        values = [placeholder.text_of(option, blank.form, blank.capital) for option in placeholder.options]
    else:
        values = [str(placeholder.sample)]
    return values if whole else [quote(value, safe="") for value in values]
