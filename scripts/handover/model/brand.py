"""`data/brand.yml`: the company's name, colours, sender and address."""

from typing import Annotated, Literal

from pydantic import Field, HttpUrl, StrictInt

from handover.model.base import Model
from handover.model.located import Located
from handover.model.placeholder import PATTERNS


class Colour(Located):
    """Six hexadecimal digits: three are not understood everywhere."""

    FORMAT = "color"
    CURE = 'Write # and six hexadecimal digits, in quotes: "#5a31b8".'

    @classmethod
    def limits(cls) -> dict[str, object]:
        """`#rrggbb`."""
        return {"pattern": "^#[0-9a-fA-F]{6}$"}


class MailAddress(Located):
    """`name@host`."""

    FORMAT = "email"
    CURE = "Write name@host.example, without umlauts or accents."

    @classmethod
    def limits(cls) -> dict[str, object]:
        """Enough to catch a slip; whether it exists only a mail server knows."""
        return {"pattern": f"^{PATTERNS['email'].pattern}$"}


class Language(Located):
    """A language tag, as in `en` or `de-CH`."""

    CURE = "Write a language tag, as in en or de-CH."

    @classmethod
    def limits(cls) -> dict[str, object]:
        """The common part of BCP 47."""
        return {"pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}


class Palette(Model):
    """The colours of one scheme. Text on its background reaches a contrast of 4.5:1."""

    background: Colour
    """Behind everything."""
    surface: Colour
    """Cards and the letter's paper."""
    text: Colour
    """Words on background and surface."""
    muted: Colour
    """Less important words: the foot."""
    accent: Colour
    """Links on background and surface."""
    button: Colour
    """The button's ground."""
    button_text: Colour
    """Words on the button."""
    line: Colour
    """Rules and borders; never words."""


class Colours(Model):
    """Both schemes."""

    light: Palette
    """For a light screen, and wherever a program knows no scheme."""
    dark: Palette
    """For a dark screen."""


class Logo(Model):
    """The picture of the company's name; without it the name is written."""

    src: Located
    """The picture's https address on the company's own server."""
    alt: Located
    """What the picture says."""
    width: Annotated[StrictInt, Field(gt=0, le=600)]
    """Its width in pixels."""
    height: Annotated[StrictInt, Field(gt=0, le=400)]
    """Its height in pixels."""


class FootWords(Model):
    """The words of the links in the foot of a marketing message, in the brand's language."""

    unsubscribe: Located = Located("Unsubscribe from these emails")
    """Where one opts out."""
    view_online: Located = Located("View this email in your browser")
    """Where the message is as a web page."""
    preferences: Located = Located("Choose which emails you get")
    """Where one chooses."""


class Sender(Model):
    """A sender that is no person."""

    name: Located
    """The name in From."""
    email: MailAddress
    """The address in From of previews."""


class Brand(Model):
    """The company."""

    name: Located
    """As customers know it."""
    site_name: Located
    """The handbook site's name."""
    site_url: HttpUrl | None = None
    """Where the site is published, if that is known."""
    handbook_url: HttpUrl | None = None
    """The base of links that are written as a path."""
    user_agent: Located | None = None
    """How the link check introduces itself to servers; by default the names of company and site, and an address."""
    language: Language = Language("en")
    """The language of emails and prose, as in `en` or `de-CH`. The handbook's own words are English in each."""
    direction: Literal["ltr", "rtl"] = "ltr"
    """The direction in which it is written."""
    font: Located = Located("Arial, Helvetica, sans-serif")
    """System fonts for emails, in order of preference."""
    colours: Colours
    """The colours of emails and site."""
    clients: tuple[Located, ...] = (Located("apple-mail"), Located("gmail"), Located("outlook"))
    """The mail clients that emails have to work in: a family like `gmail`, or one of it like `outlook.windows`."""
    logo: Logo | None = None
    """A picture of the name."""
    sender: Sender
    """Who sends what no person signs."""
    postal_address: Annotated[tuple[Located, ...], Field(min_length=1)]
    """A line each; a marketing message has to carry it."""
    foot_words: FootWords = FootWords()
    """The words of the links in the foot."""
    unsubscribe_sample: Located = Located("https://example.com/unsubscribe")
    """The opt-out address that previews show."""
    view_online_sample: Located = Located("https://example.com/view-online")
    """The web page address that previews show."""
