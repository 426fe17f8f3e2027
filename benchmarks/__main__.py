"""`python -m benchmarks [--write] [SIZE...]`: measure, and print the table of BENCHMARKS.md or keep it there."""

import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.links import link_checks
from benchmarks.measure import HANDOVER, PYTHON, ROOT, Failed, Run, run, total_memory
from benchmarks.peers import BARE, MAIZZLE, NPM, peers
from benchmarks.saved_edit import saved_edits
from handover.write.finish import kept

SIZES = (3, 30, 100, 300, 1000)
LONG = 90
"""Seconds; what takes longer is run once."""
MARKERS = re.compile(r"(<!-- measured -->\n).*?(\n<!-- end -->)", re.DOTALL)
SITE, AGAIN, NO_SITE, CHECK = "`build`", "`build`, nothing changed", "`build --no-site`", "first `check`"
EDIT, MEMORY, MKDOCS = "saved edit in `serve`, to the page", "all processes of `build --no-site`", "bare `mkdocs build`"
CHECK_SHIPPED, LINKS, AIOHTTP = (
    "first `check` of the shipped content",
    "`links`, 500 on 50 hosts",
    "bare `aiohttp` loop",
)
LARGEST_FOR_MAIZZLE = 100
"""Messages; it takes about half a second for each email, so that 1,000 messages would take a quarter of an hour."""

TARGETS = (
    (SITE, 100, 1.5, MKDOCS),
    (AGAIN, 100, 0.1, SITE),
    (AGAIN, 100, 0.3, "s"),
    (EDIT, 100, 0.3, "s"),
    (CHECK_SHIPPED, 0, 1, "s"),
    (NO_SITE, 1000, 6, BARE),
    (NO_SITE, 1000, 1, NPM),
    (NO_SITE, LARGEST_FOR_MAIZZLE, 0.2, MAIZZLE),
    (NO_SITE, 1000, 400, "MB"),
    (LINKS, 0, 1.3, AIOHTTP),
)
"""A row, the number of messages (0 for a row without one), the limit, and its unit or the row it is compared with."""


