"""The site: MkDocs over the generated pages, in a process of its own that stays loaded."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from handover.model.parts import Page, Parts
from handover.paths import SafePath

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
"""Lets MkDocs build the same site from the same pages, and silences a notice that users cannot act on."""

CONFIGURATION = "mkdocs.yml"
"""Among the pages: MkDocs' configuration."""


@dataclass(slots=True)
class SitePages:
    """What MkDocs reads, by path, and what the pages that it builds are finished with."""

    files: dict[str, bytes] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)
    term_ids: dict[str, str] = field(default_factory=dict)
    """The ids of the glossary, by their terms."""

    def add(self, pages: Iterable[Page]) -> None:
        """Add rendered pages."""
        for page in pages:
            self.files[page.path] = page.text.encode()
            self.parts.update(page.parts)


class SiteFault(Exception):
    """MkDocs refused the pages; the text is what it reported."""


def write_pages(build: SafePath, pages: Mapping[str, bytes], before: Mapping[str, bytes] | None = None) -> Path:
    """Write the pages that MkDocs reads below `build`, by their paths; return the path of its configuration.

    Pages that are the same `before`, as this process wrote them the last time, are not written again.
    """
    docs, configuration = build / "docs", build / CONFIGURATION
    configuration.exists()  # a link is refused now, not after the pages are written
    if before is None and docs.exists():
        docs.remove()
    for path in (before or {}).keys() - pages.keys():
        (docs / path).remove()
    for path, content in pages.items():
        if before is None or before.get(path) != content:
            (configuration if path == CONFIGURATION else docs / path).write(content)
    return configuration.path


class MkDocs:
    """A process that loads MkDocs before it is needed, builds any number of sites, and ends with the block."""

    _closed = False

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._process.communicate()

    def close(self) -> None:
        """End the process, also while a site is being built, which raises SiteFault then."""
        self._closed = True
        self._process.kill()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "handover.write.site_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **ENVIRONMENT},
            close_fds=False,  # it inherits the locks of the build: they are held until it has ended
        )

    @contextmanager
    def building(self, configuration: Path, site: Path, dirty: bool = False) -> Iterator[None]:
        """Build the site of a `configuration` into the folder `site` while the block runs.

        `dirty`: only the pages that have changed. Raises SiteFault with the first problems that MkDocs reports.
        """
        self._request(configuration, site, dirty)
        try:
            yield
        finally:
            problems = self._answer()
        if problems:
            raise SiteFault("\n".join(problems[:20]))

    def _request(self, configuration: Path, site: Path, dirty: bool) -> None:
        if self._process.poll() is not None and not self._closed:
            self._start()
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # it has ended: there is no answer
            self._process.stdin.write(json.dumps([str(configuration), str(site.resolve()), dirty]) + "\n")
            self._process.stdin.flush()

    def _answer(self) -> list[str]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        answer = self._process.stdout.readline()
        problems: list[str] = json.loads(answer) if answer else []
        return problems if answer else [f"it ended by itself, with exit code {self._process.wait()}"]
