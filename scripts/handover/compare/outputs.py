"""The outputs of two states of the sources, compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handover.compare.words import changes
from handover.model.document import Artifact
from handover.model.report import Line

Status = Literal["added", "modified", "removed", "unmodified"]

STATUSES: tuple[Status, ...] = ("added", "modified", "removed", "unmodified")


@dataclass(frozen=True, order=True, slots=True)
class Subject:
    """The subject of an output: an email in a variant (empty if it has none), a snippet, or a playbook's page."""

    kind: Literal["email", "playbook", "snippet"]
    id: str
    variant: str = ""

    def __str__(self) -> str:
        name = self.id if self.kind == "email" else f"{self.kind} {self.id}"
        return f"{name} ({self.variant})" if self.variant else name


Formats: TypeAlias = Mapping[str, Artifact]
Entry: TypeAlias = tuple[Literal["link", "placeholder"], str]


@dataclass(frozen=True, slots=True)
class Side:
    """One state: its artifacts, the text of each subject, and its source files by path.

    `entries` has the entries of files in which an output depends on single entries: a changed URL affects only
    outputs with that link.
    """

    artifacts: Sequence[Artifact]
    texts: Mapping[Subject, str]
    sources: Mapping[str, bytes]
    entries: Mapping[str, Mapping[Entry, str]]

    def outputs(self) -> dict[tuple[Subject, str], dict[str, Artifact]]:
        """The artifacts by subject and platform, then by format."""
        outputs: dict[tuple[Subject, str], dict[str, Artifact]] = {}
        for artifact in self.artifacts:
            subject = subject_of(artifact)
            if subject is not None:
                outputs.setdefault((subject, artifact.platform), {})[artifact.format] = artifact
        return outputs


@dataclass(frozen=True, slots=True)
class Output:
    """One subject for one platform: the formats that differ, and the changed sources of these."""

    subject: Subject
    platform: str
    status: Status
    formats: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """The changed lines of these subjects; `platform` is empty if they are the same on all platforms.

    Without `lines` the text is the same, and the `formats` differ in something else.
    """

    subjects: tuple[Subject, ...]
    platform: str
    lines: tuple[Line, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Each output, the changes of text, and the subjects that each changed source affects."""

    outputs: tuple[Output, ...]
    text_changes: tuple[TextChange, ...]
    causes: Mapping[str, tuple[Subject, ...]]

    def count(self, status: Status) -> int:
        """The number of outputs with this status."""
        return sum(output.status == status for output in self.outputs)


def subject_of(artifact: Artifact) -> Subject | None:
    """The subject of an artifact; None for an archive."""
    if artifact.message is not None:
        return Subject("email", artifact.message, artifact.variant or "")
    if artifact.block is not None:
        return Subject("snippet", artifact.block)
    if artifact.format == "markdown":
        return Subject("playbook", artifact.path.rsplit("/", 1)[-1].removesuffix(".md"))
    return None


def compare(old: Side, new: Side) -> Comparison:
    """The differences from `old` to `new`."""
    before, after, changed = old.outputs(), new.outputs(), _changed(old, new)
    outputs = tuple(
        _output(key, before.get(key, {}), after.get(key, {}), changed) for key in sorted(before.keys() | after.keys())
    )
    causes = {
        path: tuple(dict.fromkeys(output.subject for output in outputs if path in output.causes)) for path in changed
    }
    return Comparison(outputs, _merged(_text_changes(outputs, old, new)), causes)


def _changed(old: Side, new: Side) -> dict[str, set[Entry] | None]:
    """The changed files in order, each with its changed entries; None for a file without entries."""
    changed: dict[str, set[Entry] | None] = {}
    for path in sorted(old.sources.keys() | new.sources.keys()):
        if old.sources.get(path) != new.sources.get(path):
            before, after = old.entries.get(path), new.entries.get(path)
            has_entries = before is not None and after is not None
            changed[path] = {key for key, _ in before.items() ^ after.items()} if has_entries else None  # type: ignore[union-attr]
    return changed


def _output(
    key: tuple[Subject, str], before: Formats, after: Formats, changed: Mapping[str, set[Entry] | None]
) -> Output:
    subject, platform = key
    formats = [
        name
        for name in sorted(before.keys() | after.keys())
        if name not in before or name not in after or before[name].content != after[name].content
    ]
    status: Status = "modified" if formats else "unmodified"
    if not before or not after:
        status = "added" if after else "removed"
    artifacts = [each[name] for each in (before, after) for name in formats if name in each]
    causes = [path for path, entries in changed.items() if any(_is_from(path, entries, each) for each in artifacts)]
    return Output(subject, platform, status, tuple(formats), tuple(causes))


def _is_from(path: str, entries: set[Entry] | None, artifact: Artifact) -> bool:
    """True if an artifact depends on the changed part of a file. Every layout depends on the `_` files beside it."""
    folder, _, name = path.rpartition("/")
    if path not in artifact.sources:
        return name.startswith("_") and any(source.startswith(f"{folder}/") for source in artifact.sources)
    used = {("link", each) for each in artifact.links} | {("placeholder", each) for each in artifact.placeholders}
    return entries is None or bool(entries & used)


def _text_changes(outputs: Iterable[Output], old: Side, new: Side) -> Iterator[TextChange]:
    before, after = old.outputs(), new.outputs()
    by_subject: dict[Subject, tuple[Line, ...]] = {}
    reported: set[Line] = set()
    for output in outputs:
        subject, key = output.subject, (output.subject, output.platform)
        if output.status == "unmodified":
            continue
        if subject not in by_subject:
            lines = by_subject[subject] = changes(old.texts.get(subject, ""), new.texts.get(subject, ""))
            fresh = tuple(line for line in dict.fromkeys(lines) if not _is_quoted(line, reported))
            reported |= {_difference(line) for line in lines}
            if fresh:
                yield TextChange((subject,), "", fresh, ())
        platform_changed = f"data/platforms/{output.platform}.yml" in output.causes
        if output.status == "modified" and (platform_changed or not by_subject[subject]):
            lines = changes(_plain(before[key]), _plain(after[key]))
            lines = tuple(line for line in lines if _difference(line) not in reported)
            if lines or not by_subject[subject]:
                yield TextChange((subject,), output.platform, lines, () if lines else output.formats)


def _is_quoted(line: Line, reported: set[Line]) -> bool:
    """True for a playbook's quote of an email's line that is reported already."""
    return line[0][1].startswith("> ") and _difference(line) in reported


def _difference(line: Line) -> Line:
    return tuple((kind, text.removeprefix("> ").strip()) for kind, text in line if kind != "same")


def _plain(formats: Formats) -> str:
    """The subject and plain text for one platform, with its tokens."""
    return "\n".join(formats[name].content.decode() for name in ("subject", "text") if name in formats)


def _merged(text_changes: Iterable[TextChange]) -> tuple[TextChange, ...]:
    """The same change of several subjects as one."""
    subjects: dict[tuple[object, ...], list[Subject]] = {}
    for each in text_changes:
        subjects.setdefault((each.platform, each.lines, each.formats), []).extend(each.subjects)
    return tuple(TextChange(tuple(same), *key) for key, same in subjects.items())  # type: ignore[arg-type]
