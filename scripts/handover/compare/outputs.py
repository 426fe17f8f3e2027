"""The outputs of two states of the sources, held against each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handover.compare.words import Line, changes
from handover.model.artifact import Artifact

Status = Literal["added", "modified", "removed", "unmodified"]

STATUSES: tuple[Status, ...] = ("added", "modified", "removed", "unmodified")


@dataclass(frozen=True, order=True, slots=True)
class Subject:
    """What an output is made for: an email in a variant (empty without any), a snippet, or a playbook's page."""

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
    """One state: its artifacts, what a reader reads of each subject, and the files that it is made from.

    `entries` has, for a file with many entries, what each says: a link's address does not matter to outputs that
    do not have that link.
    """

    artifacts: Sequence[Artifact]
    texts: Mapping[Subject, str]
    sources: Mapping[str, bytes]
    entries: Mapping[str, Mapping[Entry, str]]

    def outputs(self) -> dict[tuple[Subject, str], dict[str, Artifact]]:
        """The artifacts by subject and platform, then by format."""
        made: dict[tuple[Subject, str], dict[str, Artifact]] = {}
        for artifact in self.artifacts:
            subject = subject_of(artifact)
            if subject is not None:
                made.setdefault((subject, artifact.platform), {})[artifact.format] = artifact
        return made


@dataclass(frozen=True, slots=True)
class Output:
    """One subject for one platform: the formats that are not the same as before, and the changed sources of these."""

    subject: Subject
    platform: str
    status: Status
    formats: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What changes for those who read these subjects; `platform` is empty where it is the same on all.

    Without `lines` every word stays, and something else in the `formats` is different.
    """

    subjects: tuple[Subject, ...]
    platform: str
    lines: tuple[Line, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it: each output, what changes in words, and which changed source changes which subjects."""

    outputs: tuple[Output, ...]
    wordings: tuple[Wording, ...]
    causes: Mapping[str, tuple[Subject, ...]]

    def count(self, status: Status) -> int:
        """How many outputs have this status."""
        return sum(output.status == status for output in self.outputs)


def subject_of(artifact: Artifact) -> Subject | None:
    """What an artifact is made for; None for an archive of others."""
    if artifact.message is not None:
        return Subject("email", artifact.message, artifact.variant or "")
    if artifact.block is not None:
        return Subject("snippet", artifact.block)
    if artifact.format == "markdown":
        return Subject("playbook", artifact.path.rsplit("/", 1)[-1].removesuffix(".md"))
    return None


def compare(old: Side, new: Side) -> Comparison:
    """What becomes different from `old` to `new`."""
    before, after, changed = old.outputs(), new.outputs(), _changed(old, new)
    outputs = tuple(
        _output(key, before.get(key, {}), after.get(key, {}), changed) for key in sorted(before.keys() | after.keys())
    )
    causes = {
        path: tuple(dict.fromkeys(output.subject for output in outputs if path in output.causes)) for path in changed
    }
    return Comparison(outputs, _together(_wordings(outputs, old, new)), causes)


def _changed(old: Side, new: Side) -> dict[str, set[Entry] | None]:
    """The files that are not the same, in order, with their changed entries; None for a file that counts as a whole."""
    made: dict[str, set[Entry] | None] = {}
    for path in sorted(old.sources.keys() | new.sources.keys()):
        if old.sources.get(path) != new.sources.get(path):
            before, after = old.entries.get(path), new.entries.get(path)
            whole = before is None or after is None
            made[path] = None if whole else {key for key, _ in before.items() ^ after.items()}  # type: ignore[union-attr]
    return made


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
    made = [each[name] for each in (before, after) for name in formats if name in each]
    causes = [path for path, entries in changed.items() if any(_is_from(path, entries, each) for each in made)]
    return Output(subject, platform, status, tuple(formats), tuple(causes))


def _is_from(path: str, entries: set[Entry] | None, artifact: Artifact) -> bool:
    """True if an artifact is made from what changed in a file. A part of a layout is a part of every layout."""
    folder, _, name = path.rpartition("/")
    if path not in artifact.sources:
        return name.startswith("_") and any(source.startswith(f"{folder}/") for source in artifact.sources)
    used = {("link", each) for each in artifact.links} | {("placeholder", each) for each in artifact.placeholders}
    return entries is None or bool(entries & used)


def _wordings(outputs: Iterable[Output], old: Side, new: Side) -> Iterator[Wording]:
    before, after = old.outputs(), new.outputs()
    words: dict[Subject, tuple[Line, ...]] = {}
    said: set[Line] = set()
    for output in outputs:
        subject, key = output.subject, (output.subject, output.platform)
        if output.status == "unmodified":
            continue
        if subject not in words:
            lines = words[subject] = changes(old.texts.get(subject, ""), new.texts.get(subject, ""))
            fresh = tuple(line for line in dict.fromkeys(lines) if not _is_quoted(line, said))
            said |= {_difference(line) for line in lines}
            if fresh:
                yield Wording((subject,), "", fresh, ())
        own = f"data/platforms/{output.platform}.yml" in output.causes
        if output.status == "modified" and (own or not words[subject]):
            lines = changes(_plain(before[key]), _plain(after[key]))
            lines = tuple(line for line in lines if _difference(line) not in said)
            if lines or not words[subject]:
                yield Wording((subject,), output.platform, lines, () if lines else output.formats)


def _is_quoted(line: Line, said: set[Line]) -> bool:
    """True for a line of an email that a playbook quotes: it was said with the email."""
    return line[0][1].startswith("> ") and _difference(line) in said


def _difference(line: Line) -> Line:
    return tuple((kind, text.removeprefix("> ").strip()) for kind, text in line if kind != "same")


def _plain(formats: Formats) -> str:
    """What the plain text for one platform says, its tokens included."""
    return "\n".join(formats[name].content.decode() for name in ("subject", "text") if name in formats)


def _together(wordings: Iterable[Wording]) -> tuple[Wording, ...]:
    """What is said of several subjects in the same words is said once."""
    made: dict[tuple[object, ...], list[Subject]] = {}
    for each in wordings:
        made.setdefault((each.platform, each.lines, each.formats), []).extend(each.subjects)
    return tuple(Wording(tuple(subjects), *key) for key, subjects in made.items())  # type: ignore[arg-type]
