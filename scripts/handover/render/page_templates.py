"""Templates of pages: their filters, and the escape for its place that every printed value gets."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from jinja2 import Undefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from markupsafe import escape as escape_html

from handover.compiled import CompiledTemplates
from handover.render.markdown import plain, url, value


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

_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_compiled = {"page": CompiledTemplates(), "portable": CompiledTemplates()}


def page_environment(jinja: Any) -> Any:
    """The template environment for pages of the site: Markdown with HTML in it, for MkDocs and its theme."""
    return _environment(jinja, "page", value)


def portable_environment(jinja: Any) -> Any:
    """The same for a portable page: Markdown for any program."""
    own = _environment(jinja, "portable", plain)
    own.filters |= {"md": plain, "yaml": yaml_string}
    return own


def _environment(jinja: Any, name: str, escape: Callable[[object], Markup]) -> Any:
    """`jinja` with filters for pages, in which `escape` is applied to every value that is not Markup."""

    @pass_eval_context
    def escaped(context: EvalContext, printed: Any) -> Any:
        is_safe = not context.autoescape or isinstance(printed, Markup | Undefined | int) or _ID.fullmatch(str(printed))
        return printed if is_safe else escape(printed)  # ids are safe, and must stay as they are in the path of a link

    own = jinja.overlay(autoescape=_is_page, finalize=escaped, bytecode_cache=_compiled[name])
    own.filters = {**jinja.filters, **FILTERS}
    return own


def _is_page(name: str | None) -> bool:
    return name is not None and name.endswith((".md.j2", ".html.j2"))
