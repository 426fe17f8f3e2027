"""How platforms, previews and the handbook write what a mark stands for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from handover.model.brand import Brand
from handover.model.catalog import Catalog
from handover.model.document import Document
from handover.model.link_parameters import added_to
from handover.model.marks import Slot
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform


class Spelling(Protocol):
    """One way to write every slot."""

    def text(self, slot: Slot) -> str:
        """The slot in plain text."""

    def html(self, slot: Slot) -> str:
        """The slot in HTML and MJML: in text, and in an attribute."""


_ACTIVE_ATTRIBUTE = re.compile(
    r"[\s/\"'](?:on\w+|style|src|srcset|href|background|poster|action|formaction)\s*=", re.IGNORECASE
)
"""What runs or loads something in HTML, if a quote before it ends an attribute. No platform has it in a token."""


def escape(text: str) -> str:
    """`text` escaped for HTML and double-quoted attributes. Apostrophes stay: some platforms' tokens need them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def token_of(platform: Platform, placeholder: Placeholder, slot: Slot) -> str | None:
    """A placeholder's token on `platform`; None if it has none. For a choice, the text of its neutral option."""
    if placeholder.type == "choice":
        return placeholder.text_of(placeholder.neutral or "", slot.form, slot.capital)
    return platform.write_placeholder(placeholder, slot.kind == "address-part")


@dataclass(frozen=True, slots=True)
class PlatformSpelling:
    """A platform's tokens. Documents have them unescaped: the platform replaces them before a browser reads them."""

    platform: Platform
    catalog: Catalog
    document: Document

    def text(self, slot: Slot) -> str:
        """The token."""
        if slot.kind == "region":
            return ""
        if slot.kind == "link-parameters":
            url, parameters = self.catalog.links[slot.name].url, self.platform.link_parameters
            return added_to(url, parameters, self.document.id, self.document.variant)
        if slot.kind == "footer":
            return _footer(self.platform, self.catalog.brand, slot.name)
        return token_of(self.platform, self.catalog.fillable[slot.name], slot) or ""

    def html(self, slot: Slot) -> str:
        """The token, escaped in a fragment."""
        if slot.kind == "region":
            return self._region(slot.name)
        if slot.kind == "footer":
            own = slot.name != "postal_address" or (self.platform.footer and self.platform.footer.postal_address)
            return _lines(_token(self.text(slot)) if own else escape(self.text(slot)))
        is_token = slot.kind != "link-parameters" and self.catalog.fillable[slot.name].type != "choice"
        if self.platform.format == "document" and is_token:
            return _token(self.text(slot))
        return escape(self.text(slot))

    def _region(self, end: str) -> str:
        if not self.platform.editable_region:
            return ""
        if end == "close":
            return "</div>"
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.platform.editable_region.items())
        return f"<div{attributes}>"


def _token(text: str) -> str:
    """A token in the HTML that a platform reads: its quotes stay, but it can have neither tags nor attributes."""
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;") if _ACTIVE_ATTRIBUTE.search(text) else text


def _footer(platform: Platform | None, brand: Brand, name: str) -> str:
    """A platform's value for the footer, or without a platform the preview's; postal addresses have several lines."""
    footer = platform.footer if platform else None
    if name == "postal_address":
        return "\n".join((footer.postal_address if footer else ()) or brand.postal_address)
    if platform is None:
        return str(brand.unsubscribe_sample if name == "unsubscribe" else brand.view_online_sample)
    return str(getattr(footer, name, None) or "")


def _lines(html: str) -> str:
    return html.replace("\n", "<br>")


@dataclass(frozen=True, slots=True)
class PreviewSpelling:
    """Sample values, or the given `values` by placeholder id; they are text, never markup."""

    catalog: Catalog
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, slot: Slot) -> str:
        """The value."""
        if slot.kind in ("region", "link-parameters"):
            return ""
        if slot.kind == "footer":
            return _footer(None, self.catalog.brand, slot.name)
        placeholder = self.catalog.fillable[slot.name]
        value = self.values.get(slot.name, placeholder.sample)
        if placeholder.type == "choice":
            return placeholder.text_of(value, slot.form, slot.capital)
        return quote(value, safe="") if slot.kind == "address-part" else str(value)

    def html(self, slot: Slot) -> str:
        """The value, escaped."""
        return _lines(escape(self.text(slot)))


@dataclass(frozen=True, slots=True)
class HandbookSpelling:
    """Labels in brackets."""

    catalog: Catalog

    def text(self, slot: Slot) -> str:
        """The label in brackets; for a choice, that of the form."""
        if slot.kind in ("region", "footer", "link-parameters"):
            return ""
        placeholder = self.catalog.fillable[slot.name]
        label = placeholder.forms.get(slot.form) if slot.form else None  # type: ignore[call-overload]
        return f"[{label or placeholder.label}]"

    def html(self, slot: Slot) -> str:
        """The label in brackets, escaped."""
        return escape(self.text(slot))
