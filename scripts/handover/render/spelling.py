"""How a platform writes what a mark stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from handover.model.brand import Brand
from handover.model.catalog import Catalog
from handover.model.marks import Slot
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform


class Spelling(Protocol):
    """One way of writing every slot."""

    def text(self, slot: Slot) -> str:
        """The slot as it stands in plain text."""

    def html(self, slot: Slot) -> str:
        """The slot as it stands in HTML: in words, in an attribute, in MJML."""


def escape(text: str) -> str:
    """`text` for HTML words and for attributes in double quotes. Apostrophes stay: platforms have them in tokens."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def token_of(platform: Platform, placeholder: Placeholder, slot: Slot) -> str | None:
    """How `platform` writes a placeholder; None when it cannot. A choice, which it cannot ask for, is neutral."""
    if placeholder.type == "choice":
        return placeholder.text_of(placeholder.neutral or "", slot.form, slot.capital)
    return platform.write_placeholder(placeholder, slot.kind == "address-part")


@dataclass(frozen=True, slots=True)
class PlatformSpelling:
    """A platform's tokens. In a document they are not escaped: the platform reads them before any browser does."""

    platform: Platform
    catalog: Catalog

    def text(self, slot: Slot) -> str:
        """The token itself."""
        if slot.kind == "region":
            return ""
        if slot.kind == "footer":
            return _footer(self.platform, self.catalog.brand, slot.name)
        return token_of(self.platform, self.catalog.placeholders[slot.name], slot) or ""

    def html(self, slot: Slot) -> str:
        """The token, escaped where the HTML is pasted as text is."""
        if slot.kind == "region":
            return self._region(slot.name)
        if slot.kind == "footer":
            own = slot.name != "postal_address" or (self.platform.footer and self.platform.footer.postal_address)
            return _lines(self.text(slot) if own else escape(self.text(slot)))
        if self.platform.format == "document" and self.catalog.placeholders[slot.name].type != "choice":
            return self.text(slot)
        return escape(self.text(slot))

    def _region(self, end: str) -> str:
        if not self.platform.editable_region:
            return ""
        if end == "close":
            return "</div>"
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.platform.editable_region.items())
        return f"<div{attributes}>"


def _footer(platform: Platform | None, brand: Brand, name: str) -> str:
    """What stands in the foot of a platform, or of a preview without one; several lines for an address."""
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
    """Sample values, or others given by placeholder id; all of it is text, never markup."""

    catalog: Catalog
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, slot: Slot) -> str:
        """The value."""
        if slot.kind == "region":
            return ""
        if slot.kind == "footer":
            return _footer(None, self.catalog.brand, slot.name)
        placeholder = self.catalog.placeholders[slot.name]
        value = self.values.get(slot.name, placeholder.sample)
        if placeholder.type == "choice":
            return placeholder.text_of(value, slot.form, slot.capital)
        return quote(value, safe="") if slot.kind == "address-part" else str(value)

    def html(self, slot: Slot) -> str:
        """The value, escaped."""
        return _lines(escape(self.text(slot)))


@dataclass(frozen=True, slots=True)
class HandbookSpelling:
    """Readable brackets."""

    catalog: Catalog

    def text(self, slot: Slot) -> str:
        """The label between brackets; for a choice that of the form."""
        if slot.kind in ("region", "footer"):
            return ""
        placeholder = self.catalog.placeholders[slot.name]
        label = placeholder.forms.get(slot.form) if slot.form else None  # type: ignore[call-overload]
        return f"[{label or placeholder.label}]"

    def html(self, slot: Slot) -> str:
        """The same, escaped."""
        return escape(self.text(slot))
