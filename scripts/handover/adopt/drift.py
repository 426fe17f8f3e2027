"""What a platform exported, beside what the build exports there."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handover.adopt.plain import links_of, text_of
from handover.adopt.template import Template
from handover.model.report import STATUSES, DriftEntry, DriftReport, Line

Changes: TypeAlias = Callable[[str, str], tuple[Line, ...]]
"""The lines in which two texts differ."""


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


_Keys: TypeAlias = tuple[Callable[[Template], str], Callable[[Own], set[str]]]


def drift(platform: str, own: Sequence[Own], templates: Iterable[Template], changes: Changes) -> DriftReport:
    """The report on a platform. Of messages and snippets, only the kinds that are among the templates are missed."""
    there = list({template.address or f"{number}": template for number, template in enumerate(templates)}.values())
    pairs = _pairs(own, there)
    kinds = {each.kind if each else _kind(template) for template, each in pairs}
    found = {id(each) for _, each in pairs}
    entries = [_entry(template, each, changes) for template, each in pairs]
    entries += [
        DriftEntry(status="only here", kind=each.kind, id=each.id, variant=each.variant, title=each.title, there=None)
        for each in own
        if id(each) not in found and each.template is not None and each.kind in kinds
    ]
    return DriftReport(platform=platform, entries=tuple(sorted(entries, key=_order)))


def _order(entry: DriftEntry) -> tuple[int, str, str, str]:
    return (STATUSES.index(entry.status), entry.kind, entry.title, entry.there or "")


def _kind(template: Template) -> Literal["message", "snippet"]:
    return "snippet" if template.is_snippet else "message"


def _pairs(own: Sequence[Own], templates: Sequence[Template]) -> list[tuple[Template, Own | None]]:
    """Each template with what belongs to it: by its address, else by its name. Each of ours belongs to one at most."""
    found: dict[int, Own] = {}
    taken: set[int] = set()
    for key_of, keys_of in (_BY_ADDRESS, _BY_NAME):
        index: dict[str, list[Own]] = {}
        for each in sorted(own, key=lambda each: each.template is None):  # what is exported there comes first
            for key in keys_of(each) - {""}:
                index.setdefault(key, []).append(each)
        for number, template in enumerate(templates):
            candidates = index.get(key_of(template), []) if number not in found else []
            able = [each for each in candidates if id(each) not in taken and _may_be(each, template)]
            match = next((each for each in able if _name(template.title) in each.names()), able[0] if able else None)
            if match is not None:
                found[number] = match
                taken.add(id(match))
    return [(template, found.get(number)) for number, template in enumerate(templates)]


def _may_be(own: Own, template: Template) -> bool:
    """False for a message and a snippet; a file does not say which of the two it is."""
    return not template.address or own.kind == _kind(template)


def _name(text: str) -> str:
    """A name without what people write differently: case, accents' encoding, marks between words."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold().replace("_", " ")))


_BY_ADDRESS: _Keys = (lambda template: template.address or template.name, lambda own: set(own.origins))
_BY_NAME: _Keys = (lambda template: _name(template.title), Own.names)


def _entry(template: Template, own: Own | None, changes: Changes) -> DriftEntry:
    there = template.address or template.name
    if own is None or own.template is None:
        note = f"'{own.id}' {own.absence}" if own else None
        title, kind = template.title, _kind(template)
        return DriftEntry(status="only there", kind=kind, id=None, variant=None, title=title, there=there, note=note)
    lines, links = _lines(own.template, template, own.has_subject, changes), _links(own.template, template, changes)
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


def _lines(here: Template, there: Template, has_subject: bool, changes: Changes) -> tuple[Line, ...]:
    """The lines of text that differ. An HTML file without a title has no subject, a reply needs none."""
    compares_subject = bool(there.subject) or (bool(there.address) and has_subject)
    return changes(text_of(here, compares_subject), text_of(there, compares_subject))


def _links(here: Template, there: Template, changes: Changes) -> tuple[Line, ...]:
    """The links that differ in more than their text, which `_lines` has."""
    ours, theirs = links_of(here), links_of(there)
    if [url for _, url in ours] == [url for _, url in theirs]:
        return ()
    return changes(*("\n".join(f"[{text}] {url}" for text, url in each) for each in (ours, theirs)))
