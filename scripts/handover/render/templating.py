"""Jinja2 over the catalog's templates: sandboxed, strict, and without a file system."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handover.compiled import CompiledTemplates


class TemplateFault(Exception):
    """A template that cannot be rendered: `name` below templates/, `line` from 1, and what is wrong."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.line = line
        self.message = message

    def __reduce__(self) -> tuple[type["TemplateFault"], tuple[str, int, str]]:
        return type(self), (self.name, self.line, self.message)


_compiled = CompiledTemplates()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, which asks once for each type and attribute: it looks at nothing else of a value."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """True if a template may read an attribute."""
        safe = self._safe.get((type(obj), attr))
        if safe is None:
            safe = self._safe[type(obj), attr] = super().is_safe_attribute(obj, attr, value)
        return safe


def environment(templates: Mapping[str, str]) -> Sandbox:
    """An environment for templates. Those whose name ends with `.mjml.j2` escape what they print."""
    return Sandbox(
        loader=DictLoader(dict(templates)),
        autoescape=lambda name: name is not None and name.endswith(".mjml.j2"),
        bytecode_cache=_compiled,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@contextmanager
def rendering(name: str) -> Iterator[None]:
    """Renders the template `name` inside: an error in it becomes a TemplateFault."""
    try:
        yield
    except TemplateError as trouble:
        raise fault(trouble, name) from None
    except RecursionError:
        raise TemplateFault(name, 1, "it calls itself without an end") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as trouble:
        raise fault(trouble, name) from None


def fault(trouble: Exception, name: str) -> TemplateFault:
    """A template's error with its line."""
    if isinstance(trouble, TemplateSyntaxError):
        return TemplateFault(trouble.name or name, trouble.lineno, trouble.message or "syntax error")
    traceback = trouble.__traceback__
    line = 1
    while traceback is not None:
        compiled = traceback.tb_frame.f_globals.get("__jinja_template__")
        if compiled is not None and compiled.name == name:
            line = compiled.get_corresponding_lineno(traceback.tb_lineno)
        elif traceback.tb_frame.f_code.co_filename == "<template>" or "template" in traceback.tb_frame.f_globals.get(
            "__name__", ""
        ):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return TemplateFault(name, line, str(trouble))
