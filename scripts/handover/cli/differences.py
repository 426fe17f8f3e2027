"""Formats of what `diff` and `drift` show: for a terminal, for a comment on a merge request, and for programs.

Nothing in a text becomes markup or a command.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import click

from handover.cli.formats import json_text
from handover.compare.outputs import STATUSES as DIFF_STATUSES
from handover.compare.outputs import Comparison, Subject, TextChange
from handover.model.report import STATUSES, DriftEntry, DriftReport, Line, Piece
from handover.model.text import visible

WIDTH = 96
"""Columns of text in Markdown; `pre` does not wrap."""

_TAGS = {"gone": "del", "new": "ins"}


def marked(line: Line, color: bool) -> str:
    """A line with its changes marked: removed text in `[-…-]`, added text in `{+…+}`."""
    pieces = []
    for kind, text in line:
        text = visible(text)
        shown = {"same": text, "gone": f"[-{text}-]", "new": f"{{+{text}+}}"}[kind]
        tint = {"same": None, "gone": "red", "new": "green"}[kind]
        pieces.append(click.style(shown, fg=tint) if color and tint else shown)
    return "".join(pieces)


def code(text: str) -> str:
    """The text as HTML code: mentions and references in it are not linked."""
    return "<code>" + "".join(c if c.isalnum() or c in "/-. ()" else f"&#{ord(c)};" for c in visible(text)) + "</code>"


def wrapped(line: Line) -> str:
    """A line in HTML, wrapped between words. Inside `pre` only the tags from here are markup."""
    rows: list[list[Piece]] = [[]]
    column = 0
    word: list[Piece] = []
    for kind, text in (*line, ("same", "\n")):
        for part in re.findall(r"\s+|\S+", text):
            word.append((kind, part))
            if part.isspace():
                length = sum(len(each) for _, each in word)
                if column and column + length > WIDTH:
                    rows.append([])
                    column = 0
                rows[-1] += word
                column += length
                word = []
    return "\n".join(_row(row).rstrip() for row in rows)


def _row(pieces: Sequence[Piece]) -> str:
    row = ""
    for kind, words in groupby(pieces, key=lambda piece: piece[0]):
        text = html.escape(visible("".join(word for _, word in words).rstrip("\n")), quote=False)
        row += text if kind == "same" else f"<{_TAGS[kind]}>{text}</{_TAGS[kind]}>"
    return row


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown; none without rows."""
    lines = [
        f"|{''.join(f' {cell} |' if cell else ' |' for cell in row)}" for row in (head, ["---"] * len(head), *rows)
    ]
    return ["", *lines] if rows else []


def _folded(summary: str, words: str) -> list[str]:
    """The lines of a text that a reader unfolds."""
    return ["", f"<details><summary>{summary}</summary>", "", f"<pre>\n{words}\n</pre>", "", "</details>"]


def _diff_text(compared: Comparison, name: str, color: bool) -> str:
    """For a terminal: removed text in `[-…-]`, added text in `{+…+}`."""
    lines = [f"Compared with {visible(name)}: {_diff_counts(compared)}."]
    if compared.causes:
        lines += ["", "Changed sources"]
        lines += [f"  {visible(path)} changes {_effect(subjects)}" for path, subjects in compared.causes.items()]
    for status in DIFF_STATUSES:
        rows = _rows(compared, status)
        if rows:
            width = max(len(subject) for subject, _ in rows)
            lines += ["", status.capitalize(), *(f"  {subject:{width}}  {platforms}" for subject, platforms in rows)]
    for change in compared.text_changes:
        lines += ["", _heading(change)]
        lines += [f"  {marked(line, color)}" for line in change.lines] or [f"  {_no_lines(change)}"]
    return "\n".join(lines) + "\n"


def _diff_counts(compared: Comparison) -> str:
    return ", ".join(f"{compared.count(status)} {status}" for status in DIFF_STATUSES)


def _effect(subjects: Sequence[Subject]) -> str:
    """The emails, snippets and playbooks that a source affects."""
    if not subjects:
        return "no output"
    counts = [(kind, sum(subject.kind == kind for subject in subjects)) for kind in ("email", "snippet", "playbook")]
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts if count]
    return f"{', '.join(words)}: {', '.join(map(str, subjects))}"


def _rows(compared: Comparison, status: str) -> list[tuple[str, str]]:
    """The subjects with outputs of this status, and the platforms of these."""
    rows: dict[Subject, list[str]] = {}
    for output in compared.outputs:
        if output.status == status:
            rows.setdefault(output.subject, []).append(output.platform)
    return [(str(subject), ", ".join(platforms)) for subject, platforms in rows.items()]


def _heading(change: TextChange) -> str:
    where = f", for {change.platform}" if change.platform else ""
    return f"{', '.join(map(str, change.subjects))}{where}"


