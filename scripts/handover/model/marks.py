"""Marks: plain ASCII words that stand for placeholders while a text is laid out.

Every output is rendered once with marks in it. Each platform's own spelling is put in afterwards, so that neither
the MJML compiler nor a template ever sees, or damages, a platform's syntax.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from handover.model.catalog import Catalog
from handover.model.link import Blank, in_ascii
from handover.model.nodes import Placeholder

SlotKind = Literal["placeholder", "address", "address-part", "footer", "region"]


@dataclass(frozen=True, slots=True)
class Slot:
    """What a mark stands for.

    `kind` says where it stands: a placeholder among words, as a whole address, as a part of one; or a thing that
    the platform puts into a layout: `name` is then the name of the thing.
    """

    kind: SlotKind
    name: str
    form: str | None = None
    capital: bool = False


class Spelled(dict[str, str]):
    """What stands for each mark in one spelling, by the mark's number; spelled when it is first asked for."""

    def __init__(self, slots: list[Slot], spell: Callable[[Slot], str]) -> None:
        super().__init__()
        self.slots = slots
        self.spell = spell

    def __missing__(self, number: str) -> str:
        made = self[number] = self.spell(self.slots[int(number)])
        return made

    def fill(self, pieces: Sequence[str]) -> str:
        """A text in `pieces` (of `Marks.pieces`) with every mark replaced."""
        made = list(pieces)
        made[1::2] = [self[number] for number in pieces[1::2]]
        return "".join(made)


@dataclass(slots=True)
class Marks:
    """The marks of one build: one for every slot."""

    catalog: Catalog
    prefix: str
    slots: list[Slot] = field(default_factory=list)
    numbers: dict[Slot, int] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(init=False)
    memo: dict[Any, Any] = field(default_factory=dict)
    """What a stage works out once in a build, under a key of its own."""

    def __post_init__(self) -> None:
        self.pattern = re.compile(re.escape(self.prefix) + r"(\d+)q")

    def mark(self, slot: Slot) -> str:
        """The word that stands for the slot."""
        number = self.numbers.get(slot)
        if number is None:
            number = self.numbers[slot] = len(self.slots)
            self.slots.append(slot)
        return f"{self.prefix}{number}q"

    def placeholder(self, node: Placeholder) -> str:
        """The mark of a placeholder among words."""
        return self.mark(Slot("placeholder", node.id, node.form, node.capital))

    def address(self, link_id: str) -> str:
        """The address of a link as every mail program takes it, with marks for the placeholders in it."""
        key = ("address", link_id)
        if key not in self.memo:
            self.memo[key] = "".join(self.address_parts(link_id))
        made: str = self.memo[key]
        return made

    def address_parts(self, link_id: str) -> list[str]:
        """The same in pieces."""
        parts = self.catalog.links[link_id].parts()
        base = in_ascii(str(self.catalog.brand.handbook_url or "")).rstrip("/") if parts[0].startswith("/") else ""
        kind: SlotKind = "address" if len(parts) == 1 else "address-part"
        return [base, *(self._blank(kind, part) if isinstance(part, Blank) else in_ascii(part) for part in parts)]

    def _blank(self, kind: SlotKind, blank: Blank) -> str:
        return self.mark(Slot(kind, blank, blank.form, blank.capital))

    def used(self, marked: str) -> list[Slot]:
        """The slots whose marks stand in a text, in order, each as often as it stands there."""
        return [self.slots[int(number)] for number in self.pattern.findall(marked)]

    def pieces(self, marked: str) -> list[str]:
        """The text taken apart: what stands before a mark, the mark's number, what stands after it, and so on."""
        return self.pattern.split(marked)

    def spelled(self, name: str, spell: Callable[[Slot], str]) -> Spelled:
        """Every mark as `spell` writes it; the same each time for the same `name`."""
        key = (Spelled, name)
        if key not in self.memo:
            self.memo[key] = Spelled(self.slots, spell)
        made: Spelled = self.memo[key]
        return made

    def fill(self, marked: str, spell: Callable[[Slot], str]) -> str:
        """The text with every mark replaced by what `spell` makes of its slot."""
        return self.pattern.sub(lambda match: spell(self.slots[int(match[1])]), marked)


def marks_for(catalog: Catalog, texts: Iterable[str]) -> Marks:
    """Marks that none of the `texts` could be taken for."""
    everything = "\n".join(texts)
    prefix = "qz"
    while re.search(prefix + r"\d", everything):
        prefix += "z"
    return Marks(catalog, prefix)
