"""What a change does, for a terminal, for a comment on a merge request, and for programs."""

import html
import json
import re
from collections.abc import Callable, Sequence
from itertools import groupby

import click

from handover.compare.outputs import STATUSES, Comparison, Subject, Wording
from handover.compare.words import Line, Piece

WIDTH = 96
"""Columns of the words in Markdown, where long lines would not be broken."""

_TAGS = {"gone": "del", "new": "ins"}


def as_text(compared: Comparison, name: str, colour: bool) -> str:
    """For people at a terminal: what is gone stands in `[-…-]`, what is new in `{+…+}`."""
    lines = [f"Compared with {name}: {_counts(compared)}."]
    if compared.causes:
        lines += ["", "Changed sources"]
        lines += [f"  {path} changes {_effect(subjects)}" for path, subjects in compared.causes.items()]
    for status in STATUSES:
        rows = _rows(compared, status)
        if rows:
            width = max(len(subject) for subject, _ in rows)
            lines += ["", status.capitalize(), *(f"  {subject:{width}}  {platforms}" for subject, platforms in rows)]
    for wording in compared.wordings:
        lines += ["", _heading(wording)]
        lines += [f"  {_marked(line, colour)}" for line in wording.lines] or [f"  {_no_words(wording)}"]
    return "\n".join(lines) + "\n"


def _counts(compared: Comparison) -> str:
    return ", ".join(f"{compared.count(status)} {status}" for status in STATUSES)


def _effect(subjects: Sequence[Subject]) -> str:
    """Which emails, snippets and playbooks a source changes."""
    if not subjects:
        return "no output"
    counts = [(kind, sum(subject.kind == kind for subject in subjects)) for kind in ("email", "snippet", "playbook")]
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts if count]
    return f"{', '.join(words)}: {', '.join(map(str, subjects))}"


def _rows(compared: Comparison, status: str) -> list[tuple[str, str]]:
    """The subjects with outputs of a status, and the platforms of these."""
    made: dict[Subject, list[str]] = {}
    for output in compared.outputs:
        if output.status == status:
            made.setdefault(output.subject, []).append(output.platform)
    return [(str(subject), ", ".join(platforms)) for subject, platforms in made.items()]


def _heading(wording: Wording) -> str:
    where = f", for {wording.platform}" if wording.platform else ""
    return f"{', '.join(map(str, wording.subjects))}{where}"


def _no_words(wording: Wording) -> str:
    return f"Every word stays. Different: {', '.join(wording.formats)}."


def _marked(line: Line, colour: bool) -> str:
    """A line with its changes marked; control characters are not a terminal's business."""
    made = []
    for kind, text in line:
        text = "".join(character if character.isprintable() else " " for character in text)
        marked = {"same": text, "gone": f"[-{text}-]", "new": f"{{+{text}+}}"}[kind]
        tint = {"same": None, "gone": "red", "new": "green"}[kind]
        made.append(click.style(marked, fg=tint) if colour and tint else marked)
    return "".join(made)


def as_markdown(compared: Comparison, name: str, colour: bool) -> str:
    """For a comment: the short of it first, the words folded away. What authors wrote cannot become markup in it."""
    lines = [f"**What this changes**, compared with {_code(name)}: {_counts(compared)}."]
    if compared.causes:
        lines += ["", *(f"- {_code(path)} changes {_effect(subjects)}" for path, subjects in compared.causes.items())]
    rows = [
        f"| {status.capitalize()} | {subject} | {platforms} |"
        for status in STATUSES
        if status != "unmodified"
        for subject, platforms in _rows(compared, status)
    ]
    if rows:
        lines += ["", "| | Output | For |", "| --- | --- | --- |", *rows]
    for wording in compared.wordings:
        words = "\n".join(_wrapped(line) for line in wording.lines) or _no_words(wording)
        lines += [
            "",
            f"<details><summary>{_heading(wording)}</summary>",
            "",
            f"<pre>\n{words}\n</pre>",
            "",
            "</details>",
        ]
    lines += ["", "Both sides are made by the same version of the engine."]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """To the letter, whatever it is: inside `code` neither a mention nor a reference is looked for."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return "<code>" + "".join(c if c.isalnum() or c in "/-. ()" else f"&#{ord(c)};" for c in plain) + "</code>"


def _wrapped(line: Line) -> str:
    """A line in HTML, broken between words. Inside `pre` nothing but the tags here is read as markup."""
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


def _row(row: Sequence[Piece]) -> str:
    made = ""
    for kind, words in groupby(row, key=lambda piece: piece[0]):
        text = html.escape("".join(word for _, word in words), quote=False)
        made += text if kind == "same" else f"<{_TAGS[kind]}>{text}</{_TAGS[kind]}>"
    return made


def as_json(compared: Comparison, name: str, colour: bool) -> str:
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
                "of": [_plain(subject) for subject in wording.subjects],
                "platform": wording.platform or None,
                "formats": list(wording.formats),
                "lines": [[{"kind": kind, "text": text} for kind, text in line] for line in wording.lines],
            }
            for wording in compared.wordings
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _plain(subject: Subject) -> dict[str, str | None]:
    return {"kind": subject.kind, "id": subject.id, "variant": subject.variant or None}


FORMATS: dict[str, Callable[[Comparison, str, bool], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}
"""The forms by the name of the option."""
