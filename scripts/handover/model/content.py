"""`content/`: front matter and prose of messages, blocks and scenarios."""

from typing import Annotated

from pydantic import Field, StrictBool

from handover.model.base import Model
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Located, ProseLine, Reference
from handover.model.platform import MessageKind, Platform


class Address(Model):
    """A recipient."""

    name: ProseLine
    """The name, usually a placeholder."""
    email: ProseLine | None = None
    """The email address, usually a placeholder."""


class MessageHead(Model):
    """The front matter of content/messages/<message>.md."""

    title: Located
    """Its name in the handbook, without placeholders. Customers never see it: an email's title is its subject."""
    description: Located | None = None
    """What it is for, in one sentence."""
    subject: Annotated[ProseLine | None, Field(default=None)]
    """The subject line."""
    preheader: ProseLine | None = None
    """The text that inboxes show after the subject, 40 to 110 characters."""
    kind: MessageKind
    """`personal`: one person writes to one person. `marketing`: a platform sends it to many people."""
    layout: Reference
    """The layout of the full email: templates/email/<layout>.mjml.j2."""
    from_: Annotated[ProseLine, Field(alias="from")]
    """The sender's name, as customers see it."""
    to: Address
    """The recipient."""
    cc: tuple[Address, ...] = ()
    """The recipients of a copy."""
    variants: Annotated[dict[Id, Located], Field(max_length=50)] = {}
    """Its variants by id, each with its name for people."""
    platforms: tuple[Reference, ...] = ()
    """The platforms that it is exported to; by default all that send its kind."""
    owner: Located | None = None
    """The owner; by default the playbook's owner."""
    reviewed: Day | None = None
    """The day of the last review. The playbook's `review_days` says when it expires."""


class BlockHead(Model):
    """The front matter of content/blocks/<block>.md."""

    title: Located | None = None
    """Its name for people."""
    snippet: StrictBool = False
    """True to export it by itself too, as a snippet for any email."""


class ScenarioHead(Model):
    """The front matter of content/scenarios/<scenario>.md."""

    owner: Located | None = None
    """The owner; by default the playbook's owner."""
    reviewed: Day | None = None
    """The day of the last review. The playbook's `review_days` says when it expires."""


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
    """One email."""

    id: Id
    head: MessageHead
    body: Source

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
