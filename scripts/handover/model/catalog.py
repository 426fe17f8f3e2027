"""All data and content of one root, typed and frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from handover.model.base import located_texts
from handover.model.brand import Brand, MailClients
from handover.model.content import Block, Message, Story
from handover.model.link import Link, LinkRules
from handover.model.located import Located, Party
from handover.model.picture import Screenshots
from handover.model.placeholder import CHECKLIST_PLACEHOLDERS, Person, Placeholder
from handover.model.platform import Platform
from handover.model.playbook import Playbook, Term
from handover.model.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Catalog:
    """All data and content by id, in the order of the files.

    `excused` has the ids of entries that could not be read: their own errors are reported, so references to them
    are not errors. `"links/*"` in it excuses every link: the whole file could not be read.
    """

    brand: Brand
    playbooks: Mapping[str, Playbook]
    links: Mapping[str, Link]
    placeholders: Mapping[str, Placeholder]
    platforms: Mapping[str, Platform]
    terms: Mapping[str, Term]
    messages: Mapping[str, Message]
    blocks: Mapping[str, Block]
    stories: Mapping[str, Story]
    templates: Mapping[str, str]
    """The text of each template, by its path below templates/."""
    link_rules: LinkRules = field(default_factory=LinkRules)
    """The rules of the link check, besides the built-in ones."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """The colleagues whom a form offers."""
    pictures: Mapping[str, Located] = field(default_factory=dict)
    """The pictures that the handbook's prose can have, by the names of their files, each at its file."""
    screenshots: Mapping[str, Screenshots] = field(default_factory=dict)
    mail_clients: MailClients = field(default_factory=MailClients)
    """The features that email clients lack."""
    snippet_platforms: frozenset[str] = field(default_factory=frozenset)
    """The ids of the platforms to paste into that an email goes to: they get every snippet too."""
    excused: frozenset[str] = field(default_factory=frozenset)
    broken: frozenset[str] = field(default_factory=frozenset)
    """The files of which a part could not be read."""
    knows_places: bool = True
    """False if part of a playbook could not be read, or it names unknown messages: a message may have more places."""
    fillable: Mapping[str, Placeholder] = field(init=False)
    """The placeholders by id, with those that only the posts of checklists have."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fillable", {**CHECKLIST_PLACEHOLDERS, **self.placeholders})

    def excuses(self, kind: str, name: str) -> bool:
        """True if an entry of this `kind` (a field of the catalog) and id exists but could not be read."""
        return name in self.excused or f"{kind}/*" in self.excused

    def takers(self, message: Message) -> list[Platform]:
        """The platforms that a message is exported to."""
        return [platform for platform in self.platforms.values() if message.goes_to(platform)]

    def snippet_takers(self) -> list[Platform]:
        """The platforms that a snippet is exported to."""
        return [platform for platform in self.platforms.values() if platform.id in self.snippet_platforms]

    @property
    def contents(self) -> tuple[Message | Block | Story, ...]:
        """All that is in content/."""
        return (*self.messages.values(), *self.blocks.values(), *self.stories.values())

    @property
    def scenarios(self) -> list[Scenario]:
        """The scenarios of all playbooks."""
        return [scenario for playbook in self.playbooks.values() for scenario in playbook.scenarios]

    def plain_texts(self) -> Iterator[Located]:
        """The values with neither Markdown nor placeholders, such as titles and labels; not ids, nor URLs of links."""
        content = (self.messages, self.blocks)
        values = (self.playbooks, self.links, self.terms, self.placeholders, self.people, content)
        return (text for text in located_texts(values, "url") if type(text) in (Located, Party))

    @property
    def every_placeholder(self) -> tuple[Placeholder, ...]:
        """Those of data/placeholders.yml, and those of single messages."""
        own = (each for message in self.messages.values() for each in message.head.placeholders.values())
        return (*self.placeholders.values(), *own)

    def of(self, message: Message) -> "Catalog":
        """The catalog with the placeholders of this message, and of the one whose subject it has, among the others."""
        heads = [message.answers.head, message.head] if message.answers else [message.head]
        own = {str(name): placeholder for head in heads for name, placeholder in head.placeholders.items()}
        return replace(self, placeholders={**self.placeholders, **own}) if own else self

    @property
    def has_whole_playbooks(self) -> bool:
        """True if every playbook could be read, and all of it."""
        return "playbooks/*" not in self.excused and not any(path.startswith("data/playbooks/") for path in self.broken)

    def party(self, name: str) -> str:
        """A person or a team in words: a glossary term by its id, else the words themselves."""
        return str(self.terms[name].term) if name in self.terms else name

    @property
    def term_ids(self) -> dict[str, str]:
        """The ids of the glossary, by the terms as the handbook writes them."""
        return {str(each.term): str(each.id) for each in self.terms.values()}

    @property
    def glossary(self) -> list[Term]:
        """The terms in alphabetical order, with letters with accents among those without."""
        return sorted(self.terms.values(), key=lambda each: (normalize("NFKD", each.term).casefold(), each.term))

    def alone(self, message: Message | None = None) -> "Catalog":
        """The catalog with at most this message and its placeholders, and without playbooks and scenario texts."""
        if message is None:
            return replace(self, messages={}, playbooks={}, stories={})
        return replace(self.of(message), messages={str(message.id): message}, playbooks={}, stories={})

    def layouts(self) -> list[str]:
        """The names of the email layouts."""
        ending = ".mjml.j2"
        return sorted(
            name.removeprefix("email/").removesuffix(ending)
            for name in self.templates
            if name.startswith("email/") and name.endswith(ending) and "/_" not in name
        )


def pasted_into(platforms: Mapping[str, Platform], messages: Mapping[str, Message]) -> frozenset[str]:
    """The ids of the platforms that snippets are exported to: those that some message is pasted into."""
    pasted = [platform for platform in platforms.values() if platform.format == "fragment"]
    return frozenset(str(each.id) for each in pasted if any(message.goes_to(each) for message in messages.values()))
