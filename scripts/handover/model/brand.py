"""`data/brand.yml`: the company's name, colors, sender and postal address, and the email clients to support."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, HttpUrl, StrictInt, field_validator

from handover.model.base import Fault, Model
from handover.model.located import Language, Located
from handover.model.placeholder import MAX_EMAIL, PATTERNS
from handover.model.spelling import guess
from handover.model.value import check_url


@dataclass(frozen=True, slots=True, eq=False)
class MailClients:
    """The email clients by id, as in `gmail.ios`, and the features that some of them lack."""

    names: Mapping[str, str] = field(default_factory=dict)
    """The display name of each client, by its id."""
    lacked_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The ids of the clients that lack a feature, by Can I email's name of it, as in `css-border-radius`."""

    def ids(self) -> set[str]:
        """The ids that data/brand.yml accepts: of clients and of families, as in `gmail`."""
        return {*self.names, *(_family(client) for client in self.names)}

    def lacking(self, feature: str, chosen: Iterable[str]) -> list[str]:
        """The names of the chosen clients that lack a feature; the family's name if all its chosen clients do."""
        without = self.lacked_by.get(feature)
        if not without:
            return []
        wanted = {*chosen}
        families: dict[str, list[str]] = {}
        for client in self.names:
            if {client, _family(client)} & wanted:
                families.setdefault(_family(client), []).append(client)
        names = []
        for clients in families.values():
            lacking = [self.names[client] for client in clients if client in without]
            all_of_several = len(lacking) == len(clients) > 1
            names += [lacking[0].partition(" (")[0]] if all_of_several else lacking
        return names


def _family(client: str) -> str:
    return client.partition(".")[0]


class Colour(Located):
    """Six hexadecimal digits: some email clients do not support three."""

    FORMAT = "color"
    CURE = 'Write # and six hexadecimal digits, in quotes: "#5a31b8".'
    LIMITS = {"pattern": "^#[0-9a-fA-F]{6}$"}
    """`#rrggbb`."""


class MailAddress(Located):
    """`name@host`."""

    FORMAT = "email"
    CURE = "Write name@host.example, without umlauts or accents."
    LIMITS = {"pattern": f"^{PATTERNS['email'].pattern}$", "max_length": MAX_EMAIL}
    """Enough to catch a typo; only a mail server knows whether the address exists."""


class Palette(Model):
    """The colors of one mode. Text must reach a contrast of 4.5:1 on its background."""

    background: Colour
    """The background of the page."""
    surface: Colour
    """The background of cards and of letters."""
    text: Colour
    """Text on background and surface."""
    muted: Colour
    """Secondary text, as in the footer."""
    accent: Colour
    """Links on background and surface."""
    button: Colour
    """The background of buttons."""
    button_text: Colour
    """Text on buttons."""
    line: Colour
    """Rules and borders; never text."""


class Colours(Model):
    """The colors of both modes."""

    light: Palette
    """Light mode, also used where a program has no modes."""
    dark: Palette
    """Dark mode."""


class Logo(Model):
    """The company's logo; without it, the name appears as text."""

    src: Located
    """The https URL of the image, on the company's own server."""
    alt: Located
    """The alternative text of the image."""
    width: Annotated[StrictInt, Field(gt=0, le=600)]
    """Its width in pixels."""
    height: Annotated[StrictInt, Field(gt=0, le=400)]
    """Its height in pixels."""

    @field_validator("src")
    @classmethod
    def _web_address(cls, url: Located) -> Located:
        check_url(url)
        return url


class FootWords(Model):
    """The link texts in the footer of marketing emails, in one language."""

    unsubscribe: Located
    """The link to unsubscribe."""
    view_online: Located
    """The link to the email as a web page."""
    preferences: Located
    """The link to the email preferences."""


ENGLISH = FootWords(
    unsubscribe=Located("Unsubscribe from these emails"),
    view_online=Located("View this email in your browser"),
    preferences=Located("Choose which emails you get"),
)
"""The link texts in English, where the brand has no others."""


class Sender(Model):
    """A sender of emails."""

    name: Located
    """The name in From."""
    email: MailAddress
    """The email address in From, as previews show it."""


