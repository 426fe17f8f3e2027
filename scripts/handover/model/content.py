"""`content/`: front matter and prose of messages, blocks and scenarios."""

from typing import Annotated

from pydantic import Field, StrictBool

from handover.model.base import Model
from handover.model.diagnostic import Place
from handover.model.located import Day, Id, Located, Prose, Reference
from handover.model.platform import MessageKind, Platform


class Address(Model):
    """A person in the mail's head."""

    name: Prose
    """The name, often a placeholder."""
    email: Prose | None = None
    """The address, often a placeholder."""


class MessageHead(Model):
    """The front matter of content/messages/<message>.md."""

    title: Located
    """Its name in the handbook; no placeholders. Customers never read it: the title of the email is its subject."""
    description: Located | None = None
    """What it is for, in a sentence."""
    subject: Annotated[Prose | None, Field(default=None)]
    """The subject line."""
    preheader: Prose | None = None
    """What an inbox shows after the subject, 40 to 110 characters."""
    kind: MessageKind
    """`personal`: one person writes to one person. `marketing`: a platform writes to many."""
    layout: Reference
    """The layout of its full email: templates/email/<layout>.mjml.j2."""
    from_: Annotated[Prose, Field(alias="from")]
    """Who writes, as customers read it."""
    to: Address
    """Who gets it."""
    cc: tuple[Address, ...] = ()
    """Who is in copy."""
    variants: Annotated[dict[Id, Located], Field(max_length=50)] = {}
    """Its variants, each with the name that people say."""
    platforms: tuple[Reference, ...] = ()
    """The platforms that it is exported to; empty for all that take its kind."""
    owner: Located | None = None
    """Who keeps it right; the playbook's owner if nobody is named."""
    reviewed: Day | None = None
    """The day of the last review. How long it holds, the playbook says with `review_days`."""


class BlockHead(Model):
    """The front matter of content/blocks/<block>.md."""

    title: Located | None = None
    """Its name."""
    snippet: StrictBool = False
    """True if it is also exported by itself, to insert into any message."""


class ScenarioHead(Model):
    """The front matter of content/scenarios/<scenario>.md."""

    owner: Located | None = None
    """Who keeps it right; the playbook's owner if nobody is named."""
    reviewed: Day | None = None
    """The day of the last review. How long it holds, the playbook says with `review_days`."""


class Source(Model):
    """The lines of a content file below its front matter."""

    path: str
    """Relative to the root."""
    first_line: int
    """The number of the first of `lines` in the file, counted from 1."""
    lines: tuple[str, ...]
    """Without their line ends."""

    def place(self, index: int = 0, column: int = 1) -> Place:
        """The place of the line with this index."""
        return Place(self.path, self.first_line + index, column)


class Message(Model):
    """One email."""

    id: Id
    head: MessageHead
    body: Source

    def variant_ids(self) -> tuple[str | None, ...]:
        """The variants that it is composed in; `(None,)` without any."""
        return tuple(self.head.variants) or (None,)

    def goes_to(self, platform: Platform) -> bool:
        """True if it is exported to the platform. No draft goes anywhere, and nothing goes to a draft."""
        chosen = self.head.platforms
        is_taken = self.head.kind in platform.takes and (not chosen or str(platform.id) in chosen)
        return is_taken and not self.is_draft and not platform.is_draft


class Block(Model):
    """A passage that several messages share."""

    id: Id
    head: BlockHead
    body: Source


class Story(Model):
    """The prose of a scenario."""

    id: Id
    head: ScenarioHead
    body: Source
