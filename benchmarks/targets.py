"""The targets, one function each: what was measured against what, and whether it is met."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import HANDOVER, PYTHON, ROOT, Pair, Run, median, pairs, run

TIMES = int(os.environ.get("TIMES", "5"))
"""Runs of each pair."""
SIZES = (100, 1000, 5000)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    name: str
    measured: str
    target: str
    wall: float | None = None
    cpu: float | None = None
    limit: float | None = None
    note: str = ""

    def __str__(self) -> str:
        met = "" if self.limit is None or self.wall is None else self.note or _verdict(self.wall, self.limit)
        figures = ["" if each is None else f"{each:.2f}" for each in (self.wall, self.cpu)]
        return f"| {self.name} | {self.measured} | {self.target} | {' | '.join(figures)} | {met or self.note} |"


def _verdict(ratio: float, limit: float) -> str:
    return "met" if ratio <= limit else f"missed by {(ratio / limit - 1) * 100:.0f}%"


def _repository(folder: Path, size: int) -> Path:
    root = folder / f"of-{size}"
    if not root.exists():
        generate(root, size)
    return root


def _build(root: Path, *arguments: str) -> Run:
    """A first build: nothing is there yet, and nothing is known of an earlier one."""
    shutil.rmtree(root / "dist", ignore_errors=True)
    shutil.rmtree(_cache(root), ignore_errors=True)
    return _rebuild(root, *arguments)


def _rebuild(root: Path, *arguments: str) -> Run:
    """A build over what is there."""
    return run([HANDOVER, "build", "--root", str(root), *arguments], XDG_CACHE_HOME=str(_cache(root)))


def _cache(root: Path) -> Path:
    return root.with_name(f"cache-{root.name}")


def _row(name: str, pair: Pair, what: tuple[str, str], target: str, limit: float) -> Row:
    measured = f"{what[0]} {_seconds(pair.first)}, {what[1]} {_seconds(pair.second)}"
    return Row(name, measured, target, pair.wall_ratio, pair.cpu_ratio, limit)


def _seconds(measured: Run) -> str:
    return f"{measured.wall:.2f} s ({measured.cpu:.2f} s of processors)"


def _bare(root: Path, folder: Path) -> Run:
    shutil.rmtree(folder / "bare", ignore_errors=True)
    return run([PYTHON, str(ROOT / "benchmarks/bare_mjml.py"), str(root / "dist/exports"), str(folder / "bare")])


def exports(folder: Path) -> Iterator[Row]:
    """1: every output of every platform, against the least that compiling their MJML can cost."""
    root = _repository(folder, 1000)
    pair = pairs(lambda: _build(root, "--no-site"), lambda: _bare(root, folder), TIMES)
    count = sum(len(files) for _, _, files in os.walk(root / "dist"))
    mjml = sum(1 for _ in (root / "dist").rglob("*.mjml"))
    name = f"1. `build --no-site`, 1,000 messages, {count:,} files, against a bare `mjml-python` loop over {mjml:,}"
    yield _row(name, pair, ("build", "loop"), "at most 3 times", 3)


def node(folder: Path) -> Iterator[Row]:
    """2: the same against the npm `mjml` CLI, which compiles the same files."""
    name = "2. the same against the npm `mjml` CLI over the same files, at 10 messages"
    npm = shutil.which("npm")
    if npm is None:
        yield Row(name, "not measured: Node is not there", "faster")
        return
    tool = folder / "node"
    tool.mkdir(exist_ok=True)
    installed = subprocess.run([npm, "install", "--no-audit", "--no-fund", "mjml@4"], cwd=tool, capture_output=True)
    if installed.returncode:
        yield Row(name, "not measured: npm could not install mjml", "faster")
        return
    root = _repository(folder, 10)
    _build(root, "--no-site")

    def compiled() -> Run:
        shutil.rmtree(folder / "npm", ignore_errors=True)
        (folder / "npm").mkdir()
        files = [str(path) for path in sorted((root / "dist").rglob("*.mjml"))]
        command = [str(tool / "node_modules/.bin/mjml"), "--config.validationLevel", "skip", *files]
        return run([*command, "-o", str(folder / "npm")])

    yield _row(name, pairs(lambda: _build(root, "--no-site"), compiled, TIMES), ("build", "mjml"), "faster", 1)


COMPOSED = """
import sys
from pathlib import Path
from handover.cli.options import built_in
from handover.compose.documents import Composer
from handover.load.catalog import load
catalog = load(Path(sys.argv[1]), built_in("templates")).catalog
composer = Composer(catalog.alone())
parts = [composer.one(message) for message in catalog.messages.values()]
"""


def growth(folder: Path) -> Iterator[Row]:
    """3: time and memory from a hundred messages to five thousand."""
    found = {}
    for size in SIZES:
        root = _repository(folder, size)
        seen = median([_build(root, "--no-site") for _ in range(TIMES if size < 5000 else 1)])
        outputs = sum(len(files) for _, _, files in os.walk(root / "dist"))
        found[size] = (seen, outputs, run([PYTHON, "-c", COMPOSED, str(root)]).peak)
        shutil.rmtree(root / "dist")
    for small, large in ((100, 1000), (1000, 5000)):
        (first, _, _), (second, _, _) = found[small], found[large]
        wall, cpu = ((second.wall / first.wall) / (large / small), (second.cpu / first.cpu) / (large / small))
        measured = f"{_seconds(first)} and {_seconds(second)}"
        yield Row(f"3. time a message, {large:,} against {small:,} messages", measured, "1.10", wall, cpu, 1.1)
    (first, outputs, made_of), (second, more_outputs, more_made_of) = found[SIZES[0]], found[SIZES[-1]]
    each = (second.peak - first.peak - (more_made_of - made_of)) / (more_outputs - outputs)
    measured = (
        f"{first.peak / 1e6:.0f} MB and {second.peak / 1e6:.0f} MB, of which {made_of / 1e6:.0f} MB and "
        f"{more_made_of / 1e6:.0f} MB are Python, data and content, read and parsed: {each:.0f} bytes an output more"
    )
    yield Row("3. peak memory beyond what outputs are made of, 5,000 against 100 messages", measured,
              "1,000 bytes an output", each / 1000, None, 1)  # fmt: skip


def check(folder: Path) -> Iterator[Row]:
    """4: `handover check` of the shipped content, against importing what it stands on."""
    bare = [PYTHON, "-c", "import pydantic, yaml, jinja2, markdown_it, click"]

    def first() -> Run:
        with tempfile.TemporaryDirectory(dir=folder) as cache:
            return run([HANDOVER, "check"], XDG_CACHE_HOME=cache)

    for name, checked in (("at first sight", first), ("again", lambda: run([HANDOVER, "check"]))):
        checked()
        pair = pairs(checked, lambda: run(bare), TIMES * 3)
        yield _row(f"4. `check` of the shipped content {name}, against its bare imports", pair, ("check", "imports"),
                   "at most 2 times", 2)  # fmt: skip


def rebuild(folder: Path) -> Iterator[Row]:
    """5: a build where nothing has changed, and where one message has, against the first."""
    shipped = folder / "shipped"
    if not shipped.exists():
        for name in ("data", "content"):
            shutil.copytree(ROOT / name, shipped / name)
    pair = _swapped(pairs(lambda: _build(shipped), lambda: _rebuild(shipped), TIMES))
    yield _row("5. nothing changed, shipped content with the site, against the first build", pair,
               ("again", "first"), "a tenth", 0.1)  # fmt: skip
    root = _repository(folder, 1000)
    pair = _swapped(pairs(lambda: _build(root, "--no-site"), lambda: _rebuild(root, "--no-site"), TIMES))
    yield _row("5. nothing changed, 1,000 messages without the site", pair, ("again", "first"), "a tenth", 0.1)

    def changed() -> Run:
        with (root / "content/messages/message-00500.md").open("a", encoding="utf-8") as file:
            file.write("\nOne more sentence.\n")
        return _rebuild(root, "--no-site")

    pair = _swapped(pairs(lambda: _build(root, "--no-site"), changed, TIMES))
    yield _row("5. one message changed, 1,000 messages without the site", pair, ("again", "first"), "a fifth", 0.2)


def _swapped(pair: Pair) -> Pair:
    return Pair(pair.second, pair.first, 1 / pair.wall_ratio, 1 / pair.cpu_ratio)


def site(folder: Path) -> Iterator[Row]:
    """6: the whole build, against MkDocs over the pages that it made."""
    for size in (0, 100):
        root = _repository(folder, size) if size else folder / "shipped"
        _build(root)
        bare = [PYTHON, "-m", "mkdocs", "build", "-q", "-f", str(root / "build/mkdocs.yml"), "-d", str(folder / "site")]
        pair = pairs(partial(_build, root), partial(run, bare), TIMES if not size else 2)
        name = f"6. `build` of {f'{size} messages' if size else 'the shipped content'}, against bare `mkdocs build`"
        yield _row(name, pair, ("build", "mkdocs"), "at most 1.2 times", 1.2)


SAVED = """
import asyncio, gc, statistics, sys, tempfile, time
from pathlib import Path
from handover.cli.serve_command import FOLLOWED, _Sources
from handover.serve.follow import Follower
from handover.serve.server import Server
from handover.serve.watch import Watch

