"""Work spread over processes: the same bytes and the same findings for any number of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.generate import generate

from tests.conftest import ROOT
from tests.test_determinism import digests

pytestmark = pytest.mark.xdist_group("processes")  # what is made for them is made once

COMMAND = """
import sys
from handover import processes
from handover.cli import cli, pipeline
processes._cores = lambda: int(sys.argv[1])
pipeline.FEW = 0
cli(sys.argv[2:])
"""

SPREAD = """
import os, signal, sys
from handover import processes
processes._cores = lambda: 3
{work}
print(processes.spread(work, range(10)))
"""


FIRST = """
import os
from handover import processes
processes._cores = lambda: 3
first = os.getpid()
waiting, go = os.pipe()
def work(number):
    if os.getpid() != first:
        os.read(waiting, 1)
        return number
    os.write(go, b"." * 20)
    raise ZeroDivisionError
try:
    processes.spread(work, range(10))
except ZeroDivisionError:
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        print("nobody is left")
"""
"""The others wait until the first process has taken something, which goes wrong."""

KILLED = """
import os, signal
from handover import processes
processes._cores = lambda: 3
first = os.getpid()
def work(number):
    if os.getpid() != first:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    return number
processes.spread(work, range(10))
"""
"""The first process goes on when another one is dead."""


def run(cores: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", COMMAND, str(cores), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("many") / "root"
    generate(target, 30)
    return target


def test_any_number_of_processes_makes_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for cores in (1, 3):
        result = run(cores, "build", "--no-site", "--root", str(root), "--out", str(tmp_path / str(cores)))
        assert result.returncode == 0, result.stderr
    assert digests(tmp_path / "1") == digests(tmp_path / "3")


def test_any_number_of_processes_finds_the_same(root: Path) -> None:
    layout = root / "templates/email/letter.mjml.j2"
    whole = layout.read_text()
    block = root / "content/blocks/block-03.md"
    layout.write_text(whole.replace("{{ email.body }}", "[nobody fills this in]"))
    block.write_text(block.read_text() + "\nWrite {{ nothing }}.\n")
    said = []
    for cores in (1, 3):
        # Another option, so that what the first one found is not just said again.
        said.append(run(cores, "check", "--root", str(root), "--today", f"2026-11-0{cores}").stdout)
    layout.write_text(whole)
    assert said[0] == said[1]
    assert "unknown-placeholder" in said[0]


def spread(work: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", SPREAD.format(work=work)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_results_come_in_the_order_of_the_work() -> None:
    assert spread("work = lambda item: item * item").stdout == f"{[item * item for item in range(10)]}\n"


def test_what_goes_wrong_in_a_process_goes_wrong_in_the_first() -> None:
    said = spread(
        "def work(item):\n    if item == 4: raise OSError(28, 'No space left on device', 'x')\n    return item"
    )
    assert "OSError: [Errno 28] No space left on device: 'x'" in said.stderr


def test_of_several_things_that_go_wrong_the_first_is_told() -> None:
    for _ in range(5):
        said = spread("def work(item):\n    if item % 3 == 2: raise ValueError(item)\n    return item")
        assert said.stderr.endswith("ValueError: 2\n")


def test_thousands_of_things_are_each_done_once() -> None:
    many = SPREAD.replace("range(10)", "range(4001)").format(work="work = lambda item: -item")
    result = subprocess.run([sys.executable, "-c", many], capture_output=True, text=True, timeout=60)
    assert result.stdout == f"{[-item for item in range(4001)]}\n"


def test_a_process_that_is_killed_is_an_error_and_not_a_wait() -> None:
    result = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, timeout=60)
    assert "WorkerDied" in result.stderr


def test_when_its_own_part_goes_wrong_a_process_leaves_no_other_behind() -> None:
    result = subprocess.run([sys.executable, "-Werror", "-c", FIRST], capture_output=True, text=True, timeout=60)
    assert (result.stdout, result.stderr) == ("nobody is left\n", "")
