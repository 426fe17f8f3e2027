"""Commands measured in pairs, one after the other, so that what the machine does meanwhile hits both alike."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
HANDOVER = str(Path(sys.executable).with_name("handover"))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds on the clock, seconds of processors, and its largest process in bytes."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of two commands, and of the ratios of the runs that followed each other."""

    first: Run
    second: Run
    wall_ratio: float
    cpu_ratio: float


def environment(**more: str) -> dict[str, str]:
    """This process's, in which Python keeps what it has compiled, as it does for everybody by default."""
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **more}


def run(command: Sequence[str], **more: str) -> Run:
    """Run a command to its end, with `more` in its environment; one that fails ends the benchmark."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"failed with {child.returncode}: {' '.join(command)}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def pairs(first: Callable[[], Run], second: Callable[[], Run], times: int) -> Pair:
    """Both, in turns, so many times."""
    made = [(first(), second()) for _ in range(times)]
    return Pair(
        median([one for one, _ in made]),
        median([other for _, other in made]),
        statistics.median(one.wall / other.wall for one, other in made),
        statistics.median(one.cpu / other.cpu for one, other in made),
    )


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(
        statistics.median(each.wall for each in runs),
        statistics.median(each.cpu for each in runs),
        int(statistics.median(each.peak for each in runs)),
    )
