"""Formats of what differs on a platform: for a terminal, for a comment on a merge request, and for programs."""

from collections.abc import Callable, Iterator

from handover.cli.changed_lines import code, marked, wrapped
from handover.cli.formats import json_text
from handover.model.report import STATUSES, DriftEntry, DriftReport, Line
from handover.model.text import visible


def as_text(report: DriftReport, color: bool) -> str:
    """For a terminal: what is only here in `[-…-]`, what is only there in `{+…+}`."""
    lines = [f"Compared with {visible(report.platform)}: {_counts(report)}."]
    for status in STATUSES:
        entries = report.of(status)
        lines += ["", status.capitalize()] if entries else []
        for entry in entries:
            lines.append(f"  {visible(_name(entry))}")
            lines += [f"    {marked(line, color)}" for line in entry.lines]
            lines += [f"    Link: {marked(line, color)}" for line in entry.links]
    return "\n".join(lines) + "\n"


def _counts(report: DriftReport) -> str:
    return ", ".join(f"{len(report.of(status))} {status}" for status in STATUSES)


def _name(entry: DriftEntry) -> str:
    """What it is here and where it is there, with the note."""
    variant = f" ({entry.variant})" if entry.variant else ""
    here = f"{'snippet ' if entry.kind == 'snippet' else ''}{entry.id}{variant}" if entry.id else entry.title
    there = f", {entry.there}" if entry.there else ""
    return f"{here}{there}{f': {entry.note}' if entry.note else ''}"


def as_markdown(report: DriftReport, color: bool) -> str:
    """For a comment: what is not the same, the changed text folded. Nothing from either side can become markup."""
    lines = [f"**Compared with {code(report.platform)}**: {_counts(report)}."]
    rows = [
        f"| {status.capitalize()} | {code(_name(entry))} |"
        for status in STATUSES
        if status != "same"
        for entry in report.of(status)
    ]
    lines += ["", "| | Email or snippet |", "| --- | --- |", *rows] if rows else []
    for entry in report.of("changed"):
        words = "\n".join(map(wrapped, _all_lines(entry)))
        summary = f"<details><summary>{code(_name(entry))}</summary>"
        lines += ["", summary, "", f"<pre>\n{words}\n</pre>", "", "</details>"]
    if report.of("changed"):
        lines += ["", "Struck out is only here, underlined only there."]
    return "\n".join(lines) + "\n"


def _all_lines(entry: DriftEntry) -> Iterator[Line]:
    yield from entry.lines
    yield from ((("same", "Link: "), *line) for line in entry.links)


def as_json(report: DriftReport, color: bool) -> str:
    """For programs, and for `handover build --drift-report`."""
    counts = {status: len(report.of(status)) for status in STATUSES}
    return json_text({**report.model_dump(mode="json"), "counts": counts})


FORMATS: dict[str, Callable[[DriftReport, bool], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
"""The formats by the value of the option."""
