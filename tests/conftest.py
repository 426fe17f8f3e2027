"""What every test can use: the console script, the shipped content built once and served, and a real browser."""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SCRIPT = Path(sys.executable).with_name("handover")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_handover(*arguments: str, cwd: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the console script as a user does; nothing of it is imported here."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.fixture(scope="session")
def handover() -> Run:
    """The console script: `handover("check", "--root", "…")`."""
    return run_handover


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content, built once for all tests of a run; only to be read."""
    shared = (
        tmp_path_factory.getbasetemp().parent
        if os.environ.get("PYTEST_XDIST_WORKER")
        else tmp_path_factory.getbasetemp()
    )
    with once(shared / "built") as first:
        if first:
            sources = copy_sources(shared / "built" / "sources")
            result = run_handover("build", "--root", str(sources), "--out", str(shared / "built" / "dist"))
            assert result.returncode == 0, result.stdout + result.stderr
    return shared / "built" / "dist"


def copy_sources(target: Path) -> Path:
    """A copy of what an author writes."""
    for name in ("data", "content", "templates"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    return target


class once:  # noqa: N801 - reads as `with once(folder) as first`
    """True for the first of several processes that get here; the others wait for it to end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.done = folder / "done"
        self.lock = open(folder / "lock", "w", encoding="utf-8")  # noqa: SIM115 - closed on exit

    def __enter__(self) -> bool:
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        return not self.done.exists()

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            self.done.touch()
        self.lock.close()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the shipped sources that a test may change."""
    return copy_sources(tmp_path / "sources")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One command renews the golden files."""
    parser.addoption("--every-mistake", action="store_true", help="plant every mistake that is known, not a sample")
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; read the difference")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The crawl of the whole site begins first: it takes longest, and the rest goes on beside it."""
    items.sort(key=lambda item: "linkchecker" not in item.name)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder in silence, and tells LinkChecker that it need not be slow here."""

    def end_headers(self) -> None:
        self.send_header("LinkChecker", "allowed")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


def serve(folder: Path) -> ThreadingHTTPServer:
    """A server of a folder on a free port of loopback, running; `shutdown` and `server_close` end it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[str]:
    """The address of the built site, with a slash at its end."""
    server = serve(dist)
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


CHROMIUM = ("chromium", "chromium-browser", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Of one module, as the loop that drives it would be in the way of other tests."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        said = "there is no Chromium: `make browser` installs it where it can"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A fresh profile that may use the clipboard. Whatever a page in it complains of, or asks another host, fails."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(5000)
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.rstrip("/"))
    wrong: list[str] = []
    made.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    made.on("weberror", lambda trouble: wrong.append(str(trouble.error)))
    made.on("request", lambda asked: None if is_local(asked.url) else wrong.append(f"asked {asked.url}"))
    yield made
    made.close()
    assert wrong == []


def is_local(address: str) -> bool:
    """True for what does not leave this machine."""
    return address.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new tab."""
    return context.new_page()
