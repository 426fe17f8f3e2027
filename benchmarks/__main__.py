"""All benchmarks: `python -m benchmarks` prints the table of BENCHMARKS.md, with the ratios measured in this run."""

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import targets
from benchmarks.measure import ROOT
from benchmarks.profile import profile

TABLE = re.compile(r"(<!-- measured -->\n).*?(\n<!-- end -->)", re.DOTALL)


def machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory} GiB, Python "
        f"{platform.python_version()}; the machine's load when the run began was {load:.1f}."
    )


def table(folder: Path) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    yield f"Measured on {machine()}"
    yield ""
    yield "| | measured | target | ratio of seconds | of processor seconds | |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for target in targets.ALL:
        for row in target(folder):
            print(row, file=sys.stderr, flush=True)
            yield str(row)
    yield ""
    yield "Where the time of `handover build --no-site` at 1,000 messages goes, in one process:"
    yield ""
    yield from profile(folder)


def main() -> None:
    """Measure, print, and with --write keep the table in BENCHMARKS.md."""
    folder = Path(tempfile.mkdtemp(prefix="handover-bench-"))
    try:
        measured = "\n".join(table(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(measured)
    if "--write" in sys.argv:
        page = ROOT / "BENCHMARKS.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(TABLE.sub(lambda found: found[1] + measured + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    main()
