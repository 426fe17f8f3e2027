"""Templates of pages: every value that they print is escaped for its place, not by the template's author."""

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Undefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from handover.render.filters import FILTERS, yaml_string
from handover.render.markdown import plain, value
from handover.render.templating import CompiledTemplates

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
