"""Templates to files of a repository: one run, in which the same address or blank is one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from handover.adopt.addresses import Links
from handover.adopt.adopted import Adopted, finish, plain
from handover.adopt.blanks import Blanks
from handover.adopt.detect import kind_of, platform_of
from handover.adopt.markdown import line, to_markdown
from handover.adopt.message import (
    Draft,
    addressing,
    can_write,
    mapped,
    roles,
    without_footer,
    without_tables,
)
from handover.adopt.template import Block, Losses, Template, walk
from handover.adopt.tokens import slug
from handover.model.base import FILL_IN
from handover.model.catalog import Catalog
from handover.model.link import PLACEHOLDER, Link
from handover.model.located import Id, Located
from handover.model.message import FILE
from handover.model.pattern import TokenPlace
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform, Token
from handover.model.reserved import DEVICES, RESERVED
from handover.model.text import visible


@dataclass(slots=True)
class Importer:
    """One run."""

    catalog: Catalog
    kind: str | None = None
    platform: Platform | None = None
    adopted: list[Adopted] = field(default_factory=list)
    scenarios: list[dict[str, Any]] = field(default_factory=list)
    """The entries of new scenarios for a playbook."""
    blanks: Blanks = field(init=False)
    links: Links = field(init=False)

    def __post_init__(self) -> None:
        self.blanks = Blanks(self.catalog)
        self.links = Links(self.blanks)

    def add(self, template: Template, source: str) -> None:
        """Adopt a template; `source` says where it is from, in one line, for people and for the next run."""
        source = visible(source)
        if self.is_known(source):
            return
        draft = self._draft(template)
        self.use(draft.platform, draft.kind, template.is_snippet)
        adopted = self._block(draft, source) if template.is_snippet else self._message(draft, source)
        is_there = draft.platform is not None and template.address
        adopted.head["origin"] = {str(draft.platform.id) if is_there and draft.platform else FILE: source}
        adopted.losses = list(draft.losses.words)
        adopted.placeholders = [name for name in self.blanks.used if name in self.catalog.placeholders]
        self.adopted.append(adopted)

    def is_known(self, source: str) -> bool:
        """True if an earlier run adopted it, which the report says then: some origin names it."""
        for each in self.catalog.contents:
            if any(source in places.values() for places in each.head.origin.values()):
                self.adopted.append(Adopted(each.body.path, source, False))
                return True
        return False

    def settle(self) -> None:
        """After the last template: what became a placeholder of all messages is no longer one of a message alone."""
        for each in self.adopted:
            own = each.head.get("placeholders", {})
            each.own = [name for name in each.own if not self.blanks.new[name].type]
            kept = {name: entry for name, entry in own.items() if not self.blanks.new[name].type}
            if own and not kept:
                del each.head["placeholders"]
            elif own:
                each.head["placeholders"] = kept
            if each.is_new:
                each.write()

    def use(self, platform: Platform | None, kind: str, is_shared: bool) -> None:
        """Begin a text: from this platform, of this kind, and for several messages if it `is_shared`."""
        before = self.blanks
        known = roles(self.catalog, kind)
        self.blanks = Blanks(self.catalog, platform, known, before.new, before.fields, is_shared=is_shared)
        self.links.blanks = self.blanks

    def _draft(self, template: Template) -> Draft:
        runs = [run for block in walk(template.body) for run in block.runs]
        words = " ".join([template.subject, *(f"{run.text} {run.href}" for run in runs)])
        exporters = [each for each in self.catalog.platforms.values() if each.exports_json and template.address]
        kind = self.kind or kind_of(template, self.catalog)
        found = exporters[0] if len(exporters) == 1 else platform_of(words, self.blanks, self._in_use(kind))
        platform = self.platform or found
        if self.kind is None and platform is not None and len(platform.takes) == 1:
            kind = platform.takes[0]
        return Draft(template, kind, platform, Losses(dict.fromkeys(template.dropped)))

    def markdown(self, blocks: Iterable[Block], losses: Losses, is_for_team: bool) -> str:
        """The blocks in the content language, with links and placeholders by their ids."""

        def target(href: str, words: str) -> str | None:
            return self.links.register(href, words, losses, is_for_team)

        return to_markdown(mapped(blocks, self.blanks), target)

    def _body(self, draft: Draft) -> str:
        blocks = without_tables(without_footer(draft, self.catalog), draft.losses)
        text = self.markdown(blocks, draft.losses, not draft.is_email)
        if not text:
            draft.notes.append("write the text")
        if self.blanks.unnamed:
            draft.notes.append("name the blanks")
        for control in self.blanks.controls:
            draft.losses.add("a condition", control)
            draft.notes.append("decide what a condition decided")
        for name, fallback in self.blanks.fallbacks.items():
            draft.losses.add(f"for '{name}' the fallback", fallback)
        return text or f"{FILL_IN} the text."

    def _message(self, draft: Draft, source: str) -> Adopted:
        template = draft.template
        subject = line(self.blanks.marked(template.subject))
        preheader = line(self.blanks.marked(template.preheader))
        in_subject = set(self.blanks.used)
        body = self._body(draft)
        head: dict[str, Any] = {"title": plain(template.title) or "Imported", "kind": draft.kind}
        if draft.is_email:
            if not subject:
                draft.notes.append("write the subject")
            head["subject"] = subject or f"{FILL_IN} the subject line"
            head |= {"preheader": preheader} if preheader else {}
            head |= addressing(self.catalog, draft)
        own = self.blanks.own(template.name, draft.kind)
        head |= {"placeholders": own} if own else {}
        head |= self._platforms(draft, own, in_subject, body) if draft.is_email else {}
        finish(head, draft.notes, plain(template.description))
        path = self.path("message", template.title, template.name)
        return Adopted(path, source, True, notes=draft.notes, own=list(own), body=body, head=head)

    def _block(self, draft: Draft, source: str) -> Adopted:
        body = self._body(draft)
        takers = self.catalog.snippet_takers()
        is_snippet = all(self._can_write_all(each, {}, set(), body) for each in takers) and not draft.notes
        head = {"title": plain(draft.template.title) or "Imported", "snippet": is_snippet}
        path = self.path("block", draft.template.title, draft.template.name)
        return Adopted(path, source, True, notes=draft.notes, body=body, head=head)

    def _platforms(self, draft: Draft, own: dict[str, Any], in_subject: set[str], body: str) -> dict[str, Any]:
        """The platforms of messages of this kind that can express it; none are named if those are all there are."""
        takers = [each for each in self.catalog.platforms.values() if draft.kind in each.takes]
        usual = [*(self._in_use(draft.kind) or takers), *([draft.platform] if draft.platform else [])]
        able = [each for each in usual if self._can_write_all(each, own, in_subject, body)]
        if draft.platform is not None and draft.platform in takers:
            if draft.platform not in able:
                draft.notes.append(f"give {draft.platform.label} a token for each placeholder in it")
            return {"platforms": [str(draft.platform.id)]}
        if usual and not able:
            draft.notes.append("give a platform a token for each placeholder in it")
        return {"platforms": [str(each.id) for each in able]} if able and len(able) < len(takers) else {}

    def _in_use(self, kind: str) -> list[Platform]:
        """The platforms that get messages of this kind."""
        messages = [each for each in self.catalog.messages.values() if each.head.kind == kind]
        platforms = self.catalog.platforms.values()
        return [each for each in platforms if any(message.goes_to(each) for message in messages)]

    def _can_write_all(self, platform: Platform, own: dict[str, Any], in_subject: set[str], body: str) -> bool:
        """True if the platform can write each placeholder of the text, the subject and the links."""
        known = {**self.catalog.placeholders, **self._placeholders(own)}
        in_text: tuple[TokenPlace, ...] = ("html", "text")
        uses = [(found[1], in_text) for found in PLACEHOLDER.finditer(body)]
        uses += [(name, ("html", "text", "subject")) for name in in_subject]
        for link in self._links_in(body):
            parts = link.parts()
            places: tuple[TokenPlace, ...] = ("attribute", "text") if len(parts) == 1 else ("address",)
            uses += [(str(part), places) for part in link.placeholders()]
        fields = self.blanks.fields.get(str(platform.id), {})
        tokens = {**platform.tokens, **{Id(name): Token(name=Located(field_)) for name, field_ in fields.items()}}
        able = platform.model_copy(update={"tokens": tokens})
        return all(can_write(able, known[name], places) for name, places in uses if name in known)

    def _links_in(self, body: str) -> Iterator[Link]:
        for name, entry in self.links.new.items():
            if f"][{name}]" in body:
                yield Link.model_validate({"id": name, **entry})
        for name, link in self.catalog.links.items():
            if f"][{name}]" in body:
                yield link

    def _placeholders(self, own: dict[str, Any]) -> dict[str, Placeholder]:
        entries = {**own, **self.new_placeholders()}
        return {name: Placeholder.model_validate({"id": name, **entry}) for name, entry in entries.items()}

    def path(self, kind: str, *titles: str) -> str:
        """A new file of this kind, named after the first title that has letters."""
        folder = f"content/{kind}s"
        base = next(filter(None, (slug(re.sub(r"\.\w+$", "", title)) for title in titles)), "imported")
        known = {"message": self.catalog.messages, "block": self.catalog.blocks, "scenario": self._scenarios()}[kind]
        taken = {*(f"{folder}/{name}.md" for name in known), *(each.path for each in self.adopted)}
        name, number = base, 1
        while f"{folder}/{name}.md" in taken or name in RESERVED.get(kind, ()) or name in DEVICES:
            number += 1
            name = f"{base}-{number}"
        return f"{folder}/{name}.md"

    def new_placeholders(self) -> dict[str, dict[str, str]]:
        """The entries for data/placeholders.yml."""
        sent = {name for key, fields in self.blanks.fields.items() for name in fields if self._is_sent_by(key)}
        return {
            name: new.entry(f"What '{new.label}' stands for.", "platform" if name in sent else "sender")
            for name, new in self.blanks.new.items()
            if new.type
        }

    def _is_sent_by(self, platform: str) -> bool:
        """True for a platform that sends to many, and so fills in everything itself."""
        return "marketing" in self.catalog.platforms[platform].takes

    def tokens(self, platform: str) -> dict[str, dict[str, Any]]:
        """The entries for `tokens` of a platform's file."""
        fields = self.blanks.fields[platform]
        return {
            name: {"name": field_, "verified": False, "source": "a template in use"} for name, field_ in fields.items()
        }

    def _scenarios(self) -> set[str]:
        """The ids of scenarios, also of those without a story."""
        ids = {str(each.id) for playbook in self.catalog.playbooks.values() for each in playbook.scenarios}
        return {*ids, *map(str, self.catalog.stories)}
