"""`handover serve`, as the browser's script sees it; the browser itself is in tests/browser."""

import asyncio
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from handover.cli.preview import Preview
from handover.serve import server as serving
from handover.write.site import MkDocs
from tests.conftest import FUZZING, PATIENCE, ROOT, SCRIPT
from tests.test_cases import TIDELINE


class Live:
    """A running `handover serve` on a free port."""

    def __init__(self, root: Path, temporary: Path, script: Path = SCRIPT) -> None:
        self.temporary = temporary
        self.process = subprocess.Popen(
            [str(script), "serve", "--root", str(root), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "TMPDIR": str(temporary)},
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.printed: list[str] = []
        for line in self.process.stdout:
            self.printed.append(line)
            if found := re.search(r"is at http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                return
        raise AssertionError("".join(self.printed))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask for a path exactly as it is written here."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    @contextmanager
    def events(self) -> Iterator[Iterator[dict[str, Any]]]:
        """What the stream says, one after the other."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/-/events")
        response = connection.getresponse()
        try:
            yield (json.loads(line[6:]) for line in iter(response.readline, b"") if line.startswith(b"data: "))
        finally:
            response.close()
            connection.close()

    def stop(self, how: signal.Signals) -> tuple[int, str]:
        """End it; the exit code, and what it printed since it began to listen."""
        os.killpg(self.process.pid, how)  # as a terminal does: to every process of the group
        printed, _ = self.process.communicate(timeout=PATIENCE)
        with pytest.raises(ProcessLookupError):
            os.killpg(self.process.pid, 0)
        assert list(self.temporary.iterdir()) == []
        return self.process.returncode, printed


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small repository that a test may change."""
    return Path(shutil.copytree(TIDELINE, tmp_path / "small"))


@contextmanager
def live(root: Path, tmp_path: Path) -> Iterator[Live]:
    """`handover serve`, ended in any case."""
    temporary = tmp_path / "temporary"
    temporary.mkdir(exist_ok=True)
    server = Live(root, temporary)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.communicate()


def until(events: Iterator[dict[str, Any]], version: str, wrong: bool) -> dict[str, Any]:
    """The next event of another version than `version`, or of the same one with findings if it is `wrong`."""
    end = time.monotonic() + PATIENCE
    for event in events:
        assert time.monotonic() < end
        if (event["findings"] != []) == wrong and not event["busy"] and (wrong or event["version"] != version):
            return event
    raise AssertionError("the stream has ended")


@pytest.mark.slow
def test_it_follows_each_save_whatever_happens_to_the_files_and_serves_nothing_else(
    small: Path, tmp_path: Path
) -> None:
    letter = small / "content/messages/season-letter.md"
    good = letter.read_text()
    letter.write_text(good.replace("{{ skipper }}, it", "{{ skiper }}, it"))
    with live(small, tmp_path) as server, server.events() as events:
        first = until(events, "", wrong=True)
        assert server.get("/")[0] == 503
        (finding,) = first["findings"]
        assert finding["place"] == "content/messages/season-letter.md:12:10"
        assert finding["hint"] == "Did you mean 'skipper'?"
        assert finding["source"].endswith("{{ skiper }}, it is time to look at your sensors.\n      |          ^^^^^^")

        letter.write_text(good)
        now = until(events, "", wrong=False)
        status, page = server.get("/messages/season-letter/")
        assert status == 200
        assert f'<script src="/-/follow.js" data-version="{now["version"]}"' in page
        status, email = server.get("/exports/preview/season-letter.html")
        assert (status, "follow.js" in email) == (200, False)

        # Nothing but the site, and only to this machine.
        for path in ("/../mkdocs.yml", "/%2e%2e/mkdocs.yml", "/..%2fmkdocs.yml", "//etc/passwd", "/%00"):
            status, text = server.get(path)
            assert (path, status) == (path, 404)
            assert "docs_dir" not in text
        assert server.get("/links")[0] == 302
        assert server.get("/", Host="evil.example")[0] == 403
        assert server.get("/", Host=f"localhost:{server.port}")[0] == 200

        # An editor that writes a file of its own and puts it in the place of the old one.
        beside = letter.with_suffix(".md~")
        beside.write_text(good.replace("it is time", "it is high time"))
        beside.replace(letter)
        now = until(events, now["version"], wrong=False)
        assert "it is high time" in server.get("/messages/season-letter/")[1]

        (small / "data/playbooks/harbour.yml").rename(small / "data/playbooks/quay.yml")
        now = until(events, now["version"], wrong=False)
        assert server.get("/quay/")[0] == 200
        assert server.get("/harbour/")[0] == 404

        shutil.move(small / "content", small / "away")
        assert until(events, now["version"], wrong=True)["version"] == now["version"]
        assert server.get("/quay/")[0] == 200
        shutil.move(small / "data", small / "away")
        # On a busy machine the files of content may vanish in two steps, each with errors of its own.
        said = (event["findings"][0]["message"] for event in events if event["findings"])
        assert next(message for message in said if "there is no folder 'data'" in message)
        shutil.move(small / "away/data", small / "data")
        shutil.move(small / "away", small / "content")
        for event in events:
            if not event["findings"]:
                break
        assert server.get("/quay/")[0] == 200

        (small / "mkdocs.yml").write_text("theme: [\n")
        assert until(events, "", wrong=True)["findings"][0]["path"] == "mkdocs.yml"
        (small / "mkdocs.yml").unlink()
        until(events, "", wrong=False)
        assert server.get("/quay/")[0] == 200
        code, printed = server.stop(signal.SIGINT)
        assert code == 0
        assert printed.endswith("Stopped.\n")
        assert "Traceback" not in printed
    assert sorted(path.name for path in small.iterdir()) == ["content", "data"]


SHIPPED = {path.relative_to(TIDELINE).as_posix(): path.read_text(encoding="utf-8") for path in TIDELINE.rglob("*.*")}
EXTRA = {
    "content/messages/other-letter.md": SHIPPED["content/messages/season-letter.md"],
    "content/blocks/more.md": "---\nsnippet: true\n---\nMore.\n",
    "content/blocks/stray.txt": "A warning.\n",
    "mkdocs.yml": (ROOT / "mkdocs.yml").read_text(encoding="utf-8").replace("site_name: ", "site_name: Another "),
    "templates/handbook/glossary.md.j2": "# {{ book.catalog.brand.name }}\n",
    "templates/email/letter.mjml.j2": (ROOT / "templates/email/letter.mjml.j2").read_text(encoding="utf-8") + "\n",
}


def saves(chance: random.Random) -> Iterator[tuple[str, str | None]]:
    """Each shipped file edited and restored, and each other one added and removed, in a random order."""
    texts: dict[str, list[str | None]] = {path: [text, None] for path, text in EXTRA.items()}
    for path, text in SHIPPED.items():
        edited = re.sub(r"((?:title|name|label|meaning): )(\w+)", r"\1\2 again", text, count=1)
        texts[path] = [f"{edited}\nOne word more.\n" if path.endswith(".md") else edited, text]
        assert texts[path][0] != text
    order = [path for path, states in texts.items() for _ in states]
    chance.shuffle(order)
    yield from ((path, texts[path].pop(0)) for path in order)


def save(file: Path, text: str | None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")


def site_of(preview: Preview) -> dict[str, object]:
    """Every file that a browser can get; the entries of the search in any order."""
    site = preview.shown.site
    assert site is not None
    files: dict[str, object] = {
        path.relative_to(site).as_posix(): preview.shown.page(path) if path.suffix == ".html" else path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    if "search/search_index.json" in files:
        index = json.loads((site / "search/search_index.json").read_bytes())
        files["search/search_index.json"] = sorted(json.dumps(entry) for entry in index["docs"])
    for path in ("catalog.json", "exports/preview/preview.zip", "exports/handbook/harbour.md"):
        files[path] = preview.shown.files(path)
        assert files[path] is not None
    return files


class CopiedPages(MkDocs):
    """In the place of MkDocs: the site is the pages, and it takes no time."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def _request(self, configuration: Path, site: Path, dirty: bool) -> None:
        shutil.copytree(configuration.parent / "docs", site, dirs_exist_ok=True)
        shutil.copy(configuration, site)

    def _answer(self) -> list[str]:
        return []


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize(
    ("share", "with_site"),
    [(3, False), (5, True)] if FUZZING else [(5, False), (12, True)],
    ids=["pages", "site"],
)
def test_what_follows_any_saves_is_what_a_new_preview_shows(
    small: Path, tmp_path: Path, mkdocs: MkDocs, share: int, with_site: bool
) -> None:
    chance = random.Random(share)  # noqa: S311 - a seed, not a secret
    order = list(saves(chance))
    builder = mkdocs if with_site else CopiedPages()
    preview = Preview(small, tmp_path / "followed", builder)
    preview.update()
    shown = site_of(preview)
    for number in range(0, len(order), share):
        for path, text in order[number : number + share]:
            save(small / path, text)
        wrong = small / chance.choice(list(SHIPPED))
        good = wrong.read_text(encoding="utf-8")
        save(wrong, chance.choice([None, f"{good}\n{{{{ wrong"]))
        new = Preview(small, tmp_path / f"wrong-{number}", builder)
        preview.update()
        new.update()
        assert list(preview.errors) == list(new.errors)
        if preview.errors:
            assert site_of(preview) == shown
        save(wrong, good)
        new = Preview(small, tmp_path / f"new-{number}", builder)
        preview.update()
        new.update()
        assert not preview.errors
        assert preview.pages == new.pages
        assert preview.shown.files == new.shown.files
        shown = site_of(preview)
        assert shown == site_of(new)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("playbook.md.j2", "{% if portable %}{{ wrong.at_all }}{% endif %}One word more.\n"),
        ("mkdocs.yml.j2", "\nnav: [nowhere.md]\n"),
    ],
    ids=["after-the-site", "in-another-folder"],
)
def test_a_wrong_template_that_shows_late_leaves_the_last_good_site(
    small: Path, tmp_path: Path, mkdocs: MkDocs, name: str, wrong: str
) -> None:
    letter = small / "content/messages/season-letter.md"
    template = small / "templates/handbook" / name
    preview = Preview(small, tmp_path / "followed", mkdocs)
    preview.update()
    shown = site_of(preview)
    save(template, (ROOT / "templates/handbook" / name).read_text(encoding="utf-8") + wrong)
    preview.update()
    assert preview.errors
    assert site_of(preview) == shown
    template.unlink()
    save(letter, letter.read_text(encoding="utf-8") + "\nOne word more.\n")
    preview.update()
    new = Preview(small, tmp_path / "new", mkdocs)
    new.update()
    assert not preview.errors
    assert site_of(preview) == site_of(new) != shown


@pytest.mark.slow
def test_a_port_that_is_taken_is_said(small: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [str(SCRIPT), "serve", "--root", str(small), "--port", port]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert result.returncode == 2
    assert f"port {port} is in use" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_request_that_nothing_answers_and_a_browser_that_leaves_are_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "STILL_THERE", 0.01)

    async def status(port: int, path: str) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        line = await reader.readline()
        writer.transport.abort()
        return int(line.split()[1])

    async def ask() -> list[int]:
        server = serving.Server("127.0.0.1", 0)
        await server.start()
        server.show(serving.Shown("1", tmp_path))
        paths = ["/" + "a" * 300, "/" + "a/" * 3_000, "/" + "a" * 100_000, serving.EVENTS]
        statuses = [await status(server.port, path) for path in paths]
        async with asyncio.timeout(PATIENCE):
            while server.streams:
                await asyncio.sleep(0.01)
        await server.close()
        return statuses

    assert asyncio.run(ask()) == [404, 404, 400, 200]
    assert caplog.records == []
