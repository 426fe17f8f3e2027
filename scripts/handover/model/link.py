"""`data/links.yml`: every address, once."""

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from handover.model.base import Fault, Model
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Located, Reference

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s.]+)(?:\.([^{}\s.]+))?\s*\}\}")

_KEPT = "!#$%&'()*+,/:;=?@[]~"
"""Besides letters and digits, what stays as it is; a `%` too: what is encoded already is not encoded again."""
_HOST = re.compile(r"(https?://(?:[^/?#@]*@)?)([^/?#:@]+)")

Audience = Literal["everyone", "team"]

LinkClass = Literal[
    "ok",
    "moved",
    "redirected",
    "login",
    "unexpected-login",
    "gone",
    "soft-404",
    "blocked",
    "busy",
    "dns",
    "tls",
    "anchor-missing",
]
"""What the link check can find out about an address."""


class Blank(Reference):
    """A placeholder in an address; of a choice the form that is asked for, and whether with a capital."""

    form: str | None = None
    capital: bool = False

    @classmethod
    def of(cls, name: str, form: str | None, place: Place) -> "Blank":
        """`{{ name.Form }}`, or `{{ name }}` with `form` None."""
        made = cls(name, place)
        made.form = form[:1].lower() + form[1:] if form else None
        made.capital = (form or "")[:1].isupper()
        return made


class Expectation(Model):
    """A verdict of the link check that is known and accepted for a while."""

    class_: Annotated[LinkClass, Field(alias="class")]
    """The class that the link check is expected to give, for example `blocked`."""
    reason: Located
    """Why that is accepted."""
    until: Day
    """The last day on which it is accepted."""

    def is_over(self, today: date) -> bool:
        """True if the last day was before `today`."""
        return today > self.until


class Link(Model):
    """One address."""

    id: Id
    """The name that content uses: `[text][link-id]`."""
    title: Located
    """What is behind the address, as people call it."""
    url: Located
    """The address: `https://…`, a path below `handbook_url` of data/brand.yml, or one with a placeholder in it."""
    audience: Audience
    """Who can open it. A link for the team never goes into a message."""
    login: Located | None = None
    """The system whose login a team link is behind."""
    owner: Located | None = None
    """Who keeps the address right; the playbook's owner if nobody is named."""
    moved_to: Located | None = None
    """A newer address that has been seen but not yet confirmed by the link check."""
    note: Located | None = None
    """Anything that the next person should know."""
    expect: Expectation | None = None
    """An exception from the link check, with a reason and an end."""

    @field_validator("url")
    @classmethod
    def _sound(cls, url: Located) -> Located:
        plain = PLACEHOLDER.sub("x", url)
        if not PLACEHOLDER.fullmatch(url) and not re.match(r"https?://[^/\s?#]|/(?!/)", plain):
            raise Fault(
                f"'{url}' is not an address",
                hint="It has to start with https:// or, for a page of the handbook, with /.",
            )
        if re.search(r"[\s<>\"`{}\\^|]", plain):
            raise Fault(
                f"'{url}' has a character that no address may have",
                hint="Write it percent-encoded, a space for example as %20; a placeholder is {{ name }}.",
            )
        try:
            in_ascii(plain)
        except ValueError:
            raise Fault(f"'{url}' has a host that cannot be one", hint="Copy the address from a browser.") from None
        return url

    def parts(self) -> list[str | Blank]:
        """The address in pieces: text, and the ids of the placeholders in it."""
        pieces: list[str | Blank] = []
        end = 0
        for match in PLACEHOLDER.finditer(self.url):
            pieces.append(self.url[end : match.start()])
            place = self.url.at(match[1], self.url[: match.start(1)].count(match[1]))
            pieces.append(Blank.of(match[1], match[2], place))
            end = match.end()
        pieces.append(self.url[end:])
        return [piece for piece in pieces if piece]


def in_ascii(address: str) -> str:
    """An address, or a part of one, as every mail program takes it: the host in IDNA, the rest percent-encoded.

    Raises ValueError for a host that cannot be one.
    """
    if address.isascii():
        return address
    from yarl import URL

    host = _HOST.match(address)
    start = host[1] + str(URL.build(scheme="http", host=host[2]).raw_host) if host else ""
    return start + quote(address[host.end() if host else 0 :], safe=_KEPT)
