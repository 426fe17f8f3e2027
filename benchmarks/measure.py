"""Run whole processes, and take their time and memory."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
HANDOVER = str(Path(sys.executable).with_name("handover"))
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Failed(Exception):
    """A command ended with an error; the text names it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds from start to end, and the peak memory in bytes of its largest process."""

    seconds: float
    memory: int


def run(command: Sequence[str], folder: Path = ROOT) -> Run:
    """Run a command in a folder, to its end. Raises Failed."""
    started = time.perf_counter()
    process = _start(command, folder)
    memory = peak_memory(process)
    return Run(time.perf_counter() - started, memory)


def peak_memory(process: "subprocess.Popen[str]", may_fail: bool = False) -> int:
    """Wait for a process; the peak memory in bytes of the largest among it and its children. Raises Failed."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not may_fail:
        raise Failed(f"exit code {process.returncode}: {str(process.args)[:200]}")
    return usage.ru_maxrss * RSS_UNIT


def total_memory(command: Sequence[str]) -> int:
    """Run a command; the peak memory in bytes of all its processes together, shared pages counted once (Linux)."""
    process, peak = _start(command, ROOT), 0
    while process.poll() is None:
        private, shared = zip(*map(_private_and_shared, _tree(process.pid)), strict=True)
        peak = max(peak, sum(private) + max(shared))
        time.sleep(0.02)
    return peak


def _start(command: Sequence[str], folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # ended meanwhile
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            yield from _tree(int(child))


def _private_and_shared(pid: int) -> tuple[int, int]:
    """Bytes that a process has to itself, and that it may share with others."""
    with suppress(OSError):
        sizes = re.findall(
            r"^(Private|Shared)_\w+:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.M
        )
        private, shared = (sum(int(size) for kind, size in sizes if kind == one) for one in ("Private", "Shared"))
        return private * 1024, shared * 1024
    return 0, 0
