"""`data/links.yml`: every URL, once."""

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from handover.model.base import Model
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Located, Reference
from handover.model.web_address import check_characters, check_url

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s.]+)(?:\.([^{}\s.]+))?\s*\}\}")

_KEPT = "!#$%&'()*+,/:;=?@[]~"
"""Characters that stay as they are, besides letters and digits; `%` too, so that nothing is encoded twice."""
_HOST = re.compile(r"(https?://(?:[^/?#@]*@)?)([^/?#:@]+)")

MAX_URLS = 100
"""URLs that the choices in one link may make."""

Audience = Literal["everyone", "team"]

LinkClass = Literal[
    "ok",
    "moved",
    "redirected",
    "changed",
    "login",
    "unexpected-login",
    "gone",
    "soft-404",
    "blocked",
    "busy",
    "unknown",
    "dns",
    "tls",
    "anchor-missing",
]
"""The results that the link check can have for a URL."""


class UrlPlaceholder(Reference):
    """A placeholder in a URL; for a choice also its form, and whether that is capitalized."""

    form: str | None = None
    capital: bool = False

    @classmethod
    def of(cls, name: str, form: str | None, place: Place) -> "UrlPlaceholder":
        """`{{ name.Form }}`, or `{{ name }}` with `form` None."""
        placeholder = cls(name, place)
        placeholder.form = form[:1].lower() + form[1:] if form else None
        placeholder.capital = (form or "")[:1].isupper()
        return placeholder


class Expectation(Model):
    """A result of the link check that is accepted until a certain day."""

    class_: Annotated[LinkClass, Field(alias="class")]
    """The result to expect, for example `blocked`."""
    reason: Located
    """Why it is accepted."""
    until: Day
    """The last day on which it is accepted."""

    def is_over(self, today: date) -> bool:
        """True if the last day was before `today`."""
        return today > self.until


class Link(Model):
    """A link: one URL."""

    id: Id
    """The id that content uses: `[text][link-id]`."""
    title: Located
    """The name of the page that it leads to."""
    url: Located
    """The URL: `https://…`, or a path below `handbook_url` of data/brand.yml; it may have placeholders."""
    audience: Audience
    """Who can open it. Links for the team are not allowed in emails."""
    login: Located | None = None
    """The system that you log in to, for a team link."""
    owner: Located | None = None
    """The owner of the link; by default the playbook's owner."""
    moved_to: Located | None = None
    """A newer URL that the link check has yet to confirm."""
    note: Located | None = None
    """Anything that other authors should know."""
    expect: Expectation | None = None
    """An exception from the link check, with a reason and a last day."""

    @field_validator("url", "moved_to")
    @classmethod
    def _valid_url(cls, url: Located | None) -> Located | None:
        plain = PLACEHOLDER.sub("x", url or "")
        if re.match(r"/(?!/)", plain):
            check_characters(plain, str(url))
        elif url is not None and not PLACEHOLDER.fullmatch(url):
            check_url(plain, url, "Start it with https:// or, for a page of the handbook, with /.")
        return url

    def parts(self) -> list[str | UrlPlaceholder]:
        """The URL split into text and placeholders."""
        pieces: list[str | UrlPlaceholder] = []
        end = 0
        for match in PLACEHOLDER.finditer(self.url):
            pieces.append(self.url[end : match.start()])
            place = self.url.at(match[1], self.url[: match.start(1)].count(match[1]))
            pieces.append(UrlPlaceholder.of(match[1], match[2], place))
            end = match.end()
        pieces.append(self.url[end:])
        return [piece for piece in pieces if piece]

    def placeholders(self) -> list[UrlPlaceholder]:
        """The placeholders in the URL."""
        return [part for part in self.parts() if isinstance(part, UrlPlaceholder)]


def in_ascii(address: str) -> str:
    """Return a URL, or a part of one, in ASCII: the host in IDNA, the rest percent-encoded.

    Raises ValueError if the host is invalid.
    """
    if address.isascii():
        return address
    from yarl import URL

    host = _HOST.match(address)
    start = host[1] + str(URL.build(scheme="http", host=host[2]).raw_host) if host else ""
    return start + quote(address[host.end() if host else 0 :], safe=_KEPT)
