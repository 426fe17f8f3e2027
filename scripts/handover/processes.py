"""Work spread over all cores, by forking: a child has everything that was read so far and hands back what it made."""

import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(OSError):
    """A child ended before it had handed back what it made."""


def spread(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """`work` of each item, in the order of the items. What `work` raises, in whichever process, is raised here.

    Each process takes the next item that nobody has taken, the calling one too: none is idle while there is work. Of
    several items that cannot be done, the first is the one to hear of. Without `fork`, or beside other threads, which
    a fork would lose, the calling process does it all.
    """
    count = min(_cores(), len(items)) if hasattr(os, "fork") and threading.active_count() == 1 else 1
    if count <= 1:
        return [work(item) for item in items]
    with _Tickets(len(items)) as tickets, ExitStack() as stack:
        children = [stack.enter_context(_Child(work, items, tickets)) for _ in range(1, count)]
        stack.callback(tickets.take_all)  # whatever goes wrong here, they have no more to do
        shares = [_share(work, items, tickets), *(child.share() for child in children)]
    failed = [share.failed for share in shares if share.failed is not None]
    if failed:
        raise min(failed, key=lambda each: each[0])[1]
    made = {number: value for share in shares for number, value in share.made.items()}
    return [made[number] for number in range(len(items))]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Tickets:
    """The numbers of all items, each for whichever process asks first: in a pipe, of which each reads."""

    WIDTH = 4
    MOST = 1000
    """So many fit into a page of memory, and Linux gives a pipe no more where a user has many open; nobody reads before
    all are written. Where there are more items, each ticket is for several."""

    def __init__(self, items: int) -> None:
        self.items = items
        self.each = -(-items // self.MOST)
        self.pipe, writing = os.pipe()
        os.write(writing, b"".join(start.to_bytes(self.WIDTH, "big") for start in range(0, items, self.each)))
        os.close(writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.pipe)

    def __iter__(self) -> Iterator[int]:
        while ticket := os.read(self.pipe, self.WIDTH):
            start = int.from_bytes(ticket, "big")
            yield from range(start, min(start + self.each, self.items))

    def take_all(self) -> None:
        """Leave none for the others."""
        while os.read(self.pipe, self.WIDTH * self.MOST):
            pass


@dataclass(slots=True)
class _Share:
    """What one process made, by the number of the item, and the item at which it failed."""

    made: dict[int, Any] = field(default_factory=dict)
    failed: tuple[int, Exception] | None = None


def _share(work: Callable[[T], R], items: Sequence[T], tickets: _Tickets, parent: int | None = None) -> _Share:
    """Do what no other process does. A child stops when nobody is left to hand anything to."""
    share = _Share()
    for number in tickets:
        if parent is not None and os.getppid() != parent:
            os._exit(1)
        try:
            share.made[number] = work(items[number])
        except Exception as trouble:
            share.failed = (number, trouble)
            tickets.take_all()
            break
    return share


class _Child:
    def __init__(self, work: Callable[[T], R], items: Sequence[T], tickets: _Tickets) -> None:
        parent = os.getpid()
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _serve(lambda: _share(work, items, tickets, parent), os.fdopen(writing, "wb"))
        os.close(writing)
        self.pipe = os.fdopen(reading, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.close()
        os.waitpid(self.pid, 0)

    def share(self) -> _Share:
        sent = self.pipe.read()
        if not sent:
            raise WorkerDied(None, "a process that did a part of the work was ended")
        # Only what the child of this very process wrote into a pipe that nobody else has.
        share = pickle.loads(sent)  # noqa: S301
        if isinstance(share, BaseException):
            raise share
        return share  # type: ignore[no-any-return]


def _serve(work: Callable[[], _Share], pipe: BinaryIO) -> None:
    """Be the child: never returns into the caller's code."""
    try:
        sent = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
    except BaseException as trouble:
        sent = pickle.dumps(trouble)
    try:
        with pipe:
            pipe.write(sent)
    finally:
        os._exit(0)
