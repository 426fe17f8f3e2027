"""Names in content, looked up: an unknown placeholder, link or variant is a problem with a suggestion."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, unknown, warning
from handover.model.located import Id, Language
from handover.model.nodes import Link, PageKind, PageLink, Picture, Placeholder
from handover.model.placeholder import CHECKLIST_PLACEHOLDERS, PREFIX
from handover.model.placeholder import Placeholder as PlaceholderEntry
from handover.model.spelling import guess, nearest

_LINE = re.compile(r".*?\bonly\b(?P<excluded>\s+not(?=\s|$))?(?P<names>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Only:
    """The names on a line that begins a section, each with its column from 0; the section is for all but them if
    `excludes`.
    """

    names: tuple[tuple[str, int], ...]
    excludes: bool

    @classmethod
    def of(cls, line: str) -> "Only":
        """Read the line. The text between two commas is one name, also with spaces; on its own an empty one is none."""
        match = _LINE.fullmatch(line)
        assert match is not None  # noqa: S101 - the caller has seen the word
        names, column = [], match.start("names")
        for part in match["names"].split(","):
            names.append((part.strip(), column + len(part) - len(part.lstrip())))
            column += len(part) + 1
        return cls(() if names == [("", names[0][1])] else tuple(names), match["excluded"] is not None)

    def keeps(self, variant: str | None) -> bool:
        """True if the section is for this variant."""
        return any(name == variant for name, _ in self.names) != self.excludes

    def extent(self, variants: Sequence[str], place: Place) -> Diagnostic | None:
        """The problem of a section that is for all of the message's variants, or for none."""
        kept = sum(map(self.keeps, variants))
        if kept == 0:
            message = "this section is for no variant, so it never appears."
            return error(place, "only-without-effect", message, "Leave a variant over, or delete the section.", 3)
        if kept == len(variants):
            message = "this section is for every variant."
            hint = "Name fewer, or delete this line and the ':::' that ends the section."
            return warning(place, "only-without-effect", message, hint, 3)
        return None


def variant_hint(name: str, variants: Sequence[str]) -> str:
    """The fix for a name that is not a variant."""
    if not variants:
        return "Declare it under 'variants' in the message's front matter; only messages have variants."
    words = name.split()
    if "not" in words:
        return "Write 'not' once, before all names: '::: only not a, b'."
    if len(words) > 1:
        names = ", ".join(word for word in words if word not in ("and", "or", "&"))
        return f"Put commas between variants: '{names}'."
    return (guess(name, variants, "The variants are") if name else None) or f"The variants are {', '.join(variants)}."


MAX_GUESSES = 100
"""Problems of a text after which no more is guessed what an unknown name was meant to be."""


