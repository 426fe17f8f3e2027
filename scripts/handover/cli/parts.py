"""One message or snippet, all the way: composed, checked, rendered, its outputs checked and put away.

Nothing of it depends on another message, on a playbook or a story: it is made from a catalog without them. So any
process can make it, and what came of it holds until its own file or something that all share has changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handover.check import Checked, check_addresses, check_artifact, check_part, check_rendering
from handover.check.files import Lack
from handover.check.syntax import Readers
from handover.compose.documents import Composed, Composer
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.content import Block, Message
from handover.model.diagnostic import Diagnostic, Place, error, has_errors
from handover.model.document import Composition, Document
from handover.model.marks import Marks
from handover.model.sent import Packed, packed, sent


class Keep(Protocol):
    """Where artifacts go."""

    def put(self, artifact: Artifact) -> Artifact:
        """Put its content where it belongs; what comes back knows where that is."""

    def again(self, artifacts: Sequence[Artifact]) -> bool:
        """True if what an earlier run put somewhere is there still, or is now where it belongs in this run."""

    def fetch(self, artifact: Artifact) -> None:
        """See that its content can be read in this process."""


class Hold:
    """In memory."""

    def put(self, artifact: Artifact) -> Artifact:
        """As it is, and whole."""
        return artifact if isinstance(artifact.held, bytes) else artifact.holding(artifact.content)

    def again(self, artifacts: Sequence[Artifact]) -> bool:
        """They hold it themselves."""
        return all(isinstance(artifact.held, bytes) for artifact in artifacts)

    def fetch(self, artifact: Artifact) -> None:
        """They hold it themselves."""


class Forget:
    """Nowhere: where only what is wrong with them is asked for."""

    def put(self, artifact: Artifact) -> Artifact:
        """Without its content."""
        return artifact.put_away()

    def again(self, artifacts: Sequence[Artifact]) -> bool:
        """Nobody asks for it."""
        return True

    def fetch(self, artifact: Artifact) -> None:
        """Nobody asks for it."""


@sent
@dataclass(frozen=True, slots=True)
class Part:
    """What came of one message or snippet."""

    entry: Message | Block
    composed: Composed
    checked: Checked
    artifacts: tuple[Artifact, ...]
    output_diagnostics: tuple[Diagnostic, ...]
    lacking: tuple[Lack, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with it, but for what is said once for several parts."""
        return (*self.composed.diagnostics, *self.checked.diagnostics, *self.output_diagnostics)

    @property
    def is_sound(self) -> bool:
        """True if nothing is wrong with it, and it has its outputs."""
        is_well = not (has_errors(self.diagnostics) or self.composed.once or self.checked.misread or self.lacking)
        return is_well and bool(self.artifacts)


@dataclass(slots=True)
class Sent:
    """A part, and how it is sent and kept; from another process it comes only in that form."""

    part: Part | None
    packed: Packed

    def __reduce__(self) -> tuple[type, tuple[None, Packed]]:
        return Sent, (None, self.packed)


@dataclass(slots=True)
class PartMaker:
    """Makes parts; none where the one of `known` by the path of its source does, outputs and all."""

    catalog: Catalog
    known: Mapping[str, Part]
    keep: Keep
    marks: Marks | None
    """None where nothing can be rendered."""
    jinja: Any
    is_sound: bool
    """False where outputs would only repeat what is wrong in the data."""
    composer: Composer = field(init=False)
    readers: Readers = field(init=False)

    def __post_init__(self) -> None:
        shared = self.catalog.alone()
        self.composer, self.readers = Composer(shared), Readers(shared)

    def __call__(self, entry: Message | Block) -> Sent | None:
        """What came of `entry`."""
        known = self.known.get(entry.body.path)
        if known is not None and (self.marks is None or self.keep.again(known.artifacts)):
            return None
        part = self.make(entry)
        return Sent(part, packed(part))

    def make(self, entry: Message | Block) -> Part:
        """The part itself."""
        catalog = self.catalog.alone(entry if isinstance(entry, Message) else None)
        composed = self.composer.one(entry)
        part = Composition.of(composed.documents)
        wrong = check_addresses(catalog, part)
        checked = check_part(catalog, part, self.readers, wrong)
        outputs = _Outputs([], [], [])
        if self.marks is not None and not (has_errors((*composed.diagnostics, *wrong)) or composed.once):
            for document in composed.documents:
                self._render(document, catalog, self.marks, self.is_sound and not checked.has_errors, outputs)
        artifacts, diagnostics, lacking = tuple(outputs.artifacts), tuple(outputs.diagnostics), tuple(outputs.lacking)
        return Part(entry, composed.put_away(), checked, artifacts, diagnostics, lacking)

    def _render(self, document: Document, catalog: Catalog, marks: Marks, is_sound: bool, outputs: "_Outputs") -> None:
        from handover.render.exports import artifacts, render
        from handover.render.templating import TemplateFault

        try:
            rendered = render(document, catalog, marks, self.jinja)
        except TemplateFault as fault:
            outputs.diagnostics.append(template_diagnostic(fault))
            return
        for rendering in rendered.renderings() if is_sound else ():
            outputs.diagnostics += check_rendering(rendering, marks)
        for artifact in artifacts(rendered, catalog, marks):
            found, lacking = check_artifact(catalog, artifact, marks)
            outputs.diagnostics += found
            outputs.lacking += lacking
            outputs.artifacts.append(self.keep.put(artifact))


@dataclass(slots=True)
class _Outputs:
    """What the outputs of one part come to."""

    artifacts: list[Artifact]
    diagnostics: list[Diagnostic]
    lacking: list[Lack]


def template_diagnostic(fault: Any) -> Diagnostic:
    """The finding for a template that cannot be rendered."""
    place = Place(f"templates/{fault.name}", fault.line)
    return error(
        place,
        "template-error",
        f"{fault.message.rstrip('.')}.",
        "Mend the template, or delete it to use the built-in one.",
    )
