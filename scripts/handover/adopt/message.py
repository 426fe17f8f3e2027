"""One template in its new place: where it is from, its front matter and text, and what a person has to look at."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from handover.adopt.blanks import Blanks
from handover.adopt.blocks import Block, Losses, Run, walk
from handover.adopt.markdown import plain
from handover.adopt.tokens import fold, is_field, token_patterns
from handover.model.base import FILL_IN
from handover.model.catalog import Catalog
from handover.model.link import PLACEHOLDER
from handover.model.message import FILE
from handover.model.platform import FOOTER_LINKS, Platform

_FOOTER = re.compile(
    r"unsubscribe|opt[ -]?out|(?:view|read|open|see)\b.{0,30}\b(?:browser|online|web)\b"
    r"|(?:manage|update|change|email)\b.{0,20}\bpreferences|abmelden|abbestellen|im browser|d\u00e9sabonner",
    re.IGNORECASE,
)
"""The text of a link that the layout of marketing emails has by itself."""
_UNSUBSCRIBE = re.compile(r"(?:\{[{%]|\*\||%%)[^{}|%\n]{0,40}unsub", re.IGNORECASE)
"""The token of a platform, also of one that the repository does not have."""


_BOX = re.compile(r"\[[ xX]?\]\s+(?=\S)")


@dataclass(slots=True)
class Adopted:
    """One template: the file that it is in, and what to know about it."""

    path: str
    source: str
    is_new: bool = True
    origin: str = FILE
    """The platform that has it."""
    head: dict[str, Any] = field(default_factory=dict)
    """The front matter; what is empty is left out."""
    body: str = ""
    losses: Losses = field(default_factory=Losses)
    notes: list[str] = field(default_factory=list)
    """What is to be filled in; a message with any is a draft."""
    placeholders: list[str] = field(default_factory=list)
    """The ids of known placeholders in it."""

    @property
    def own(self) -> dict[str, dict[str, str]]:
        """The entries of the new placeholders that are for this message alone."""
        entries: dict[str, dict[str, str]] = self.head.get("placeholders", {})
        return entries

    @property
    def is_draft(self) -> bool:
        """True if a person has to look at it first; a block cannot be a draft."""
        return bool(self.notes) and "kind" in self.head

    @property
    def text(self) -> str:
        """The content of the file."""
        head = {key: value for key, value in self.head.items() if value not in ("", {})}
        if self.is_draft:
            head["description"] = f"{FILL_IN} what it is for, and {', '.join(dict.fromkeys(self.notes))}"
            head["draft"] = True
        return f"---\n{dump({**head, 'origin': {self.origin: self.source}})}---\n{self.body}\n"


def dump(data: Any, is_flat: bool = False) -> str:
    """Data as YAML, one line for each value; if `is_flat`, one for each entry."""
    style = None if is_flat else False
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100_000, default_flow_style=style)
    return text


def title(text: str) -> str:
    """A value of plain text that no placeholder can be in, such as a title."""
    return plain(text.replace("{", "(").replace("}", ")"))[:500]


def is_footer(blocks: Iterable[Block], catalog: Catalog) -> bool:
    """True if a part of the blocks is what the layout of a marketing email has by itself."""
    tokens = {token for platform in catalog.platforms.values() for token in _tokens(platform)}
    for run in (run for block in walk(blocks) for run in block.runs):
        source = f"{run.text} {run.href}"
        if run.href and _FOOTER.search(run.text):
            return True
        if _UNSUBSCRIBE.search(source) or any(token in _tight(source) for token in tokens):
            return True
    return False


def platform_of(text: str, blanks: Blanks, usual: Collection[Platform]) -> Platform | None:
    """The platform whose tokens the text has: most of a footer, else of fields, of a `usual` one if it can be.

    None if that is not clear.
    """
    tight = _tight(text)

    def evidence(platform: Platform) -> tuple[int, ...]:
        names = {found["name"] for pattern in token_patterns(platform) for found in pattern.finditer(text)}
        known = len(set(map(fold, names)) & set(blanks.ids(platform)))
        is_usual = platform in usual
        has_fields = is_usual and any("." in name and is_field(name) for name in names)
        return sum(token in tight for token in _tokens(platform)), known and is_usual, known, has_fields

    found = [(evidence(each), each) for each in blanks.catalog.platforms.values()]
    top = max((each for each, _ in found), default=())
    first = [platform for each, platform in found if each == top]
    return first[0] if any(top) and len(first) == 1 else None


def _tokens(platform: Platform) -> set[str]:
    """Its tokens that stand in footers, without spaces."""
    links = [getattr(platform.footer, name) for name in FOOTER_LINKS] if platform.footer else []
    return {_tight(token) for token in (*filter(None, links), *(token for each in platform.required for token in each))}


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)


def without_footer(blocks: Iterable[Block], catalog: Catalog, losses: Losses) -> list[Block]:
    """The body of a marketing email without the parts that its layout has by itself."""
    address = fold(" ".join(catalog.brand.postal_address))
    kept = []
    for block in blocks:
        is_address = bool(block.runs) and fold(block.text) == address
        if len(block.text) < 600 and (is_address or is_footer([block], catalog)):
            losses.add("the footer, as the layout has one,", block.text)
        else:
            kept.append(block)
    return kept


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
        yield replace(block, runs=runs, items=tuple(tuple(mapped(_unboxed(item), blanks)) for item in block.items))


def _unboxed(item: tuple[Block, ...]) -> tuple[Block, ...]:
    """An item of a list without the box to tick off, which messages cannot have."""
    first, *others = item
    box = _BOX.match(first.text)
    if box is None or len(first.runs[0].text) < box.end():
        return item
    bare = replace(first.runs[0], text=first.runs[0].text[box.end() :])
    return (replace(first, runs=(bare, *first.runs[1:])), *others)


def _example(catalog: Catalog, kind: str) -> dict[str, Any] | None:
    """Layout, sender and recipient of a message of this kind, with placeholders that all messages can use."""
    for head in (message.head for message in catalog.messages.values()):
        if head.kind == kind and head.to and head.from_ and not head.is_draft:
            to, sender = ({"name": str(each.name), "email": str(each.email or "")} for each in (head.to, head.from_))
            used = [found[1] for text in (*to.values(), *sender.values()) for found in PLACEHOLDER.finditer(text)]
            if all(name in catalog.placeholders for name in used):
                to, sender = ({key: text for key, text in each.items() if text} for each in (to, sender))
                return {"layout": str(head.layout), "from": sender if "email" in sender else sender["name"], "to": to}
    return None


def roles(catalog: Catalog, kind: str) -> dict[str, str]:
    """The placeholders of the recipient, the sender and the company in messages of this kind."""
    model = _example(catalog, kind)
    fillers = ("platform", "customer") if kind == "marketing" else ("customer", "platform")
    usable = [each for each in catalog.placeholders.values() if each.type == "text" and not each.optional]
    company = [each for each in usable if re.search("company|account", each.id) and each.filled_by in fillers]
    people = [each for filler in fillers for each in usable if each.filled_by == filler and each not in company]
    senders = [each for each in usable if each.filled_by == "sender"]
    guesses = {"sender": senders, "recipient": people, "company": company}
    found = {role: str(known[0].id) for role, known in guesses.items() if known}
    if model:
        sender = model["from"] if isinstance(model["from"], str) else model["from"]["name"]
        for role, text in (("recipient", model["to"]["name"]), ("sender", sender)):
            if match := PLACEHOLDER.search(text):
                found[role] = match[1]
    return found


def addressing(catalog: Catalog, kind: str, notes: list[str]) -> dict[str, Any]:
    """Layout, sender and recipient: as an existing message of the kind has them."""
    model, known, layouts = _example(catalog, kind), roles(catalog, kind), catalog.layouts()
    if model:
        return model
    usual = "campaign" if kind == "marketing" else "letter"
    names = {role: f"{{{{ {name} }}}}" for role, name in known.items() if role == "recipient" or kind != "marketing"}
    if "recipient" not in names:
        notes.append("name the recipient")
    return {
        "layout": usual if usual in layouts or not layouts else layouts[0],
        "from": names.get("sender", str(catalog.brand.sender.name)),
        "to": {"name": names.get("recipient", f"{FILL_IN} the recipient's name")},
    }
