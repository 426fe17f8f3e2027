"""What the handbook's templates can do with a value."""

import json
from datetime import date

from handover.render.markdown import escape


def code(text: str) -> str:
    """Characters to be shown to the letter, in a table too."""
    return "<code>" + "".join(f"&#{ord(c)};" if c in "&<>{}|*_`[]\\~=^!#" else c for c in text) + "</code>"


def cell(text: str) -> str:
    """Markdown for one cell of a table."""
    return " ".join(text.split())


def day(moment: date) -> str:
    """A day as people write it, as in `25 November 2026`."""
    return f"{moment.day} {moment:%B} {moment.year}"


def quoted(text: str) -> str:
    """Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


FILTERS = {
    "md": escape,
    "code": code,
    "yaml": json.dumps,
    "cell": cell,
    "quoted": quoted,
    "day": day,
}
"""By the names that templates use."""
