"""The filters of the handbook's templates."""

import json
from datetime import date

from handover.render.markdown import escape


def code(text: str) -> str:
    """`text` as inline code, safe inside a table."""
    return "<code>" + "".join(f"&#{ord(c)};" if c in "&<>{}|*_`[]\\~=^!#" else c for c in text) + "</code>"


def cell(text: str) -> str:
    """Markdown on one line, for a table cell."""
    return " ".join(text.split())


def day(moment: date) -> str:
    """A date as people write it, as in `November 25, 2026`."""
    return f"{moment:%B} {moment.day}, {moment.year}"


def sentence(text: str) -> str:
    """Literal text with code between backticks, as Markdown on one line, safe inside a table."""
    parts = " ".join(text.split()).split("`")
    return "".join(code(part) if number % 2 else _literal(part) for number, part in enumerate(parts))


def _literal(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c in "&<>|*_[]{}\\" else c for c in text)


def quoted(text: str) -> str:
    """Markdown as a blockquote."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


FILTERS = {
    "md": escape,
    "code": code,
    "yaml": json.dumps,
    "cell": cell,
    "quoted": quoted,
    "sentence": sentence,
    "day": day,
}
"""The filters, by their names in templates."""
