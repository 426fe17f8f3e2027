"""How platforms, previews and the handbook write what a mark stands for, in each place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from handover.model.brand import Brand
from handover.model.catalog import Catalog
from handover.model.document import Document
from handover.model.marks import Marks, Slot
from handover.model.pattern import TokenPlace, added_to, escape
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.render.line_length import wrapped


class Spelling(Protocol):
    """One way to write every slot."""

    def text(self, slot: Slot, place: TokenPlace) -> str:
        """The slot at a place of plain text, or of a subject."""

    def html(self, slot: Slot, place: TokenPlace) -> str:
        """The slot at a place of HTML or MJML; by default the escaped text."""
        return escape(self.text(slot, place))

    def is_hidden(self, slot: Slot) -> bool:
        """True if the slot is in a URL, where the person who fills it in would not see it; by default never."""
        return False


def fill(marked: str, form: str, marks: Marks, spelling: Spelling) -> str:
    """A text with marks in the form `html`, `mail`, `mjml`, `text` or `subject`, with every mark written by `spelling`.

    HTML of a full email has gaps where a line can end; `mail` is HTML that is in lines already.
    """
    if form not in ("html", "mail", "mjml"):
        place: TokenPlace = "subject" if form == "subject" else "text"
        return marks.fill(marked, lambda slot: spelling.text(slot, _part(slot) or place))
    marked = _ANCHOR.sub(lambda anchor: _visible(anchor, marks, spelling), marked)

    def write(match: re.Match[str]) -> str:
        slot = marks.slots[int(match[1])]
        in_tag = marked.rfind("<", 0, match.start()) > marked.rfind(">", 0, match.start())
        return spelling.html(slot, _part(slot) or ("attribute" if in_tag else "html"))

    # A fragment is wrapped when it is rendered, because pages copy its pieces.
    if form == "html" and marked.startswith("<!DOCTYPE"):
        return wrapped(marks.pattern.sub(write, marked))
    return marks.pattern.sub(write, marked)


def _part(slot: Slot) -> TokenPlace | None:
    return "address" if slot.kind in ("address-part", "recipient") else None


_ANCHOR = re.compile(r'<a[\s\1]+href="([^"]*)">(.*?)</a>', re.DOTALL)
"""A link without styles, as in a fragment; a full email has a gap for a line end there."""


def _visible(anchor: re.Match[str], marks: Marks, spelling: Spelling) -> str:
    """The link; or, if a person has to fill in a part of its URL, its text and its URL."""
    url, text = anchor.groups()
    return f"{text}: {url}" if any(map(spelling.is_hidden, marks.used(url))) else anchor[0]


_ACTIVE_ATTRIBUTE = re.compile(
    r"[\s/\"'](?:on\w+|style|src|srcset|href|background|poster|action|formaction)\s*=", re.IGNORECASE
)
"""What runs or loads something in HTML, if a quote before it ends an attribute. No platform has it in a token."""


def token_of(platform: Platform, placeholder: Placeholder, slot: Slot, place: TokenPlace) -> str | None:
    """A placeholder's token on `platform`; None if it has none. For a choice, the text of its neutral option."""
    if placeholder.type == "choice":
        return _choice(placeholder, placeholder.neutral or "", slot, place)
    return platform.write_placeholder(placeholder, place)


def _choice(placeholder: Placeholder, option: str, slot: Slot, place: TokenPlace) -> str:
    text = placeholder.text_of(option, slot.form, slot.capital)
    return quote(text, safe="") if place == "address" else text


@dataclass(frozen=True, slots=True)
class PlatformSpelling(Spelling):
    """A platform's tokens. Documents have them unescaped: the platform replaces them before a browser reads them."""

    platform: Platform
    catalog: Catalog
    document: Document

    def text(self, slot: Slot, place: TokenPlace) -> str:
        """The token."""
        if slot.kind == "region":
            return ""
        if slot.kind == "link-parameters":
            url, parameters = self.catalog.links[slot.name].url, self.platform.link_parameters
            return added_to(url, parameters, self.document.id, self.document.variant)
        if slot.kind == "footer":
            return _footer(self.platform, self.catalog.brand, slot.name)
        return self._token(slot, place, "text")

    def html(self, slot: Slot, place: TokenPlace) -> str:
        """The token, escaped in a fragment."""
        if slot.kind == "region":
            return self._region(slot.name)
        if slot.kind == "footer":
            token = _footer(self.platform, self.catalog.brand, slot.name)
            own = slot.name != "postal_address" or (self.platform.footer and self.platform.footer.postal_address)
            return _footer_html(_inert(token) if own else escape(token), slot.name)
        if not slot.is_placeholder:
            return escape(self.text(slot, place))
        token = self._token(slot, place, "html")
        if self.platform.format == "document" and self.catalog.fillable[slot.name].type != "choice":
            return _inert(token)
        return escape(token)

    def _token(self, slot: Slot, place: TokenPlace, visible: TokenPlace) -> str:
        """The token; in a URL that a person has to see, it is the one for the text around the URL."""
        placeholder = self.catalog.fillable[slot.name]
        if slot.kind == "recipient":  # RFC 6068: the '@' of a recipient is not encoded
            place = "attribute" if visible == "html" else "text"
        return token_of(self.platform, placeholder, slot, visible if self.is_hidden(slot) else place) or ""

    def is_hidden(self, slot: Slot) -> bool:
        """True for a field that the sender fills in, in a URL where the platform has none."""
        if slot.kind not in ("address", "address-part", "recipient"):
            return False
        placeholder = self.catalog.fillable[slot.name]
        place: TokenPlace = "address" if slot.kind == "address-part" else "attribute"
        return placeholder.type != "choice" and self.platform.shows_instead(placeholder, place)

    def _region(self, end: str) -> str:
        if not self.platform.editable_region:
            return ""
        if end == "close":
            return "</div>"
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.platform.editable_region.items())
        return f"<div{attributes}>"