class Benchmark:
    """Everything that is measured, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs: defaultdict[tuple[str, int], list[Run]] = defaultdict(list)
        self.failures: dict[str, str] = {}
        self.peers = peers(folder)

    def take(self, name: str, size: int, command: Callable[[], Run]) -> None:
        """Add a run to a row; a program that has failed is not run again, and the table says why."""
        if name not in self.failures:
            try:
                self.runs[name, size].append(command())
            except Failed as failure:
                self.failures[name] = str(failure)

    def first(self, output: Path, *command: str) -> Run:
        """Run a command of Handover without an output and without a record of an earlier run."""
        shutil.rmtree(output, ignore_errors=True)
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        return run([HANDOVER, *command])

    def bare(self, build: Path, mkdocs: list[str]) -> Run:
        """Build the site of whole pages, as another program has to: with the HTML that Handover adds afterwards."""
        parts = kept(build).parts
        for page in (build / "docs").rglob("*.md"):
            page.write_text(parts.fill(page.read_text(encoding="utf-8")), encoding="utf-8")
        return run([PYTHON, *mkdocs])

    def measure(self, size: int) -> None:
        """Measure everything at one number of messages, all commands in turns."""
        root, site, exports = (self.folder / f"{name}-{size}" for name in ("root", "site", "exports"))
        generate(root, size)
        build = ["build", "--root", str(root), "--out", str(site)]
        no_site = ["build", "--no-site", "--root", str(root), "--out", str(exports)]
        mkdocs = ["-m", "mkdocs", "build", "-q", "-f", f"{root}/build/mkdocs.yml", "-d", str(self.folder / "mkdocs")]
        commands: dict[str, Callable[[], Run]] = {
            SITE: lambda: self.first(site, *build),
            AGAIN: lambda: run([HANDOVER, *build]),
            MKDOCS: lambda: self.bare(root / "build", mkdocs),
            CHECK: lambda: self.first(self.folder / "none", "check", "--root", str(root)),
            NO_SITE: lambda: self.first(exports, *no_site),
        }
        commands[NO_SITE]()
        for peer in self.peers:
            if peer.name != MAIZZLE or size <= LARGEST_FOR_MAIZZLE:
                peer.prepare(exports / "exports")
                commands[peer.name] = peer.run
        for _ in range(3 if size <= 100 else 1):
            for name, command in commands.items():
                if all(each.seconds < LONG for each in self.runs[name, size]):
                    self.take(name, size, command)
        shutil.rmtree(exports)
        self.runs[MEMORY, size] = [Run(0, total_memory([HANDOVER, *no_site]))]
        self.runs[EDIT, size] = saved_edits(root, 11)
        for path in (root, site, exports):
            shutil.rmtree(path, ignore_errors=True)

    def measure_fixed(self) -> None:
        """Measure what does not depend on a number of messages."""
        for _ in range(11):
            self.take(CHECK_SHIPPED, 0, lambda: self.first(self.folder / "none", "check"))
        for check, loop in link_checks(self.folder / "links", 7):
            self.runs[LINKS, 0].append(check)
            self.runs[AIOHTTP, 0].append(loop)

    def cell(self, name: str, size: int) -> str:
        """The time and the memory of a row."""
        runs = self.runs.get((name, size), [])
        seconds = [each.seconds for each in runs if each.seconds]
        memory = [each.memory / 1e6 for each in runs if each.memory]
        return ", ".join(_median(values, unit) for values, unit in ((seconds, "s"), (memory, "MB")) if values)

    def target(self, name: str, size: int, limit: float, of: str) -> str:
        """A target, what was measured, and whether that meets it."""
        runs, others = self.runs.get((name, size), []), self.runs.get((of, size), [])
        values = {"s": [each.seconds for each in runs], "MB": [each.memory / 1e6 for each in runs]}.get(
            of, [each.seconds / other.seconds for each, other in zip(runs, others, strict=False)]
        )
        words = f"{f'at {size:,}: ' if size else ''}at most {_amount(limit, of)}"
        if not values:
            return f"{words}: not measured"
        value = statistics.median(values)
        missed = "met" if value <= limit else f"**missed by {(value / limit - 1) * 100:.0f}%**"
        return f"{words}: {_amount(value, of if of in ('s', 'MB') else '')}, {missed}"

    def table(self, sizes: tuple[int, ...]) -> Iterator[str]:
        """The lines of the table."""
        labels = {peer.name: f"{peer.name} {peer.version}".strip() for peer in self.peers}
        yield f"| | {' | '.join(f'{size:,}' for size in sizes)} | targets |"
        yield f"| --- |{' --- |' * (len(sizes) + 1)}"
        for name in (SITE, AGAIN, EDIT, CHECK, NO_SITE, MEMORY, MKDOCS, *labels, CHECK_SHIPPED, LINKS, AIOHTTP):
            targets = [self.target(*each) for each in TARGETS if each[0] == name]
            cells = [self.cell(name, size) for size in sizes]
            if (name, 0) in self.runs:
                cells[0] = self.cell(name, 0)
            if name in self.failures:
                targets.append(self.failures[name])
            yield f"| {labels.get(name, name)} | {' | '.join(cells)} | {'<br>'.join(targets)} |"


def _amount(value: float, of: str) -> str:
    if of == "MB":
        return f"{value:.0f} MB"
    if of == "s":
        return f"{value * 1000:.0f} ms" if value < 0.9995 else f"{value:.2f} s"
    return f"{value:.2g} times {of}" if of else f"{value:.2f} times"


def _median(values: list[float], unit: str) -> str:
    return _amount(statistics.median(values), unit)


def machine() -> str:
    """What it is measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip() if node else "missing"
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory} GiB, Python "
        f"{platform.python_version()}, Node.js {version}; load {os.getloadavg()[0]:.1f} at the start."
    )


def main() -> None:
    """Measure and print; with `--write`, keep it in BENCHMARKS.md."""
    sizes = tuple(int(each) for each in sys.argv[1:] if each.isdigit()) or SIZES
    lines = [f"Measured on {machine()}", ""]
    with tempfile.TemporaryDirectory(prefix="handover-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        benchmark = Benchmark(Path(folder))
        for peer in benchmark.peers:
            try:
                peer.install()
            except Failed as failure:
                benchmark.failures[peer.name] = f"not installed: {failure}"
        benchmark.measure_fixed()
        for size in sizes:
            benchmark.measure(size)
            print(*benchmark.table(sizes), sep="\n", file=sys.stderr, flush=True)
        lines += benchmark.table(sizes)
    measured = "\n".join(lines)
    print(measured)
    if "--write" in sys.argv:
        page = ROOT / "BENCHMARKS.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(MARKERS.sub(lambda found: found[1] + measured + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    main()
