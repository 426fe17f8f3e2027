"""The same sources give the same bytes: in another folder, with other hash seeds, time zones, locales and umasks."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SCRIPT, copy_sources


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_two_builds_are_the_same_to_the_byte(tmp_path: Path, dist: Path) -> None:
    elsewhere = copy_sources(tmp_path / "a quite different place")
    # Other order of creation, other times.
    messages = elsewhere / "content/messages"
    for path in sorted(messages.iterdir(), reverse=True):
        shutil.copy(path, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    environment = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C"}
    command = f"umask 077; cd '{elsewhere}' && '{SCRIPT}' build --out out"
    subprocess.run(["bash", "-c", command], env={**os.environ, **environment}, check=True, capture_output=True)
    assert digests(elsewhere / "out") == digests(dist)


def test_no_output_knows_where_or_when_it_was_built(dist: Path) -> None:
    for path in sorted(dist.rglob("*")):
        if path.is_file() and path.suffix in (".html", ".txt", ".json", ".md", ".eml", ".mjml", ".xml"):
            content = path.read_text(encoding="utf-8")
            assert str(dist.parent) not in content, path
            assert "site-packages" not in content, path
