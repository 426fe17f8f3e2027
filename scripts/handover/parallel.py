"""An ordered map over a process pool."""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PARALLEL_THRESHOLD = 32
"""Items below which starting processes takes longer than it saves."""

_task: Callable[[int], Any]
"""Processes the item of a number: forked workers inherit it, so neither the function nor items need be picklable."""


def parallel_map(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Apply `function` to each item, in forked processes where that pays, and return the results in order.

    Results must be picklable. An exception of `function` is raised here; a killed worker raises OSError. Everything
    runs in this process for few items, without fork, on one core, or beside other threads, which a fork would lose.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    has_fork = hasattr(os, "fork")
    if len(items) < PARALLEL_THRESHOLD or cores == 1 or not has_fork or threading.active_count() > 1:
        return [function(item) for item in items]
    from concurrent.futures import ProcessPoolExecutor  # most commands never need it
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    global _task

    def _task(number: int) -> R:
        return function(items[number])

    try:
        with ProcessPoolExecutor(cores, get_context("fork"), initializer=_end_with_parent) as pool:
            return list(pool.map(_run, range(len(items)), chunksize=max(1, len(items) // (cores * 64))))
    except BrokenProcessPool:
        raise OSError("a worker process was ended from outside") from None


def _end_with_parent() -> None:
    """Exit when the parent is killed: a worker left behind would hold the locks that it inherited."""
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent is not None  # noqa: S101 - only workers get here

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _run(number: int) -> Any:
    return _task(number)
