"""What a platform exported, beside what the build exports there."""

import re
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote

from handover.adopt.blocks import Block, Run, links
from handover.adopt.template import Template
from handover.model.report import STATUSES, DriftEntry, DriftReport, Line

Changes: TypeAlias = Callable[[str, str], tuple[Line, ...]]
"""The lines in which two texts differ."""
_BULLETS = {"ul": "- ", "quote": "> "}
_TOKEN_SPACE = re.compile(r"(?<=\{\{) +| +(?=\}\})")
_ENCODED = re.compile(r"%(?:20|22|3C|3E|5B|5C|5D|5E|60|7B|7C|7D)", re.IGNORECASE)
"""What no URL has and tokens do: editors encode it in an `href`."""
_HOST = re.compile(r"(https?://[^/?#{}<>]+)(?:/|(?=[?#])|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Own:
    """A message in a variant, or a snippet, as the build exports it."""

    kind: Literal["message", "snippet"]
    id: str
    variant: str | None
    title: str
    """Its name for people, with the variant's label in parentheses."""
    origins: frozenset[str]
    """Its address on the platform, or the file it is from, by its front matter."""
    template: Template | None
    """None if it is not exported there; `absence` says why."""
    has_subject: bool = False
    """True if it has a subject of its own; a reply takes that of another email."""
    absence: str = ""

    def names(self) -> set[str]:
        """The names that a template or a file of it can have."""
        return {_name(self.title), _name(f"{self.id}.{self.variant}" if self.variant else self.id)}


def drift(platform: str, own: Sequence[Own], templates: Iterable[Template], changes: Changes) -> DriftReport:
    """The report on a platform. Of messages and snippets, only the kinds that are among the templates are missed."""
    there = {template.address or f"{number}": template for number, template in enumerate(templates)}
    pairs = _pairs(own, [*there.values()])
    kinds = {each.kind if each else _kind(template) for template, each in pairs}
    found = {id(each) for _, each in pairs}
    entries = [_entry(template, each, changes) for template, each in pairs]
    entries += [
        DriftEntry(status="only here", kind=each.kind, id=each.id, variant=each.variant, title=each.title, there=None)
        for each in own
        if id(each) not in found and each.template is not None and each.kind in kinds
    ]
    entries.sort(key=lambda entry: (STATUSES.index(entry.status), entry.kind, entry.title, entry.there or ""))
    return DriftReport(platform=platform, entries=tuple(entries))


def _kind(template: Template) -> Literal["message", "snippet"]:
    return "snippet" if template.is_snippet else "message"


def _pairs(own: Sequence[Own], templates: Sequence[Template]) -> list[tuple[Template, Own | None]]:
    """Each template with what belongs to it: by its address, else by its name. Each of ours belongs to one at most."""
    found: dict[int, Own] = {}
    rest = sorted(own, key=lambda each: each.template is None)  # what is exported there comes first
    for key_of, keys_of in _KEYS:
        keyed = [(each, keys_of(each)) for each in rest]
        for number, template in enumerate(templates):
            key = key_of(template) if number not in found else ""
            able = [each for each, keys in keyed if key and key in keys and each in rest and _may_be(each, template)]
            able.sort(key=lambda each: _name(template.title) not in each.names())
            if able:
                found[number] = able[0]
                rest.remove(able[0])
    return [(template, found.get(number)) for number, template in enumerate(templates)]


def _may_be(own: Own, template: Template) -> bool:
    """False for a message and a snippet; a file does not say which of the two it is."""
    return not template.address or own.kind == _kind(template)


def _name(text: str) -> str:
    """A name without what people write differently: case, accents' encoding, marks between words."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold().replace("_", " ")))


_KEYS: tuple[tuple[Callable[[Template], str], Callable[[Own], Collection[str]]], ...] = (
    (lambda template: template.name, lambda own: own.origins),
    (lambda template: _name(template.title), Own.names),
)


def _entry(template: Template, own: Own | None, changes: Changes) -> DriftEntry:
    there = template.name
    if own is None or own.template is None:
        note = f"'{own.id}' {own.absence}" if own else None
        title, kind = template.title, _kind(template)
        return DriftEntry(status="only there", kind=kind, id=None, variant=None, title=title, there=there, note=note)
    # An HTML file without a title has no subject, a reply needs none.
    compares_subject = bool(template.subject) or (bool(template.address) and own.has_subject)
    lines = changes(text_of(own.template, compares_subject), text_of(template, compares_subject))
    ours, theirs = links_of(own.template), links_of(template)
    links: tuple[Line, ...] = ()
    if [url for _, url in ours] != [url for _, url in theirs]:  # their text is in the lines
        links = changes(*("\n".join(f"[{text}] {url}" for text, url in each) for each in (ours, theirs)))
    return DriftEntry(
        status="changed" if lines or links else "same",
        kind=own.kind,
        id=own.id,
        variant=own.variant,
        title=own.title,
        there=there,
        lines=lines,
        links=links,
    )


def text_of(template: Template, has_subject: bool) -> str:
    """Its subject if `has_subject`, its preheader, its text, and in brackets what is no text, such as pictures."""
    head = {"Subject": template.subject if has_subject else "", "Preheader": template.preheader}
    lines = [f"{name}: {line}" for name, line in head.items() if line]
    lines += [*_lines(template.body), *(f"({each})" for each in template.dropped)]
    return "\n".join(line for line in map(_with_plain_spaces, lines) if line)


def links_of(template: Template) -> list[tuple[str, str]]:
    """The text and the URL of each link."""
    return [(_with_plain_spaces(text).strip(), _url(url)) for text, url in links(template.body)]


def _with_plain_spaces(line: str) -> str:
    """The line with each space as one of the keyboard, and none inside a token: editors write one for another."""
    indent = len(line) - len(line.lstrip(" "))
    words = " ".join(unicodedata.normalize("NFC", line).split())
    return " " * indent + _TOKEN_SPACE.sub("", words) if words else ""


def _url(url: str) -> str:
    """The URL as browsers write it: the host in lower case, `/` for no path, percent-encoded except for tokens."""
    readable = _TOKEN_SPACE.sub("", _ENCODED.sub(lambda character: unquote(character[0]), url))
    encoded = quote(readable, safe=string.punctuation + " ", errors="replace")
    return _HOST.sub(lambda host: f"{host[1].lower()}/", encoded, count=1)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.tag == "table":
            yield from (" | ".join(" ".join(_lines((cell,))) for cell in row) for row in block.items)
        elif block.items:
            yield from _items(block)
        elif block.tag == "hr":
            yield "---"
        else:
            mark = "#" * int(block.tag[1]) + " " if block.tag != "p" else ""
            yield from (mark + line for line in _formatted(block.runs) if line)


def _items(block: Block) -> Iterator[str]:
    """The lines of a list or a quote; in a list, those below the first of an item are indented."""
    bullet = f"{block.start}. " if block.tag == "ol" else _BULLETS[block.tag]
    for item in block.items:
        for number, line in enumerate(_lines(item)):
            yield (" " * len(bullet) if number and block.tag != "quote" else bullet) + line


def _formatted(runs: Iterable[Run]) -> list[str]:
    """The lines of a paragraph, bold and italic words between stars, the spaces beside them outside."""
    lines = [""]
    for (is_break, strong, em), group in groupby(runs, key=lambda run: (run.is_break, run.strong, run.em)):
        words = "".join(run.text for run in group)
        if is_break:
            lines += [""] * len(words)
            continue
        bare, stars = words.strip(), "**" * strong + "*" * em
        before, _, after = words.partition(bare) if bare else (words, "", "")
        lines[-1] += f"{before}{stars}{bare}{stars}{after}" if bare else words
    return [line.strip() for line in lines]