async def no_site(configuration, site):
    site.mkdir()

async def main(root, folder):
    sources, took = _Sources(root, folder), []
    follower = Follower(Server("127.0.0.1", 0), folder, sources.attempt, sources.prepare, no_site, sources.refused)
    watch = Watch(root, FOLLOWED)
    await follower.once()
    message = next((root / "content/messages").glob("*.md"))
    for number in range(15):
        text = message.read_text() + "\\nMore.\\n"
        started, before = (time.perf_counter(), time.process_time()), follower.server.shown.version
        message.write_text(text)
        await watch.changed()
        await follower.once()
        assert follower.server.shown.version != before
        took.append((time.perf_counter() - started[0], time.process_time() - started[1]))
        gc.collect()  # which the preview does when a second has passed
    watch.close()
    print(*map(statistics.median, zip(*took[3:])))

gc.disable()  # as the program has it
with tempfile.TemporaryDirectory() as folder:
    asyncio.run(main(Path(sys.argv[1]), Path(folder)))
"""
"""Saves, as `handover serve` follows them, but for MkDocs; prints the seconds, and those of a processor, until the
browser is told.
"""


def saved_edit(folder: Path) -> Iterator[Row]:
    """6: from a saved edit to the word that the page is another one, without MkDocs' own time."""
    root = folder / "shipped"
    command = [PYTHON, "-c", SAVED, str(root)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    seconds, cpu = map(float, said.split())
    name = "6. a saved edit in `serve`, until the page reloads, without MkDocs' own time"
    yield Row(
        name, f"{seconds * 1000:.0f} ms ({cpu * 1000:.0f} ms of a processor)", "under 100 ms", seconds / 0.1, None, 1
    )


def links(folder: Path) -> Iterator[Row]:
    """The link check, against asking for the same addresses and nothing else."""
    command = [PYTHON, str(ROOT / "benchmarks/links.py")]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    wall, cpu = measured["by itself"], measured["by itself, seconds of processors"]
    yield Row("`links`, 500 addresses on 50 hosts, against a bare `aiohttp` loop, each timed by itself",
              f"check {wall['links']} s, loop {wall['least']} s", "at most 1.3 times", wall["ratio"], cpu["ratio"],
              1.3)  # fmt: skip


ALL: tuple[Callable[[Path], Iterator[Row]], ...] = (exports, node, growth, check, rebuild, site, saved_edit, links)
