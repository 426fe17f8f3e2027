"""The filters of the handbook's templates."""

import json
import re
from datetime import date

from markupsafe import Markup
from markupsafe import escape as escape_html

from handover.render.markdown import url, value


def code(text: str) -> Markup:
    """`text` as inline code, safe inside a table."""
    shown = "".join(f"&#{ord(c)};" if c in "&<>{}|*_`[]\\~=^!#\"'" else c for c in text)
    return Markup("<code>") + Markup(shown) + Markup("</code>")  # noqa: S704 - escaped in the line above


def cell(text: Markup) -> Markup:
    """Markdown on one line, for a table cell."""
    return Markup(" ").join(text.split())


def day(moment: date) -> str:
    """A date as people write it, as in `November 25, 2026`."""
    return f"{moment:%B} {moment.day}, {moment.year}"


def sentence(text: str) -> Markup:
    """Literal text with code between backticks, as Markdown on one line, safe inside a table."""
    parts = " ".join(text.split()).split("`")
    return Markup("").join(code(part) if number % 2 else _literal(part) for number, part in enumerate(parts))


def _literal(text: str) -> Markup:
    escaped = "".join(f"&#{ord(c)};" if c in "&<>|*_[]{}\\" else c for c in text)
    return Markup(escaped)  # noqa: S704 - escaped in the line above


def capital(text: str) -> str:
    """The text with a capital letter at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


def quoted(text: Markup) -> Markup:
    """Markdown as a blockquote."""
    lines = "\n".join(f"> {line}".rstrip() for line in str(text).strip().split("\n"))
    return Markup(lines)  # noqa: S704 - it was Markup


def yaml_string(text: object) -> Markup:
    """A value as one line in quotes, for YAML."""
    return Markup(json.dumps(" ".join(str(text).split())))  # noqa: S704 - JSON is YAML


def front_matter(text: object) -> Markup:
    """The same for MkDocs, whose theme prints it into HTML as it is: escaped for HTML too."""
    return yaml_string(escape_html(text))


def without_comments(script: str) -> str:
    """A script or style sheet without the comments on lines of their own, which readers of the site would load."""
    return re.sub(r"^ */\*.*?\*/\n", "", script, flags=re.MULTILINE | re.DOTALL)


FILTERS = {
    "without_comments": without_comments,
    "md": value,
    "url": url,
    "code": code,
    "yaml": front_matter,
    "capital": capital,
    "cell": cell,
    "quoted": quoted,
    "sentence": sentence,
    "day": day,
}
"""The filters, by their names in templates."""
