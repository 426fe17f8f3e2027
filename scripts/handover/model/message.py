"""The front matter of a message: what its head is, whom it goes to, its variants, its own placeholders."""

from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from handover.model.base import Fault, Model, Short
from handover.model.located import Day, Id, Language, Located, ProseLine, Reference
from handover.model.placeholder import Placeholder
from handover.model.platform import EmailKind

MessageKind = Literal[EmailKind, "post", "script"]

_REQUIRED_OF_EMAILS = ("layout", "from_", "to")
_ONLY_OF_EMAILS = ("subject", "preheader", "layout", "from_", "reply_to", "to", "cc", "bcc", "platforms")


class Address(Model):
    """A recipient."""

    name: ProseLine
    """The name, usually a placeholder."""
    email: ProseLine | None = None
    """The email address, usually a placeholder."""


def _require_by_kind(schema: dict[str, Any]) -> None:
    """Add to the JSON Schema which keys emails need, and which ones a post or a script cannot have."""
    is_no_email = {"properties": {"kind": {"enum": ["post", "script"]}}}
    refused = {name.rstrip("_"): False for name in _ONLY_OF_EMAILS}
    needed = [name.rstrip("_") for name in _REQUIRED_OF_EMAILS]
    schema |= {"if": is_no_email, "then": {"properties": refused}, "else": {"required": needed}}


class Sender(Short):
    """The sender: a name, or a name and an email address."""

    SHORT = "name"

    name: ProseLine
    """The name in From, as customers see it."""
    email: ProseLine | None = None
    """The email address in From; by default that of the brand's sender. A platform sends from its own."""


class Recipient(Short):
    """An email address, or an email address and a name."""

    SHORT = "email"

    email: ProseLine
    """The email address."""
    name: ProseLine | None = None
    """The name."""


class Variant(Short):
    """A variant: its name for people, or that and what differs from the message."""

    SHORT = "label"

    label: Located
    """Its name for people."""
    subject: ProseLine | None = None
    """Its subject line."""
    preheader: ProseLine | None = None
    """Its preheader."""
    language: Language | None = None
    """Its language."""


Origin: TypeAlias = Annotated[
    dict[Id | None, Located],
    BeforeValidator(lambda value: value if isinstance(value, dict) else {None: value}, Located | dict[Id, Located]),
    PlainSerializer(lambda value: value.get(None, value)),
]
"""The address of each variant of a message on a platform; under None that of what has no variants."""

FILE = "file"
"""In an origin, the name in place of a platform: its address is the file from which it was imported."""


class MessageHead(Model):
    """The front matter of content/messages/<message>.md."""

    model_config = ConfigDict(json_schema_extra=_require_by_kind)

    title: Located
    """Its name in the handbook, without placeholders. Customers never see it: an email's title is its subject."""
    description: Located | None = None
    """What it is for, in one sentence."""
    kind: MessageKind
    """`personal`: an email from one person to one person. `marketing`: an email that a platform sends to many people.
    `post`: a text for a chat, such as Slack or Teams. `script`: words for a call or a voicemail."""
    subject: Annotated[ProseLine | None, Field(default=None)]
    """The subject line."""
    preheader: ProseLine | None = None
    """The text that inboxes show after the subject, 40 to 110 characters."""
    layout: Annotated[Reference | None, Field(default=None, validate_default=True)]
    """The layout of the full email: templates/email/<layout>.mjml.j2. Emails need it."""
    from_: Annotated[Sender | None, Field(default=None, alias="from", validate_default=True)]
    """The sender's name, or name and email address. Emails need it."""
    reply_to: Recipient | None = None
    """Who gets the answers, if not the sender."""
    to: Annotated[Address | None, Field(default=None, validate_default=True)]
    """The recipient. Emails need it."""
    cc: tuple[Address, ...] = ()
    """The recipients of a copy."""
    bcc: tuple[Recipient, ...] = ()
    """The recipients of a copy that the others do not see."""
    language: Language | None = None
    """Its language, as in `de` or `pt-BR`, if it is not the brand's. The writing direction follows from it."""
    variants: Annotated[dict[Id, Variant], Field(max_length=50)] = {}
    """Its variants by id: the name of each for people, or a group of keys where more differs."""
    placeholders: Annotated[dict[Id, Placeholder], Field(max_length=50)] = {}
    """Placeholders of this message alone, by id; its blocks cannot use them."""
    platforms: tuple[Reference, ...] = ()
    """The platforms that it is exported to; by default all that send its kind."""
    draft: StrictBool = False
    """True while it is unfinished: no platform gets it, and its FILL INs are warnings."""
    origin: dict[Reference, Origin] = {}
    """Where it comes from, as `import` writes it: by platform its address there, or one for each variant; or under
    `file` the file. `drift` finds it by that."""
    owner: Located | None = None
    """The owner; by default the playbook's owner."""
    reviewed: Day | None = None
    """The day of the last review. The playbook's `review_days` says when it expires."""

    @field_validator(*_ONLY_OF_EMAILS)
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("kind")
        name = str(info.field_name)
        if kind in get_args(EmailKind) and value is None and name in _REQUIRED_OF_EMAILS:
            raise PydanticKnownError("missing")
        if kind in ("post", "script") and value:
            hint = f"Delete it: a {kind} is text to copy. For an email write 'kind: personal'."
            raise Fault(f"a {kind} has no '{name.rstrip('_')}'", hint=hint, at_key=True)
        return value

    @field_validator("variants")
    @classmethod
    def _variants_of_its_kind(cls, variants: dict[Id, Variant], info: ValidationInfo) -> dict[Id, Variant]:
        kind = info.data.get("kind")
        if "not" in variants:
            hint = "Choose another id: '::: only not a' is for all variants but a."
            raise Fault("a variant cannot be called 'not'", "not", hint=hint, at_key=True)
        for name, variant in variants.items() if kind in ("post", "script") else ():
            for key in ("subject", "preheader"):
                if getattr(variant, key):
                    raise Fault(f"a {kind} has no '{key}'", str(name), key, hint="Delete it.", at_key=True)
        return variants

    @field_validator("placeholders", mode="before")
    @classmethod
    def _named_by_key(cls, given: Any) -> Any:
        """Each with the key as its id, as in data/placeholders.yml."""
        if not isinstance(given, dict):
            return given
        for name, entry in given.items():
            if isinstance(entry, dict) and "id" in entry:
                hint = f"Delete the line: here it is '{name}', by the name of the entry."
                raise Fault("the key 'id' is unknown here", str(name), "id", hint=hint, at_key=True)
        return {name: {**entry, "id": name} if isinstance(entry, dict) else entry for name, entry in given.items()}

    @property
    def is_email(self) -> bool:
        """False for a post or a script: text to copy, without a subject, and for no platform."""
        return self.kind in get_args(EmailKind)

    @property
    def noun(self) -> str:
        """What people call it: `email`, `post` or `script`."""
        return "email" if self.is_email else self.kind

    @property
    def channel(self) -> str:
        """How it reaches people, as a sequence names its steps."""
        return {"personal": "Email", "marketing": "Automated email", "post": "Chat post", "script": "Call"}[self.kind]
