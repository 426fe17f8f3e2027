"""`content/`: front matter and prose of messages, blocks and scenarios."""

from functools import cached_property

from pydantic import StrictBool

from handover.model.base import FILL_IN, Model
from handover.model.brand import Brand
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Language, Located, ProseLine, Reference
from handover.model.message import MessageHead, Origin, Variant
from handover.model.platform import Platform


class BlockHead(Model):
    """The front matter of content/blocks/<block>.md."""

    title: Located | None = None
    """Its name for people."""
    snippet: StrictBool = False
    """True to export it by itself too, as a snippet for any email."""
    origin: dict[Reference, Origin] = {}
    """Where it comes from, as `import` writes it: by platform its address there, or under `file` the file."""


class ScenarioHead(Model):
    """The front matter of content/scenarios/<scenario>.md."""

    owner: Located | None = None
    """The owner; by default the playbook's owner."""
    reviewed: Day | None = None
    """The day of the last review. The playbook's `review_days` says when it expires."""
    origin: dict[Reference, Origin] = {}
    """Where it comes from, as `import` writes it: under `file` the file."""


class Source(Model):
    """The lines of a content file below its front matter."""

    path: str
    """The path of the file, relative to the root."""
    first_line: int
    """The line number of the first of `lines`, counted from 1."""
    lines: tuple[str, ...]
    """The lines, without line ends."""

    def place(self, index: int = 0, column: int = 1) -> Place:
        """The place of a line, by its index in `lines`."""
        return Place(self.path, self.first_line + index, column)


class Message(Model):
    """One email, post or script."""

    id: Id
    head: MessageHead
    body: Source
    is_of_checklist: bool = False
    """True for a post that an item of a checklist names, which can have the placeholders of the checklist."""
    is_reply: bool = False
    """True if some step sends it as a reply."""
    answers: "Message | None" = None
    """The message that it replies to, in that one's thread."""

    @cached_property
    def is_draft(self) -> bool:
        """True if it is a draft by its front matter, or some text in it is unfinished."""
        return self.head.draft or FILL_IN in self.model_dump_json(exclude={"answers"})

    def subject(self, variant: str | None) -> ProseLine | None:
        """The subject line of a variant: its own, else the message's."""
        return self._of(variant).subject or self.head.subject

    def preheader(self, variant: str | None) -> ProseLine | None:
        """The preheader of a variant: its own, else the message's."""
        return self._of(variant).preheader or self.head.preheader

    def language(self, variant: str | None, brand: Brand) -> Language:
        """The language of a variant: its own, else the message's, else the brand's."""
        return self._of(variant).language or self.head.language or brand.language

    def _of(self, variant: str | None) -> "Variant | MessageHead":
        return self.head if variant is None else self.head.variants[Id(variant)]

    def variant_ids(self) -> tuple[str | None, ...]:
        """The ids of its variants; `(None,)` if it has none."""
        return tuple(self.head.variants) or (None,)

    def goes_to(self, platform: Platform) -> bool:
        """True if it is exported to the platform; never if one of them is a draft."""
        chosen = self.head.platforms
        is_accepted = self.head.kind in platform.takes and (not chosen or str(platform.id) in chosen)
        return is_accepted and not self.is_draft and not platform.is_draft


class Block(Model):
    """A block of text that several messages share."""

    id: Id
    head: BlockHead
    body: Source


class Story(Model):
    """The text of a scenario."""

    id: Id
    head: ScenarioHead
    body: Source
