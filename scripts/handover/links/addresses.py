"""The addresses to request: each link with sample values filled in, once for each option of a choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from urllib.parse import quote

from handover.links.urls import host_of
from handover.model.catalog import Catalog
from handover.model.link import MAX_URLS, PLACEHOLDER, Link, UrlPlaceholder

_EXAMPLES = ("example", "example.com", "example.net", "example.org")
"""Names reserved for examples (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of one link."""

    link: Link
    url: str
    """With sample values filled in; for a path, with the base of the handbook in front."""
    base: str
    """The base that was added to a path; empty for any other link."""

    @property
    def key(self) -> str:
        """Tells it from other addresses."""
        return f"{self.link.id} {self.url}"

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
    base = str(catalog.brand.handbook_url or "").rstrip("/")
    found = []
    for link in filter(lambda link: link.is_page, catalog.links.values()):
        under = base if link.url.startswith("/") else ""
        found += [Address(link, under + url, under) for url in dict.fromkeys(_filled(catalog, link))]
    return found


def candidate(catalog: Catalog, link: Link) -> str | None:
    """The `moved_to` of a link as a full address."""
    if link.moved_to is None:
        return None
    base = str(catalog.brand.handbook_url or "").rstrip("/")
    return base + link.moved_to if link.moved_to.startswith("/") else str(link.moved_to)


def _filled(catalog: Catalog, link: Link) -> Iterator[str]:
    parts = link.parts()
    values = [_values(catalog, part, len(parts) == 1) if isinstance(part, UrlPlaceholder) else [part] for part in parts]
    return ("".join(chosen) for chosen in islice(product(*values), MAX_URLS))


def _values(catalog: Catalog, blank: UrlPlaceholder, whole: bool) -> list[str]:
    placeholder = catalog.placeholders[blank]
    if placeholder.type == "choice":
        values = [placeholder.text_of(option, blank.form, blank.capital) for option in placeholder.options]
    else:
        values = [str(placeholder.sample)]
    return values if whole else [quote(value, safe="") for value in values]