def _no_lines(change: TextChange) -> str:
    return f"Same text. Changed formats: {', '.join(change.formats)}."


def _diff_markdown(compared: Comparison, name: str, color: bool) -> str:
    """For a comment: a summary, then the changed text folded. Nothing from the sources can become markup."""
    lines = [f"**Changes in the outputs**, compared with {code(name)}: {_diff_counts(compared)}."]
    if compared.causes:
        lines += ["", *(f"- {code(path)} changes {_effect(subjects)}" for path, subjects in compared.causes.items())]
    lines += _table(
        ("", "Output", "For"),
        [
            (status.capitalize(), subject, platforms)
            for status in DIFF_STATUSES
            if status != "unmodified"
            for subject, platforms in _rows(compared, status)
        ],
    )
    for change in compared.text_changes:
        lines += _folded(_heading(change), "\n".join(map(wrapped, change.lines)) or _no_lines(change))
    lines += ["", "The same version of the engine built both sides."]
    return "\n".join(lines) + "\n"


def _diff_json(compared: Comparison, name: str, color: bool) -> str:
    """For programs."""
    data = {
        "revision": name,
        "counts": {status: compared.count(status) for status in DIFF_STATUSES},
        "causes": [
            {"path": path, "changes": [_plain(subject) for subject in subjects]}
            for path, subjects in compared.causes.items()
        ],
        "outputs": [
            {
                **_plain(output.subject),
                "platform": output.platform,
                "status": output.status,
                "formats": list(output.formats),
                "causes": list(output.causes),
            }
            for output in compared.outputs
        ],
        "words": [
            {
                "of": [_plain(subject) for subject in change.subjects],
                "platform": change.platform or None,
                "formats": list(change.formats),
                "lines": [[{"kind": kind, "text": text} for kind, text in line] for line in change.lines],
            }
            for change in compared.text_changes
        ],
    }
    return json_text(data)


def _plain(subject: Subject) -> dict[str, str | None]:
    return {"kind": subject.kind, "id": subject.id, "variant": subject.variant or None}


def _drift_text(report: DriftReport, color: bool) -> str:
    """For a terminal: what is only here in `[-…-]`, what is only there in `{+…+}`."""
    lines = [f"Compared with {visible(report.platform)}: {_drift_counts(report)}."]
    for status in STATUSES:
        entries = report.of(status)
        lines += ["", status.capitalize()] if entries else []
        for entry in entries:
            lines.append(f"  {visible(_name(entry))}")
            lines += [f"    {marked(line, color)}" for line in entry.lines]
            lines += [f"    Link: {marked(line, color)}" for line in entry.links]
    return "\n".join(lines) + "\n"


def _drift_counts(report: DriftReport) -> str:
    return ", ".join(f"{len(report.of(status))} {status}" for status in STATUSES)


def _name(entry: DriftEntry) -> str:
    """What it is here and where it is there, with the note."""
    variant = f" ({entry.variant})" if entry.variant else ""
    here = f"{'snippet ' if entry.kind == 'snippet' else ''}{entry.id}{variant}" if entry.id else entry.title
    there = f", {entry.there}" if entry.there else ""
    return f"{here}{there}{f': {entry.note}' if entry.note else ''}"


def _drift_markdown(report: DriftReport, color: bool) -> str:
    """For a comment: what is not the same, the changed text folded. Nothing from either side can become markup."""
    lines = [f"**Compared with {code(report.platform)}**: {_drift_counts(report)}."]
    differing = [entry for status in STATUSES if status != "same" for entry in report.of(status)]
    lines += _table(("", "Email or snippet"), [(each.status.capitalize(), code(_name(each))) for each in differing])
    for entry in report.of("changed"):
        lines += _folded(code(_name(entry)), "\n".join(map(wrapped, _all_lines(entry))))
    if report.of("changed"):
        lines += ["", "Struck out is only here, underlined only there."]
    return "\n".join(lines) + "\n"


def _all_lines(entry: DriftEntry) -> Iterator[Line]:
    yield from entry.lines
    yield from ((("same", "Link: "), *line) for line in entry.links)


def _drift_json(report: DriftReport, color: bool) -> str:
    """For programs, and for `handover build --drift-report`."""
    counts = {status: len(report.of(status)) for status in STATUSES}
    return json_text({**report.model_dump(mode="json"), "counts": counts})


DIFF_FORMATS: dict[str, Callable[[Comparison, str, bool], str]] = {
    "text": _diff_text,
    "markdown": _diff_markdown,
    "json": _diff_json,
}
DRIFT_FORMATS: dict[str, Callable[[DriftReport, bool], str]] = {
    "text": _drift_text,
    "markdown": _drift_markdown,
    "json": _drift_json,
}
