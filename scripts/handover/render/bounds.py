"""Bounds on what one template may cost: templates come with merge requests, and nobody trusts them."""

import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from types import FrameType, ModuleType
from typing import Any

from jinja2 import Environment
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

SECONDS = 20
"""Of a processor's time for one rendering; a page with a thousand emails needs two."""
MEMORY = 1_000_000_000
"""Bytes more than the process has."""
REPEATED = 10_000
"""Characters or items that a multiplication may make."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, and besides: of our own objects nothing but what is meant for templates."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """False for what leads out: pydantic's own methods read files, and an environment compiles into them."""
        key = type(obj), attr  # which is all that the answer depends on, besides the value
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value) and _is_meant(obj, attr)
        return self._safe[key] and not isinstance(value, Environment | ModuleType | PurePath)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A product, unless it would be huge."""
        sizes = [len(side) if hasattr(side, "__len__") else abs(side) for side in (left, right)]
        if operator == "**" or (any(hasattr(side, "__len__") for side in (left, right)) and _product(sizes) > REPEATED):
            raise SecurityError(f"'{operator}' would make more than a template may")
        return super().call_binop(context, operator, left, right)


def _is_meant(obj: Any, attr: str) -> bool:
    if isinstance(obj, BaseModel) and attr not in type(obj).model_fields:
        return any(attr in vars(kind) for kind in type(obj).__mro__ if kind.__module__.startswith("handover."))
    return True


def _product(sizes: list[Any]) -> Any:
    return sizes[0] * sizes[1]


@contextmanager
def bounded() -> Iterator[None]:
    """Raises TimeoutError or MemoryError inside when a bound is reached. In threads beside the first there is none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        if sys.platform == "linux":
            limit = _size() + MEMORY
            resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def _size() -> int:
    """Bytes of address space: proc(5), statm."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
