"""`data/links.yml`: every URL, once; `data/link-check.yml`: how the link check judges the pages."""

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self
from urllib.parse import quote, unquote

from pydantic import Field, field_validator

from handover.model.base import Fault, Model
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Language, Located, Reference
from handover.model.pattern import TokenPlace
from handover.model.placeholder import is_email_address
from handover.model.value import check_characters, check_copied, check_url

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s.]+)(?:\.([^{}\s.]+))?\s*\}\}")

KEPT = "!#$%&'()*+,/:;=?@[]~"
"""Characters that stay as they are, besides letters and digits; `%` too, so that nothing is encoded twice."""
_HOST = re.compile(r"(https?://(?:[^/?#@]*@)?)([^/?#:@]+)")

_PHONE = re.compile(r"\+?[0-9](?:[().-]*[0-9])+(?:;[A-Za-z0-9-]+(?:=[A-Za-z0-9.+-]+)?)*")
"""A number with separators and parameters (RFC 3966)."""

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
    """A placeholder in a URL; for a choice also its form, and the language in which that is capitalized."""

    form: str | None = None
    capital: Language | None = None

    @classmethod
    def of(cls, name: str, form: str | None, place: Place) -> "UrlPlaceholder":
        """`{{ name.Form }}`, or `{{ name }}` with `form` None."""
        placeholder = cls(name, place)
        placeholder.form = form[:1].lower() + form[1:] if form else None
        placeholder.capital = Language("en") if (form or "")[:1].isupper() else None
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
    """A link: one URL, which can be an email address or a phone number."""

    id: Id
    """The id that content uses: `[text][link-id]`."""
    title: Located
    """The name of the page that it leads to."""
    url: Located
    """The URL: `https://…`, `mailto:…`, `tel:…`, or a path below `handbook_url` of data/brand.yml. It may have
    placeholders."""
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
        check_copied(plain)
        if url is not None and _is_contact(url):
            _check_contact(url)
            check_characters(plain, url)
        elif re.match(r"/(?!/)", plain):
            check_characters(plain, str(url))
        elif url is not None and not PLACEHOLDER.fullmatch(url):
            check_url(plain, url, "Start it with https://, mailto:, tel: or, for a page of the handbook, with /.")
        return url

    @property
    def is_page(self) -> bool:
        """False for an email address or a phone number, which no link check requests."""
        return not _is_contact(self.url)

    def recipients(self) -> list[str]:
        """The ids of the placeholders that are recipients of a `mailto:` URL."""
        return [] if self.is_page else [match[1] for match in PLACEHOLDER.finditer(self.url.partition("?")[0])]

    @cached_property
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
        return [part for part in self.parts if isinstance(part, UrlPlaceholder)]

    def token_places(self, name: UrlPlaceholder) -> tuple[TokenPlace, ...]:
        """Where a platform writes the token of a placeholder in the URL."""
        is_whole = len(self.parts) == 1 or name in self.recipients()
        return ("attribute", "text") if is_whole else ("address",)


def _is_contact(url: str) -> bool:
    return url.lower().startswith(("mailto:", "tel:"))


def _check_contact(url: str) -> None:
    """Raises Fault for an email address (RFC 6068) or a phone number (RFC 3966) that is not one."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() == "tel":
        if not _PHONE.fullmatch(rest):
            raise Fault(f"'{rest}' is not a phone number", hint="Write digits, as in tel:+15551234567.")
        return
    recipients, _, fields = rest.partition("?")
    for recipient in recipients.split(",") if recipients or not fields else ():
        address = unquote(recipient)
        if not PLACEHOLDER.fullmatch(address) and not is_email_address(address):
            raise Fault(f"'{address}' is not an email address", hint="Write it as in mailto:name@host.example.")


def in_ascii(address: str) -> str:
    """Return a URL, or a part of one, in ASCII: the host in IDNA, the rest percent-encoded.

    Raises ValueError if the host is invalid.
    """
    if address.isascii():
        return address
    from yarl import URL

    host = _HOST.match(address)
    start = host[1] + str(URL.build(scheme="http", host=host[2]).raw_host) if host else ""
    return start + quote(address[host.end() if host else 0 :], safe=KEPT)


class Oembed(Model):
    """An address that answers whether a page exists, for a site that shows the same page for all."""

    pages: Located
    """The pages, as in `www.youtube.com/watch*`."""
    endpoint: Located
    """The address to request, up to the parameter that the page's address follows: `https://…/oembed?url=`."""


class LinkRules(Model):
    """Patterns, added to the built-in ones. In each `*` matches any characters, and case does not count."""

    login_hosts: tuple[Located, ...] = ()
    """Hosts that only log people in, as in `login.example.com` or `*.example.com`."""
    login_paths: tuple[Located, ...] = ()
    """Paths of login pages on any host, without a slash at the end, as in `*/login`."""
    login_titles: tuple[Located, ...] = ()
    """Titles and headings, without punctuation, of a page with a password field that is a login."""
    not_found: tuple[Located, ...] = ()
    """Titles and headings of a missing page, without punctuation; with a `!` in front, of a page about such pages."""
    anchor_prefixes: tuple[Located, ...] = ()
    """Prefixes that a site adds to the ids in its pages, and that its script does without."""
    scripted_anchors: tuple[Located, ...] = ()
    """Addresses with anchors that a script adds to the page, without `https://`, as in `github.com/*/blob/*#*`."""
    bot_walls: tuple[Located, ...] = ()
    """Marks of a page that keeps programs out: title, headers (`name: value`), or the HTML of a short page."""
    parked: tuple[Located, ...] = ()
    """Marks of a domain that is parked or for sale: as `bot_walls`, or the address it leads to, without `https://`."""
    closed: tuple[Located, ...] = ()
    """Marks of a form that takes no more answers: as `parked`."""
    private_hosts: tuple[Located, ...] = ()
    """Hosts that answer 404 to strangers for what is private, in folders two levels deep, as in `github.com`."""
    volatile_parameters: tuple[Located, ...] = ()
    """Names of parameters that differ from visit to visit or from reader to reader, as in `sessionid`."""
    oembed: tuple[Oembed, ...] = ()
    """Sites that show the same page for all, with the address that tells."""
    well_known: tuple[Located, ...] = ()
    """Addresses that always answer: requested if no link does, to see whether this machine is online."""

    def merged_with(self, other: "LinkRules") -> Self:
        """Return these rules and the others, as one object."""
        return self.model_copy(
            update={name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )
