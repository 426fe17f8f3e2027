"""The stages, one after the other: what every command starts with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from handover.check import check_data, check_lacks, check_references, check_whole
from handover.cli.memo import Memo
from handover.cli.options import built_in, repository
from handover.cli.parts import Hold, Keep, Part, PartMaker
from handover.compose.documents import Composer
from handover.load.catalog import load
from handover.load.pictures import read_pictures
from handover.load.site_settings import check_site_settings
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.content import Block, Message
from handover.model.diagnostic import Diagnostic, Place, error, has_errors, in_order
from handover.model.document import Composition
from handover.model.link_report import LinkReport
from handover.model.marks import Marks, marks_for
from handover.model.sent import unpacked
from handover.processes import spread


@dataclass(frozen=True, slots=True)
class Shared:
    """What a run made of all that messages share, for another one over the very same."""

    digest: str
    """Stands for all of it: `Memo.shared`."""
    marks: Marks
    jinja: Any
    passages: Mapping[Place, Any]
    """The prose of data files, where nothing was wrong with it; each file's part is good for the same file only."""
    files: Mapping[str, str]
    """The digests of the sources then."""

    def passages_of(self, files: Mapping[str, str]) -> dict[Place, Any]:
        """Those of the files that are the same still."""
        same = {path for path, digest in files.items() if self.files.get(path) == digest}
        return {place: passage for place, passage in self.passages.items() if place.path in same}


@dataclass(slots=True)
class Examined:
    """What came of the sources at a root. Without a catalog nothing could be read at all."""

    root: Path
    diagnostics: list[Diagnostic]
    catalog: Catalog | None = None
    composition: Composition | None = None
    marks: Marks | None = None
    """None where nothing could be rendered: something that all outputs need is wrong."""
    jinja: Any = None
    artifacts: list[Artifact] = field(default_factory=list)
    memo: Memo = field(default_factory=Memo)
    """What need not be made again, then and the next time."""
    shared: Shared | None = None
    """What another run in this process need not make again; None where there was a finding on the way to it."""

    @property
    def has_errors(self) -> bool:
        """True if something keeps the build from publishing."""
        return has_errors(self.diagnostics)

    @property
    def rendered(self) -> Iterator[Any]:
        """Each document in every form, rendered anew. Raises TemplateFault."""
        if self.catalog is not None and self.composition is not None and self.marks is not None:
            from handover.render.exports import render

            for document in (*self.composition.documents, *self.composition.snippets):
                yield render(document, self.catalog, self.marks, self.jinja)


T = TypeVar("T")
R = TypeVar("R")
HOLD = Hold()


def examine(root: Path, keep: Keep | None = HOLD, memo: Memo | None = None, before: Shared | None = None) -> Examined:
    """Load, compose, check and render the sources at `root`; all that is wrong with them is in the result.

    Artifacts go to `keep`; without one nothing is rendered. What `memo` knows is not made again, nor what a run
    `before` this one made of the same.
    """
    repository(root)
    memo = memo or Memo()
    known = _known(memo)
    shared = before if before is not None and before.digest == memo.shared else None
    entries = {path: part.entry for path, part in known.items()}
    loaded = load(root, built_in("templates"), entries, shared.marks.catalog if shared else None, each_of)
    made = Examined(root, list(loaded.diagnostics), loaded.catalog, memo=memo, shared=shared)
    if made.catalog is not None:
        beyond = _beyond_bounds(made.catalog)
        made.diagnostics += beyond
        if not beyond:
            _make(made, made.catalog, keep, known)
    made.diagnostics = in_order([*made.diagnostics, *check_site_settings(root)])
    return made


def read(root: Path) -> Examined:
    """The same without anything rendered."""
    return examine(root, keep=None)