def _inert(token: str) -> str:
    """A token in the HTML that a platform reads: its quotes stay, but it can have neither tags nor attributes."""
    token = token.replace("<", "&lt;").replace(">", "&gt;")
    return token.replace('"', "&quot;").replace("'", "&#39;") if _ACTIVE_ATTRIBUTE.search(token) else token


def _footer(platform: Platform | None, brand: Brand, name: str) -> str:
    """A platform's value for the footer, or without a platform the preview's; postal addresses have several lines."""
    footer = platform.footer if platform else None
    if name == "postal_address":
        return "\n".join((footer.postal_address if footer else ()) or brand.postal_address)
    if platform is None:
        return str(brand.unsubscribe_sample if name == "unsubscribe" else brand.view_online_sample)
    return str(getattr(footer, name, None) or "")


def _footer_html(html: str, name: str) -> str:
    """Each line of a postal address runs in the direction of its own script, also within another language."""
    if name != "postal_address":
        return html
    return "<br>".join(f'<span dir="auto">{line}</span>' for line in html.split("\n"))


@dataclass(frozen=True, slots=True)
class PreviewSpelling(Spelling):
    """Sample values, or the given `values` by placeholder id; they are text, never markup."""

    catalog: Catalog
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, slot: Slot, place: TokenPlace) -> str:
        """The value."""
        if slot.kind in ("region", "link-parameters"):
            return ""
        if slot.kind == "footer":
            return _footer(None, self.catalog.brand, slot.name)
        placeholder = self.catalog.fillable[slot.name]
        value = self.values.get(slot.name, placeholder.sample)
        if placeholder.type == "choice":
            return _choice(placeholder, value, slot, place)
        safe = "@" if slot.kind == "recipient" else ""  # RFC 6068, section 2
        return quote(value, safe=safe) if place == "address" else str(value)

    def html(self, slot: Slot, place: TokenPlace) -> str:
        """The value, escaped."""
        html = escape(self.text(slot, place))
        return _footer_html(html, slot.name) if slot.kind == "footer" else html.replace("\n", "<br>")


@dataclass(frozen=True, slots=True)
class FilledSpelling(Spelling):
    """The values of `preview`, and what `other` writes for every placeholder without one."""

    other: Spelling
    preview: PreviewSpelling

    def _of(self, slot: Slot) -> Spelling:
        return self.preview if slot.is_placeholder and slot.name in self.preview.values else self.other

    def text(self, slot: Slot, place: TokenPlace) -> str:
        """The value, or what the other writes."""
        return self._of(slot).text(slot, place)

    def html(self, slot: Slot, place: TokenPlace) -> str:
        """The value, or what the other writes, escaped."""
        return self._of(slot).html(slot, place)

    def is_hidden(self, slot: Slot) -> bool:
        """As the other says, for a placeholder without a value."""
        return self._of(slot).is_hidden(slot)


@dataclass(frozen=True, slots=True)
class HandbookSpelling(Spelling):
    """Labels in brackets."""

    catalog: Catalog

    def label(self, slot: Slot) -> str:
        """The label in brackets; for a choice, that of the form."""
        if slot.kind in ("region", "footer", "link-parameters"):
            return ""
        placeholder = self.catalog.fillable.get(slot.name)
        if placeholder is None:  # an error, which `diff` shows beside what it compares
            return f"{{{{ {slot.name} }}}}"
        label = placeholder.forms.get(slot.form) if slot.form else None  # type: ignore[call-overload]
        return f"[{label or placeholder.label}]"

    def text(self, slot: Slot, place: TokenPlace) -> str:
        """The label in brackets."""
        return self.label(slot)
