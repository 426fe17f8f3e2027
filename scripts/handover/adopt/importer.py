"""Templates to files of a repository: one run, in which the same address or blank is one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args

from handover.adopt.addresses import Links
from handover.adopt.blanks import Blanks
from handover.adopt.blocks import Block, Losses, walk
from handover.adopt.markdown import line, to_markdown
from handover.adopt.message import (
    Adopted,
    addressing,
    is_footer,
    mapped,
    platform_of,
    roles,
    title,
    without_footer,
    without_tables,
)
from handover.adopt.template import Template, without_rules
from handover.adopt.tokens import slug, unused
from handover.model.base import FILL_IN
from handover.model.catalog import Catalog
from handover.model.link import PLACEHOLDER, Link
from handover.model.located import Id, Located
from handover.model.pattern import TokenPlace
from handover.model.placeholder import Placeholder
from handover.model.platform import EmailKind, Platform, Token
from handover.model.spelling import DEVICES, RESERVED
from handover.model.text import visible

_EMAILS = get_args(EmailKind)


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
        kind, platform = self._detected(template)
        self.use(platform, kind, template.is_snippet)
        path = self.path("block" if template.is_snippet else "message", template.title, template.name)
        adopted = Adopted(path, source, losses=Losses(dict.fromkeys(template.dropped)))
        if platform is not None and template.address:
            adopted.origin = str(platform.id)
        if template.is_snippet:
            self._block(template, kind, adopted)
        else:
            self._message(template, kind, adopted)
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
        for own in (each.own for each in self.adopted):
            for name in [name for name in own if self.blanks.new[name].type]:
                del own[name]

    def use(self, platform: Platform | None, kind: str, is_shared: bool) -> None:
        """Begin a text: from this platform, of this kind, and for several messages if it `is_shared`."""
        before = self.blanks
        known = roles(self.catalog, kind)
        self.blanks = Blanks(self.catalog, platform, known, before.new, before.fields, is_shared=is_shared)
        self.links.blanks = self.blanks

    def _detected(self, template: Template) -> tuple[str, Platform | None]:
        """The kind of a template, and the platform that it is from."""
        runs = [run for block in walk(template.body) for run in block.runs]
        words = " ".join([template.subject, *(f"{run.text} {run.href}" for run in runs)])
        exporters = [each for each in self.catalog.platforms.values() if each.exports_json and template.address]
        kind = self.kind or ("marketing" if is_footer(template.body, self.catalog) else "personal")
        found = exporters[0] if len(exporters) == 1 else platform_of(words, self.blanks, self._in_use(kind))
        platform = self.platform or found
        if self.kind is None and platform is not None and len(platform.takes) == 1:
            kind = platform.takes[0]
        return kind, platform

    def markdown(self, blocks: Iterable[Block], losses: Losses, is_for_team: bool) -> str:
        """The blocks in the content language, with links and placeholders by their ids."""
        target = partial(self.links.register, losses=losses, is_for_team=is_for_team)
        return to_markdown(mapped(blocks, self.blanks), target)

    def _body(self, template: Template, kind: str, adopted: Adopted) -> None:
        """Write the text."""
        losses, notes = adopted.losses, adopted.notes
        blocks = template.body if kind != "marketing" else without_footer(template.body, self.catalog, losses)
        is_email = kind in _EMAILS
        text = self.markdown(without_tables(without_rules(blocks), losses), losses, is_for_team=not is_email)
        if not text:
            notes.append("write the text")
        if self.blanks.unnamed:
            notes.append("name the blanks")
        for control in self.blanks.controls:
            losses.add("a condition", control)
            notes.append("decide what a condition decided")
        for name, fallback in self.blanks.fallbacks.items():
            losses.add(f"for '{name}' the fallback", fallback)
        adopted.body = text or f"{FILL_IN} the text."

    def _message(self, template: Template, kind: str, adopted: Adopted) -> None:
        subject = line(self.blanks.marked(template.subject))
        preheader = line(self.blanks.marked(template.preheader))
        in_subject = set(self.blanks.used)
        self._body(template, kind, adopted)
        is_email, own = kind in _EMAILS, self.blanks.own(template.name, kind)
        adopted.head = {"title": title(template.title) or "Imported", "kind": kind}
        if is_email:
            if not subject:
                adopted.notes.append("write the subject")
            adopted.head |= {"subject": subject or f"{FILL_IN} the subject line", "preheader": preheader}
            adopted.head |= addressing(self.catalog, kind, adopted.notes)
        adopted.head["placeholders"] = own
        if is_email:
            adopted.head |= self._platforms(kind, adopted, in_subject)
        adopted.head["description"] = title(template.description)

    def _block(self, template: Template, kind: str, adopted: Adopted) -> None:
        self._body(template, kind, adopted)
        takers = self.catalog.snippet_takers()
        is_snippet = all(self._can_write_all(each, adopted, set()) for each in takers) and not adopted.notes
        adopted.head = {"title": title(template.title) or "Imported", "snippet": is_snippet}

    def _platforms(self, kind: str, adopted: Adopted, in_subject: set[str]) -> dict[str, Any]:
        """The platforms of messages of this kind that can express it; none are named if those are all there are."""
        platform = self.blanks.platform
        takers = [each for each in self.catalog.platforms.values() if kind in each.takes]
        usual = [*(self._in_use(kind) or takers), *([platform] if platform else [])]
        able = [each for each in usual if self._can_write_all(each, adopted, in_subject)]
        if platform is not None and platform in takers:
            if platform not in able:
                adopted.notes.append(f"give {platform.label} a token for each placeholder in it")
            return {"platforms": [str(platform.id)]}
        if usual and not able:
            adopted.notes.append("give a platform a token for each placeholder in it")
        return {"platforms": [str(each.id) for each in able]} if able and len(able) < len(takers) else {}

    def _in_use(self, kind: str) -> list[Platform]:
        """The platforms that get messages of this kind."""
        messages = [each for each in self.catalog.messages.values() if each.head.kind == kind]
        platforms = self.catalog.platforms.values()
        return [each for each in platforms if any(message.goes_to(each) for message in messages)]

    def _can_write_all(self, platform: Platform, adopted: Adopted, in_subject: set[str]) -> bool:
        """True if the platform can write each placeholder of the text, the subject and the links."""
        known: dict[str, Placeholder] = {str(name): each for name, each in self.catalog.placeholders.items()}
        for name, entry in {**adopted.own, **self.new_placeholders()}.items():
            known[name] = Placeholder.model_validate({"id": name, **entry})
        in_text: tuple[TokenPlace, ...] = ("html", "text")
        uses = [(found[1], in_text) for found in PLACEHOLDER.finditer(adopted.body)]
        uses += [(name, ("html", "text", "subject")) for name in in_subject]
        links = {name: Link.model_validate({"id": name, **entry}) for name, entry in self.links.new.items()}
        for name, link in {**links, **self.catalog.links}.items():
            if f"][{name}]" in adopted.body:
                uses += [(str(blank), link.token_places(blank)) for blank in link.placeholders()]
        fields = self.blanks.fields.get(str(platform.id), {})
        tokens = {**platform.tokens, **{Id(name): Token(name=Located(field_)) for name, field_ in fields.items()}}
        able = platform.model_copy(update={"tokens": tokens})
        return all(
            known[name].type == "choice"
            or able.write_placeholder(known[name], place) is not None
            or able.shows_instead(known[name], place)
            for name, places in uses
            if name in known
            for place in places
        )

    def path(self, kind: str, *titles: str) -> str:
        """A new file of this kind, named after the first title that has letters."""
        folder = f"content/{kind}s"
        base = next(filter(None, (slug(re.sub(r"\.\w+$", "", title)) for title in titles)), "imported")
        playbooks = self.catalog.playbooks.values()
        scenarios = [*self.catalog.stories, *(each.id for playbook in playbooks for each in playbook.scenarios)]
        known = {"message": self.catalog.messages, "block": self.catalog.blocks, "scenario": scenarios}[kind]
        taken = {*known, *RESERVED.get(kind, ()), *DEVICES}
        taken |= {each.path.removeprefix(f"{folder}/").removesuffix(".md") for each in self.adopted}
        return f"{folder}/{unused(base, taken)}.md"

    def new_placeholders(self) -> dict[str, dict[str, str]]:
        """The entries for data/placeholders.yml."""
        platforms = self.catalog.platforms  # one that sends to many fills in everything itself
        sent = {
            name for key, names in self.blanks.fields.items() if "marketing" in platforms[key].takes for name in names
        }
        return {
            name: new.entry(f"What '{new.label}' stands for.", "platform" if name in sent else "sender")
            for name, new in self.blanks.new.items()
            if new.type
        }

    def tokens(self, platform: str) -> dict[str, dict[str, Any]]:
        """The entries for `tokens` of a platform's file."""
        fields = self.blanks.fields[platform]
        return {
            name: {"name": field_, "verified": False, "source": "a template in use"} for name, field_ in fields.items()
        }
