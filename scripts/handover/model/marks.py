"""Marks: plain ASCII words in place of placeholders while a text is laid out.

Every output is rendered once, with marks. Each platform's tokens replace the marks afterwards, so that neither the
MJML compiler nor a template can damage a platform's syntax.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal
from urllib.parse import unquote

from handover.model.catalog import Catalog
from handover.model.link import UrlPlaceholder, in_ascii
from handover.model.located import Language
from handover.model.nodes import Placeholder

SlotKind = Literal["placeholder", "address", "address-part", "recipient", "footer", "region", "link-parameters"]


@dataclass(frozen=True, slots=True)
class Slot:
    """The meaning of a mark.

    `kind` is the kind of position: a placeholder in text, as a whole URL, as a part of one, or as a recipient in
    `mailto:`; a footer link or editable region of a layout, by its `name`; or the place for parameters in the URL of
    the link with this `name`.
    """

    kind: SlotKind
    name: str
    form: str | None = None
    capital: Language | None = None

    @property
    def is_placeholder(self) -> bool:
        """True if it stands for a placeholder, in text or in a URL."""
        return self.kind in ("placeholder", "address", "address-part", "recipient")


@dataclass(slots=True)
class Marks:
    """The marks of one build, one per slot."""

    catalog: Catalog
    prefix: str
    slots: list[Slot] = field(default_factory=list)
    numbers: dict[Slot, int] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(init=False)
    has_link_parameters: bool = field(init=False)
    """True if a platform adds parameters to links."""
    hrefs: dict[str, str] = field(default_factory=dict)
    """What `href` has returned, by link."""
    memo: dict[Any, Any] = field(default_factory=dict)
    """Results that a stage computes once per build, by keys of its own."""

    def __post_init__(self) -> None:
        self.pattern = re.compile(re.escape(self.prefix) + r"(\d+)q")
        self.has_link_parameters = any(platform.link_parameters for platform in self.catalog.platforms.values())

    def mark(self, slot: Slot) -> str:
        """The mark of a slot."""
        number = self.numbers.get(slot)
        if number is None:
            number = self.numbers[slot] = len(self.slots)
            self.slots.append(slot)
        return f"{self.prefix}{number}q"

    def placeholder(self, node: Placeholder) -> str:
        """The mark of a placeholder in text."""
        return self.mark(Slot("placeholder", node.id, node.form, node.capital))

    def address(self, link_id: str) -> str:
        """The URL of a link in ASCII, with marks for its placeholders."""
        parts = self.catalog.links[link_id].parts
        base = in_ascii(str(self.catalog.brand.handbook_url or "")).rstrip("/") if parts[0].startswith("/") else ""
        kind: SlotKind = "address" if len(parts) == 1 else "address-part"
        recipients = self.catalog.links[link_id].recipients()
        return base + "".join(
            self.mark(Slot("recipient" if part in recipients else kind, part, part.form, part.capital))
            if isinstance(part, UrlPlaceholder)
            else in_ascii(part)
            for part in parts
        )

    def visible_address(self, link_id: str) -> str:
        """The address as plain text has it: `href`, or the email addresses or the phone number alone."""
        link = self.catalog.links[link_id]
        if link.is_page:
            return self.href(link_id)
        parts = (
            self.mark(Slot("placeholder", part, part.form, part.capital)) if isinstance(part, UrlPlaceholder) else part
            for part in link.parts
        )
        shown = unquote("".join(parts).partition(":")[2].partition("?")[0])
        return shown.replace(",", ", ") if shown else self.href(link_id)

    def href(self, link_id: str) -> str:
        """The URL of a link in a message: `address`, with a mark for the platform's parameters before the fragment."""
        if link_id not in self.hrefs:
            self.hrefs[link_id] = self._href(link_id)
        return self.hrefs[link_id]

    def _href(self, link_id: str) -> str:
        address = self.address(link_id)
        is_literal = address.lower().startswith("https://") and not self.pattern.search(address)
        if not (self.has_link_parameters and is_literal):
            return address
        page, sign, fragment = address.partition("#")
        return f"{page}{self.mark(Slot('link-parameters', link_id))}{sign}{fragment}"

    def used(self, marked: str) -> list[Slot]:
        """The slots of the marks in a text, in order, with repetitions."""
        return [self.slots[int(number)] for number in self.pattern.findall(marked)]

    def pieces(self, marked: str) -> list[str]:
        """The text split at its marks: text and the numbers of marks alternate, text first."""
        return self.pattern.split(marked)

    def fill(self, marked: str, spell: Callable[[Slot], str]) -> str:
        """The text with every mark replaced by `spell` of its slot."""
        return self.pattern.sub(lambda match: spell(self.slots[int(match[1])]), marked)


def marks_for(catalog: Catalog, texts: Iterable[str]) -> Marks:
    """Marks with a prefix that is not in any of the `texts`."""
    taken = {len(match[1]) for text in texts for match in re.finditer(r"q(z+)(?=\d)", text)}
    return Marks(catalog, "q" + "z" * next(length for length in count(1) if length not in taken))
