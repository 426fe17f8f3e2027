"""Work spread over all cores, by forking: a child has everything that was read so far and hands back what it made."""

import os
import pickle
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(OSError):
    """A child ended before it had handed back what it made."""


def spread(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """`work` of each item, in the order of the items. What `work` raises, in whichever process, is raised here.

    Each process takes every n-th item, the calling one too. Without `fork`, or beside other threads, which a fork
    would lose, the calling process does it all.
    """
    count = min(_cores(), len(items)) if hasattr(os, "fork") and threading.active_count() == 1 else 1
    made: list[Any] = [None] * len(items)
    with ExitStack() as stack:
        children = [stack.enter_context(_Child(work, items[number::count])) for number in range(1, count)]
        if items:
            made[0::count] = [work(item) for item in items[0::count]]
        for number, child in enumerate(children, start=1):
            made[number::count] = child.result()
    return made


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Child:
    def __init__(self, work: Callable[[T], R], items: Sequence[T]) -> None:
        parent = os.getpid()
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _serve(work, items, os.fdopen(writing, "wb"), parent)
        os.close(writing)
        self.pipe = os.fdopen(reading, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.close()
        os.waitpid(self.pid, 0)

    def result(self) -> list[Any]:
        sent = self.pipe.read()
        if not sent:
            raise WorkerDied(None, "a process that did a part of the work was ended")
        # Only what the child of this very process wrote into a pipe that nobody else has.
        good, value = pickle.loads(sent)  # noqa: S301
        if not good:
            raise value
        return list(value)


def _serve(work: Callable[[T], R], items: Sequence[T], pipe: BinaryIO, parent: int) -> None:
    """Be the child: never returns into the caller's code, and stops when nobody is left to hand anything to."""
    try:
        made = []
        for item in items:
            if os.getppid() != parent:
                os._exit(1)
            made.append(work(item))
        sent = pickle.dumps((True, made))
    except BaseException as trouble:
        sent = pickle.dumps((False, trouble))
    try:
        with pipe:
            pipe.write(sent)
    finally:
        os._exit(0)
