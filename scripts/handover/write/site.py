"""The site: MkDocs over the generated pages, as a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from handover.write.dist import write_all

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
"""Makes MkDocs build the same site from the same pages, and keeps it from saying what nobody here can act on."""

COMMAND = (sys.executable, "-m", "handover.write.site_worker")
"""MkDocs in a process that stays loaded."""


CONFIGURATION = "mkdocs.yml"
"""Among the pages: what MkDocs is to know."""


class SiteFault(Exception):
    """MkDocs refused the pages; the text is what it said."""


def prepare(build: Path, pages: Mapping[str, bytes], before: Mapping[str, bytes] | None = None) -> Path:
    """Write the pages that MkDocs reads below `build`, by their paths, and return the path of its configuration.

    Only those are written that differ from the ones `before`, which this process wrote there the last time.
    """
    docs = build / "docs"
    if before is None:
        shutil.rmtree(docs, ignore_errors=True)
        docs.mkdir(parents=True)
        before = {}
    for path in before.keys() - pages.keys():
        (docs / path).unlink()
    changed = {path: content for path, content in pages.items() if before.get(path) != content}
    configuration = changed.pop(CONFIGURATION, None)
    write_all(docs, changed.items())
    if configuration is not None:
        write_all(build, [(CONFIGURATION, configuration)])
    return build / CONFIGURATION


class MkDocs:
    """MkDocs in a process that loads it while nobody needs it yet, and that is gone after the block."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **ENVIRONMENT},
            close_fds=False,  # it holds the locks of the build: what is left of a killed one is over before the next
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, configuration: Path, site: Path) -> None:
        """Have it build the site of a `configuration` into the folder `site`."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        with suppress(BrokenPipeError):  # it has ended: no answer comes
            self._process.stdin.write(json.dumps([str(configuration), str(site.resolve())]) + "\n")
            self._process.stdin.flush()

    def finish(self) -> None:
        """Wait for it. Raises SiteFault with what it said if it refused."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        answer = self._process.stdout.readline()
        if not answer:
            raise SiteFault(f"it ended by itself, with exit code {self._process.wait()}")
        said = json.loads(answer)
        if said:
            raise SiteFault("\n".join(said[:20]))
