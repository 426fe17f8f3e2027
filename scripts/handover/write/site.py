"""The site: MkDocs over the generated pages, as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from handover.write.dist import write_all

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
"""Makes MkDocs build the same site from the same pages, and keeps it from saying what nobody here can act on."""


class SiteFault(Exception):
    """MkDocs refused the pages; the text is what it said."""


def prepare(build: Path, pages: Iterable[tuple[str, bytes]]) -> Path:
    """Write the pages that MkDocs reads below `build`, and return the path of its configuration."""
    docs = build / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    docs.mkdir(parents=True)
    for path, content in pages:
        write_all(build if path == "mkdocs.yml" else docs, [(path, content)])
    return build / "mkdocs.yml"


def start(configuration: Path, site: Path) -> "subprocess.Popen[str]":
    """MkDocs, running: it writes the site into the folder `site`."""
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--clean",
        "-f",
        str(configuration),
        "-d",
        str(site.resolve()),
    ]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **ENVIRONMENT},
        close_fds=False,  # it holds the locks of the build: what is left of a killed one is over before the next
    )


def finish(running: "subprocess.Popen[str]") -> None:
    """Wait for MkDocs. Raises SiteFault with its warnings if it refused."""
    said, _ = running.communicate()
    if running.returncode != 0:
        lines = [
            line
            for line in said.splitlines()
            if line.startswith(("WARNING", "ERROR", "Aborted", "Error")) or " - " in line
        ]
        raise SiteFault("\n".join(lines[:20] or said.splitlines()[-20:]))