class Webmail(Model):
    """The email program in the browser in which people write."""

    label: Located
    """Its name, on the button that opens it."""
    compose_url: Located
    """The https URL that opens a new email, with `<to>`, `<subject>` and, if it can have them, `<cc>` and `<bcc>`."""

    @field_validator("compose_url")
    @classmethod
    def _pattern(cls, pattern: Located) -> Located:
        places = re.findall(r"<([^<>]*)>", pattern)
        unknown = next((place for place in places if place not in _MAIL_PLACES), None)
        if unknown is not None:
            near = guess(unknown, _MAIL_PLACES, "There are")
            raise Fault(f"<{unknown}> is not a part of an email's head", hint=near)
        missing = next((place for place in ("to", "subject") if place not in places), None)
        if missing:
            raise Fault(f"'{pattern}' lacks <{missing}>", hint=f"Write <{missing}> where it belongs.")
        check_url(re.sub(r"<[^<>]*>", "x", pattern), str(pattern))
        if not pattern.startswith("https://"):
            raise Fault(f"'{pattern}' is not an https URL", hint="Start it with https://.")
        return pattern


_MAIL_PLACES = ("to", "cc", "bcc", "subject")


class Brand(Model):
    """The company that sends the emails."""

    name: Located
    """The company's name, as customers know it."""
    site_name: Located
    """The name of the handbook site."""
    site_url: HttpUrl | None = None
    """The URL of the published site, if there is one."""
    handbook_url: HttpUrl | None = None
    """The base URL of links that are only a path."""
    repo_url: HttpUrl | None = None
    """The URL of the sources' folder in the repository, to edit or to read, as in
    `https://code.example.com/handover/edit/main`. A file's path and `#L<line>` are added: links to edit pages need it.
    """
    user_agent: Located | None = None
    """The user agent of the link check; by default the names of company and site, and a URL."""
    language: Language = Language("en")
    """The language of emails that name no other, and of prose. The handbook's own labels are always English."""
    font: Located = Located("Arial, Helvetica, sans-serif")
    """System fonts for emails, in order of preference."""
    colours: Colours
    """The colors of emails and site."""
    clients: tuple[Located, ...] = (Located("apple-mail"), Located("gmail"), Located("outlook"))
    """The email clients that emails must work in: a family like `gmail`, or one member like `outlook.windows`."""
    logo: Logo | None = None
    """The logo in emails; without it, the name appears as text."""
    site_logo: Located | None = None
    """The logo in the header of the site, a picture in `content/pictures`; by default a mark in the brand's colors."""
    favicon: Located | None = None
    """The icon of the site in browser tabs, a square picture in `content/pictures`; by default that mark."""
    sender: Sender
    """The sender of emails that no person signs."""
    webmail: Webmail | None = None
    """Where people write emails in the browser: the page of an email opens it, with the email to paste."""
    postal_address: Annotated[tuple[Located, ...], Field(min_length=1)]
    """The postal address, one entry per line. Marketing emails must include it."""
    foot_words: dict[Language, FootWords] = {}
    """The link texts in the footer of marketing emails, by language; English ones are built in."""
    unsubscribe_sample: Located = Located("https://example.com/unsubscribe")
    """The unsubscribe URL that previews show."""
    view_online_sample: Located = Located("https://example.com/view-online")
    """The web page URL that previews show."""

    def pictures(self) -> list[Located]:
        """The names of the pictures that the site has on every page."""
        return [name for name in (self.site_logo, self.favicon) if name is not None]

    def foot_words_in(self, language: Language) -> FootWords | None:
        """The link texts of the footer in a language, or in the wider one, as `de` is for `de-CH`; None without any."""
        known = {Language("en"): ENGLISH, **self.foot_words}
        return next((known[name] for name in language.ranges() if name in known), None)

    def full_url(self, url: str) -> str:
        """The URL, with the base in front of a path."""
        return str(self.handbook_url or "").rstrip("/") + url if url.startswith("/") else url

    @field_validator("site_url", "handbook_url", "repo_url", "unsubscribe_sample", "view_online_sample", mode="before")
    @classmethod
    def _web_address(cls, url: Any) -> Any:
        if isinstance(url, str) and url.strip():
            check_url(url)
        return url
