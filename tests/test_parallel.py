"""An ordered map over processes: the same results as in one process, and an error instead of a wait."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from benchmarks.generate import generate

from handover import parallel
from tests.conftest import ROOT
from tests.test_determinism import digests

COMMAND = """
import os, sys
from handover import parallel
from handover.cli import cli
parallel.PARALLEL_THRESHOLD = int(sys.argv[1])
cli(sys.argv[2:])
"""

MAP = """
import os, signal, sys, threading, time
from handover import parallel
parallel.PARALLEL_THRESHOLD = 0
os.sched_getaffinity = lambda process: {{0, 1, 2}}
{function}
print(parallel.parallel_map(function, range(200)))
"""


def run(threshold: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", COMMAND, str(threshold), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


def parallel_map(function: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-Werror", "-c", MAP.format(function=function)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("many") / "root"
    generate(target, 12)
    return target


@pytest.mark.slow
def test_several_processes_build_the_same_bytes_as_one(root: Path, tmp_path: Path) -> None:
    for threshold in (0, 10_000):
        result = run(threshold, "build", "--no-site", "--root", str(root), "--out", str(tmp_path / str(threshold)))
        assert result.returncode == 0, result.stderr
    assert digests(tmp_path / "0") == digests(tmp_path / "10000")


@pytest.mark.slow
def test_several_processes_report_the_same_problems_as_one(root: Path) -> None:
    layout = root / "templates/email/letter.mjml.j2"
    whole = layout.read_text()
    block = root / "content/blocks/block-03.md"
    layout.write_text(whole.replace("{{ email.body }}", "[fill this in]"))
    block.write_text(block.read_text() + "\nWrite {{ nothing }}.\n")
    one, several = (run(threshold, "check", "--root", str(root)).stdout for threshold in (10_000, 0))
    layout.write_text(whole)
    assert one == several
    assert "unknown-placeholder" in one


@pytest.mark.slow
def test_results_are_in_the_order_of_the_items() -> None:
    assert parallel_map("function = lambda item: item * item").stdout == f"{[item * item for item in range(200)]}\n"


@pytest.mark.slow
def test_the_first_exception_in_that_order_is_raised() -> None:
    function = "def function(item):\n    if item % 3 == 2: raise OSError(28, 'No space left on device', str(item))"
    for _ in range(3):
        assert parallel_map(function).stderr.endswith("OSError: [Errno 28] No space left on device: '2'\n")


@pytest.mark.slow
def test_a_killed_worker_is_an_error() -> None:
    result = parallel_map("first = os.getpid()\ndef function(item): os.getpid() == first or os.kill(os.getpid(), 9)")
    assert result.stderr.endswith("OSError: a worker process was ended from outside\n")


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed() -> None:
    function = """
parent = os.getpid()
def function(item):
    if item == 100: os.kill(parent, 9)
    time.sleep(0.01)
"""
    result = parallel_map(function)  # which returns when the last process has closed the pipe of its output
    assert result.returncode == -9


def test_few_items_and_items_beside_other_threads_stay_in_this_process() -> None:
    seen: list[int] = []
    assert parallel.parallel_map(seen.append, range(10)) == [None] * 10
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    parallel.parallel_map(seen.append, range(100))
    stop.set()
    thread.join()
    assert seen == [*range(10), *range(100)]