@dataclass(slots=True)
class Names:
    """Looks names up in `catalog`, and adds problems to `found`."""

    catalog: Catalog
    found: list[Diagnostic] = field(default_factory=list)
    own: Mapping[Id, PlaceholderEntry] = field(default_factory=dict)
    """The placeholders of the message alone, which its blocks cannot use."""
    for_checklist: bool = False
    """True for a post that a checklist's item names: it can have the placeholders of the checklist."""
    language: Language = field(default_factory=lambda: Language("en"))
    """The language of the text."""
    mixes_variants: bool = False
    """True for a text whose variants are unknown: it has the sections of all of them at once."""
    for_handbook: bool = False
    """True for the handbook's own prose: it can have links to pages of the handbook."""

    def placeholder(self, written: str, place: Place) -> Placeholder:
        """The placeholder that is `written` between the braces, as in `name` or `name.Form`."""
        name, dot, form = written.partition(".")
        if name == PREFIX:
            return self._of_checklist(written, place)
        capital = self.language if form[:1].isupper() else None
        placeholder = Placeholder(name, (form[:1].lower() + form[1:]) if dot else None, capital, place)
        own = {} if place.via else self.own
        known = self.catalog.placeholders.get(name) or own.get(Id(name))
        if not name:
            message = "the placeholder has no name."
            self._report(place, "unknown-placeholder", message, "Write {{ name }}.", "{{")
            return placeholder
        if known is None:
            if not self.catalog.excuses("placeholders", name):
                known_names = (*self.catalog.placeholders, *own, *([PREFIX] if self.for_checklist else []))
                hint = self._guess(name, known_names, "Add it there. The placeholders are")
                if name in self.own:
                    hint = "Move it there from the email's front matter: other emails can include this block."
                message = f"'{name}' is not in data/placeholders.yml."
                self.found.append(unknown(name, place, "placeholder", message, hint))
        elif (problem := known.problem_with_form(placeholder.form, capital is not None)) is not None:
            at, covered = (place.after(len(name) + 1), form) if dot else (place, name)
            self._report(at, *problem, covered)
        return placeholder

    def _of_checklist(self, written: str, place: Place) -> Placeholder:
        if not self.for_checklist:
            message = f"only a post that an item of a checklist names can have '{written}'."
            hint = "Name the post there, as in 'message: some-post', or remove the placeholder."
            self._report(place, "misplaced-placeholder", message, hint, written)
        elif written not in CHECKLIST_PLACEHOLDERS:
            known = f"Write one of {', '.join(CHECKLIST_PLACEHOLDERS)}."
            form = written.partition(".")[2]
            at = place.after(len(written) - len(form)) if form else place
            self._report(at, "unknown-placeholder", f"a checklist has no '{written}'.", known, form or written)
        return Placeholder(written, None, None, place)

    def link(self, written: str, place: Place) -> Link | PageLink:
        """The link with the id that is `written` in the second pair of brackets, without its words.

        It leads to a page of the handbook if the id comes after the kind of that page, as in `scenario:crew-change`.
        """
        before, colon, name = written.partition(":")
        kinds: tuple[PageKind, ...] = get_args(PageKind)
        meant = nearest(before, kinds) if colon else None
        page = next((kind for kind in kinds if kind == meant), None)
        if page is not None:
            return self._page(page, name, written, place)
        if re.fullmatch(r"[a-z]+:[a-z0-9_-]*", written):
            hint = f"Write the id of a link; or, for a page, {', '.join(f'{kind}:id' for kind in kinds)}."
            self._report(place, "page-link", f"the handbook has no page '{written}'.", hint, written)
        elif written not in self.catalog.links and not self.catalog.excuses("links", written):
            near = self._guess(written, self.catalog.links, "Add it there. The links are")
            message = f"'{written}' is not in data/links.yml."
            self.found.append(unknown(written, place, "link", message, near))
        return Link(written, (), place)

    def picture(self, name: str, words: str, place: Place) -> Picture:
        """The picture with this file name."""
        if name not in self.catalog.pictures and not self.catalog.excuses("pictures", name):
            hint = self._guess(name, self.catalog.pictures, "Save it there. The pictures are") or "Save it there."
            if re.search(r"[/\\:]", name):
                hint = "Save it in content/pictures, and write only its name."
            message = f"there is no picture '{name}' in content/pictures."
            self.found.append(unknown(name, place, "picture", message, hint))
        return Picture(name, words, place)

    def _page(self, kind: PageKind, name: str, written: str, place: Place) -> PageLink:
        """The link to a page of the handbook."""
        known, where = self._pages(kind)
        has_all = kind != "scenario" or self.catalog.has_whole_playbooks  # or some may be in a file that was not read
        if not self.for_handbook:
            message = f"'{written}' is a page of the handbook, to which only its own prose can link."
            hint = "Link to a URL of data/links.yml, as in [text][link-id], or leave the link out."
            self._report(place, "page-link", message, hint, written)
        elif not written.startswith(f"{kind}:"):
            hint = f"Did you mean '{kind}:{name}'?"
            self._report(place, "page-link", f"the handbook has no page '{written}'.", hint, written)
        elif name not in known and not self.catalog.excuses(f"{kind}s", name) and has_all:
            near = self._guess(name, known, f"The {kind}s are")
            if kind == "term" and not known:
                near = "Create that file with it, or delete the link."
            at = place.after(len(kind) + 1)
            self.found.append(unknown(name, at, kind, f"'{name}' is not {where}.", near))
        return PageLink(kind, name, (), place)

    def _pages(self, kind: PageKind) -> tuple[Iterable[str], str]:
        """The ids of all pages of a kind, and where they are, in words."""
        pages: dict[PageKind, tuple[Iterable[str], str]] = {
            "message": (self.catalog.messages, "in content/messages"),
            "scenario": ([str(each.id) for each in self.catalog.scenarios], "in a playbook"),
            "playbook": (self.catalog.playbooks, "in data/playbooks"),
            "term": (self.catalog.terms, "in data/glossary.yml"),
        }
        return pages[kind]

    def _guess(self, name: str, known: Iterable[str], otherwise: str) -> str | None:
        """The hint, but for a text with so many problems that finding it for each takes too long."""
        return guess(name, known, otherwise) if len(self.found) < MAX_GUESSES else None

    def _report(self, place: Place, code: str, message: str, hint: str | None, covered: str) -> None:
        self.found.append(error(place, code, message, hint, max(len(covered), 1)))
