"""Formats of a comparison: for a terminal, for a comment on a merge request, and for programs."""

from collections.abc import Callable, Sequence

from handover.cli.changed_lines import code, marked, wrapped
from handover.cli.formats import json_text
from handover.compare.outputs import STATUSES, Comparison, Subject, TextChange
from handover.model.text import visible


def as_text(compared: Comparison, name: str, color: bool) -> str:
    """For a terminal: removed text in `[-…-]`, added text in `{+…+}`."""
    lines = [f"Compared with {visible(name)}: {_counts(compared)}."]
    if compared.causes:
        lines += ["", "Changed sources"]
        lines += [f"  {visible(path)} changes {_effect(subjects)}" for path, subjects in compared.causes.items()]
    for status in STATUSES:
        rows = _rows(compared, status)
        if rows:
            width = max(len(subject) for subject, _ in rows)
            lines += ["", status.capitalize(), *(f"  {subject:{width}}  {platforms}" for subject, platforms in rows)]
    for change in compared.text_changes:
        lines += ["", _heading(change)]
        lines += [f"  {marked(line, color)}" for line in change.lines] or [f"  {_no_lines(change)}"]
    return "\n".join(lines) + "\n"


def _counts(compared: Comparison) -> str:
    return ", ".join(f"{compared.count(status)} {status}" for status in STATUSES)


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


def as_markdown(compared: Comparison, name: str, color: bool) -> str:
    """For a comment: a summary, then the changed text folded. Nothing from the sources can become markup."""
    lines = [f"**Changes in the outputs**, compared with {code(name)}: {_counts(compared)}."]
    if compared.causes:
        lines += ["", *(f"- {code(path)} changes {_effect(subjects)}" for path, subjects in compared.causes.items())]
    rows = [
        f"| {status.capitalize()} | {subject} | {platforms} |"
        for status in STATUSES
        if status != "unmodified"
        for subject, platforms in _rows(compared, status)
    ]
    if rows:
        lines += ["", "| | Output | For |", "| --- | --- | --- |", *rows]
    for change in compared.text_changes:
        words = "\n".join(wrapped(line) for line in change.lines) or _no_lines(change)
        lines += [
            "",
            f"<details><summary>{_heading(change)}</summary>",
            "",
            f"<pre>\n{words}\n</pre>",
            "",
            "</details>",
        ]
    lines += ["", "The same version of the engine built both sides."]
    return "\n".join(lines) + "\n"


def as_json(compared: Comparison, name: str, color: bool) -> str:
    """For programs."""
    data = {
        "revision": name,
        "counts": {status: compared.count(status) for status in STATUSES},
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


FORMATS: dict[str, Callable[[Comparison, str, bool], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}
"""The formats by the value of the option."""
