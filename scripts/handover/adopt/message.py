"""A template to a message: its kind and platform, its front matter, and what a person has to look at."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from handover.adopt.blanks import Blanks
from handover.adopt.detect import is_footer
from handover.adopt.template import Block, Losses, Run, Template, walk
from handover.adopt.tokens import fold
from handover.model.base import FILL_IN
from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.link import PLACEHOLDER
from handover.model.pattern import TokenPlace
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform


@dataclass(slots=True)
class Draft:
    """A message in the making."""

    template: Template
    kind: str
    platform: Platform | None
    losses: Losses
    notes: list[str] = field(default_factory=list)
    """What a person has to look at."""

    @property
    def is_email(self) -> bool:
        """False for a post or a script."""
        return self.kind in ("personal", "marketing")


def without_footer(draft: Draft, catalog: Catalog) -> tuple[Block, ...]:
    """The body without the parts that the layout of a marketing email has by itself."""
    address = fold(" ".join(catalog.brand.postal_address))
    kept = []
    for block in draft.template.body:
        is_address = bool(block.runs) and fold(block.text) == address
        if draft.kind == "marketing" and len(block.text) < 600 and (is_address or is_footer([block], catalog)):
            draft.losses.add("the footer, as the layout has one,", block.text)
        else:
            kept.append(block)
    while kept and kept[-1].tag == "hr":
        kept.pop()
    return tuple(kept)


def without_tables(blocks: Iterable[Block], losses: Losses) -> Iterator[Block]:
    """The blocks, with a list in place of a table, which messages cannot have."""
    for block in blocks:
        if block.tag == "table":
            losses.add("a table, which is now a list:", " ".join(each.text for each in walk((block,))))
            yield Block("ul", items=tuple((Block("p", tuple(_row(row))),) for row in block.items))
        else:
            yield replace(block, items=tuple(tuple(without_tables(item, losses)) for item in block.items))


def _row(cells: tuple[Block, ...]) -> Iterator[Run]:
    filled = [cell.runs for cell in cells if cell.runs]
    for number, runs in enumerate(filled):
        if number:
            yield Run(": " if number == 1 and len(filled) == 2 else ", ")
        yield from runs


def mapped(blocks: Iterable[Block], blanks: Blanks) -> Iterator[Block]:
    """The blocks with marks in place of blanks."""
    for block in blocks:
        runs = tuple(replace(run, text=blanks.marked(run.text)) for run in block.runs)
        yield replace(block, runs=runs, items=tuple(tuple(mapped(item, blanks)) for item in block.items))


def example(catalog: Catalog, kind: str) -> Message | None:
    """A message of this kind that shows who writes to whom here, with placeholders that all messages can use."""
    for message in catalog.messages.values():
        head = message.head
        if head.kind == kind and head.to and head.from_ and not head.is_draft:
            texts = (head.to.name, head.to.email or "", head.from_.name, head.from_.email or "")
            if all(found[1] in catalog.placeholders for text in texts for found in PLACEHOLDER.finditer(text)):
                return message
    return None


def roles(catalog: Catalog, kind: str) -> dict[str, str]:
    """The placeholders of the recipient, the sender and the company in messages of this kind."""
    model = example(catalog, kind)
    fillers = ("platform", "customer") if kind == "marketing" else ("customer", "platform")
    usable = [each for each in catalog.placeholders.values() if each.type == "text" and not each.optional]
    found = {"sender": next((str(each.id) for each in usable if each.filled_by == "sender"), "")}
    if model and model.head.to and model.head.from_:
        for role, text in (("recipient", model.head.to.name), ("sender", model.head.from_.name)):
            match = PLACEHOLDER.search(text)
            if match:
                found[role] = match[1]
    company = [each for each in usable if re.search("company|account", each.id) and each.filled_by in fillers]
    if company:
        found["company"] = str(company[0].id)
    if "recipient" not in found:
        people = [each for filler in fillers for each in usable if each.filled_by == filler and each not in company]
        found |= {"recipient": str(people[0].id)} if people else {}
    return {role: name for role, name in found.items() if name}


def addressing(catalog: Catalog, draft: Draft) -> dict[str, Any]:
    """Layout, sender and recipient: as an existing message of the kind has them."""
    model, known = example(catalog, draft.kind), roles(catalog, draft.kind)
    if model and model.head.to and model.head.from_:
        sender = model.head.from_
        to = {"name": str(model.head.to.name), **({"email": str(model.head.to.email)} if model.head.to.email else {})}
        from_: Any = {"name": str(sender.name), "email": str(sender.email)} if sender.email else str(sender.name)
        return {"layout": str(model.head.layout), "from": from_, "to": to}
    layouts = catalog.layouts()
    usual = "campaign" if draft.kind == "marketing" else "letter"
    if "recipient" not in known:
        draft.notes.append("name the recipient")
    sender_words = f"{{{{ {known['sender']} }}}}" if "sender" in known else str(catalog.brand.sender.name)
    if draft.kind == "marketing":
        sender_words = str(catalog.brand.sender.name)
    recipient = f"{{{{ {known['recipient']} }}}}" if "recipient" in known else f"{FILL_IN} the recipient's name"
    return {
        "layout": usual if usual in layouts or not layouts else layouts[0],
        "from": sender_words,
        "to": {"name": recipient},
    }


def can_write(platform: Platform, placeholder: Placeholder, places: Iterable[TokenPlace]) -> bool:
    """True if the platform can write the placeholder in all these places."""
    return placeholder.type == "choice" or all(
        platform.write_placeholder(placeholder, place) is not None or platform.shows_instead(placeholder, place)
        for place in places
    )