def _make(made: Examined, catalog: Catalog, keep: Keep | None, known: Mapping[str, Part]) -> None:
    so_far = [*made.diagnostics, *check_references(catalog)]
    in_data = check_data(catalog)
    if keep is not None and not has_errors(so_far):
        from handover.render.templating import environment

        texts = [*catalog.templates.values()]
        texts += ["\n".join(entry.body.lines) for kind in (catalog.messages, catalog.blocks) for entry in kind.values()]
        made.marks, made.jinja = marks_for(catalog.alone(), texts), environment(catalog.templates)
        if made.shared is not None and made.shared.marks.prefix == made.marks.prefix:
            made.marks, made.jinja = made.shared.marks, made.shared.jinja
    maker = PartMaker(catalog, known, keep or HOLD, made.marks, made.jinja, is_sound=not has_errors(in_data))
    entries: list[Message | Block] = [
        *catalog.messages.values(),
        *(block for block in catalog.blocks.values() if block.head.snippet),
    ]
    parts = _parts(maker, entries, made.memo)
    files = made.memo.sources.files if made.memo.sources is not None else {}
    passages = made.shared.passages_of(files) if made.shared is not None else {}
    made.composition, found = Composer(catalog).all([part.composed for part in parts], passages)
    if made.marks is not None and not made.diagnostics:
        passages = {} if found else made.composition.passages
        made.shared = Shared(made.memo.shared, made.marks, made.jinja, passages, files)
    so_far += [*in_data, *found]
    so_far += [each for part in parts for each in (*part.checked.diagnostics, *part.output_diagnostics)]
    misread = [each for part in parts for each in part.checked.misread]
    made.diagnostics = check_whole(catalog, made.composition, so_far, misread)
    made.diagnostics += check_lacks(catalog, [lack for part in parts for lack in part.lacking])
    for part in parts:
        for artifact in part.artifacts:
            maker.keep.fetch(artifact)
            made.artifacts.append(artifact)


def _known(memo: Memo) -> dict[str, Part]:
    """The parts that need not be made again, by the paths of their sources."""
    sources = memo.sources.files if memo.sources is not None else {}
    parts = {path: memo.known(path, digest) for path, digest in sources.items() if path in memo.before}
    return {path: part for path, part in parts.items() if part is not None}


def _parts(maker: PartMaker, entries: Sequence[Message | Block], memo: Memo) -> list[Part]:
    """The part of each of the entries; those that are sound are kept in `memo`."""
    parts = []
    for entry, sent in zip(entries, each_of(maker, entries), strict=True):
        path = entry.body.path
        if sent is not None:
            part = sent.part or replace(unpacked(sent.packed), entry=entry)  # which is held by the catalog
            if part.is_sound and memo.sources is not None and path in memo.sources.files:
                memo.keep(path, memo.sources.files[path], sent.packed)
        else:
            part = maker.known[path]
            memo.had_again(path)
        parts.append(part)
    return parts


def each_of(work: Callable[[T], R], items: Sequence[T]) -> Iterable[R]:
    """`work` of each, by several processes where that is worth it."""
    return spread(work, items) if len(items) > FEW else map(work, items)


FEW = 48
"""Messages, snippets and files that are made or read sooner than another process is there to make half of them."""

MAX_EMAILS = 250_000
"""Messages in each variant for each platform: three times as many as five thousand messages make."""


def _beyond_bounds(catalog: Catalog) -> list[Diagnostic]:
    """That there is more to make than a machine bears."""
    emails = sum(len(message.variant_ids()) for message in catalog.messages.values()) * (len(catalog.platforms) + 1)
    if emails <= MAX_EMAILS:
        return []
    message = f"these are {emails:,} emails, each variant for each platform, and {MAX_EMAILS:,} are the most."
    return [error(Place("content/messages"), "too-many-files", message, "Take out what nobody sends.")]


def handbook(made: Examined, link_report: LinkReport | None = None) -> Any:
    """The handbook of an examined root without errors; `link_report` is what the link check found, if that is known."""
    from handover.render.pages import Handbook, with_filters

    if made.catalog is None or made.composition is None or made.marks is None:
        raise ValueError("only sources without an error have a handbook")
    pictures = read_pictures(made.root, made.catalog)
    jinja = with_filters(made.jinja)
    return Handbook(made.catalog, made.composition, made.artifacts, made.marks, jinja, link_report, pictures)
