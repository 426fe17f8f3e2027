"""Fixtures for all tests: the console script, the shipped content built once and served, and a real browser."""

import contextlib
import fcntl
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache as cache_results
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from xdist.scheduler import LoadScopeScheduling

from handover.cli import (
    building,
    cli,
    drift_command,
    export_command,
    pipeline,
    schema_command,
    selection,
    send_command,
    show_command,
)
from handover.cli.cache import Cache, Results
from handover.write.output import NullWriter, Writer
from handover.write.site import MkDocs

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds after which something has not happened. Nothing waits that long unless it fails."""
FUZZING = "FUZZ_SECONDS" in os.environ
"""True for `make fuzz`: the tests marked `sample` take a sample many times as large."""
SCRIPT = Path(sys.executable).with_name("handover")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_handover(*arguments: str, cwd: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the console script as a user does, in a process of its own."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


def call_handover(*arguments: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """The same in this process, which has it loaded already."""
    with contextlib.chdir(cwd):
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the engine keeps for the next command is kept for this run alone, not in the cache of who starts it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Commands about one message process the shipped content, and Tideline, once: no test changes these.

    Nor does one change the models, of which `schema` writes.
    """
    known = cache_results(selection.sound)
    unchanged = (ROOT, ROOT / "tests/cases/good/tideline")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema_command, "current", cache_results(schema_command.current))
        for command in (drift_command, export_command, send_command, show_command):
            patch.setattr(
                command,
                "sound",
                lambda root: known(root.resolve()) if root.resolve() in unchanged else selection.sound(root),
            )
        yield


@contextlib.contextmanager
def known(root: Path) -> Iterator[None]:
    """What is the same as in `root` is not read and checked anew: a run in this process reuses what `serve` would.

    That is a run over a repository with the same playbook. Only `check`, which keeps no output, reuses the results of
    messages.
    """
    run, warm = pipeline.run_pipeline, Cache()
    run(root, NullWriter(), warm)
    files = {path: result for path, result in warm.files.items() if path != "places"}
    playbook = next(path for path in files if path.startswith("data/playbooks/"))

    def run_knowing(root: Path, writer: Writer | None = None, cache: Cache | None = None) -> pipeline.PipelineResult:
        if cache is None and (root / playbook).exists():
            before = warm if isinstance(writer, NullWriter) else Cache()
            cache = replace(before, files=dict(files), entries=Results(dict(before.entries.known)))
        return run(root, writer, cache)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "run_pipeline", run_knowing)
        yield


@pytest.fixture(scope="session", autouse=True)
def known_content() -> Iterator[None]:
    """Most repositories of the tests differ in a file or two from Tideline, or from what is shipped."""
    with known(ROOT), known(ROOT / "tests/cases/good/tideline"):
        yield


@pytest.fixture(scope="session")
def handover() -> Run:
    """The command line: `handover("check", "--root", "…")`."""
    return call_handover


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
    for name in ("data", "content", "templates", "docs"):
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


@pytest.fixture(scope="session")
def mkdocs() -> Iterator[MkDocs]:
    """Builds with a site in this process take MkDocs as it is loaded already."""
    with MkDocs() as loaded, pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "MkDocs", lambda: contextlib.nullcontext(loaded))
        yield loaded


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the shipped sources that a test may change."""
    return copy_sources(tmp_path / "sources")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One command renews the golden files."""
    parser.addoption("--every-mistake", action="store_true", help="plant every mistake that is known, not a sample")
    parser.addoption("--update-golden", action="store_true", help="renew the golden files; read the difference")


SLOW_FIXTURES = {"browser", "dist", "fresh", "mkdocs"}
"""A test with one of these is slow without being marked."""


@cache_results
def shares(path: Path) -> bool:
    """True if the tests of a file share what one of them sets up."""
    return 'scope="module"' in path.read_text(encoding="utf-8")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests by their fixtures; put files with a browser last, and first what is done in one piece.

    Before all of them is a test that builds the site, for which the others would wait.
    """
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    last = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    builds = [item for item in items if "dist" in getattr(item, "fixturenames", ()) and item.path not in last]
    items.sort(key=lambda item: (item.path in last, item not in builds[:1], not shares(item.path)))


def pytest_collection_finish() -> None:
    """What is imported by now stays: a collection of garbage need not look through it each time, nor so often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A process that is free gets the next test with all its cases, or all of a file that shares what they set up.

    In a browser, where each case takes long and which comes last, it gets one.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if shares(ROOT / path):
            return path
        return nodeid if path.startswith("tests/browser/") else nodeid.partition("[")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """That of pytest-xdist takes tests by their marks, which the present pytest keeps from it."""
    return Scheduling(config, log)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder in silence, and tells LinkChecker that it need not be slow here."""

    def end_headers(self) -> None:
        self.send_header("LinkChecker", "allowed")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder that is served on a free port of loopback, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site. Its search does not start: to index every page takes a third of each load."""
    folder = Path(shutil.copytree(dist, tmp_path_factory.mktemp("quiet") / "site"))
    index = folder / "search/search_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text(encoding="utf-8")), "docs": []}), encoding="utf-8")
    (worker,) = folder.glob("assets/javascripts/workers/search.*.js")
    worker.write_text("", encoding="utf-8")
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def searchable(dist: Path) -> Iterator[str]:
    """The address of the built site as it is, for tests that search."""
    with served(dist) as address:
        yield address


CHROMIUM = (
    "chromium-headless-shell", "chromium", "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
"""The engine alone first: it takes four fifths of the time of a browser whose own windows are merely not shown."""
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--renderer-process-limit=1",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Tests with it come last, as the loop that drives it would be in the way of the others."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = "there is no Chromium: `make browser` installs it where it can"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1000)
        launched = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        launched.close()


OWN_SCRIPT = re.compile(r"Blocked script execution in '(about:blank|\S+/exports/preview/\S+)' because .* sandboxed")
"""Of the scripts that Playwright adds to each frame; a preview has none, as `test_policy` sees."""


def complaint(message: ConsoleMessage) -> list[str]:
    """What the page complains of: the text of an error in its console."""
    return [message.text] if message.type == "error" and not OWN_SCRIPT.match(message.text) else []


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A profile for all tests: with one for each, every page is loaded in a new process, which takes twice as long."""
    shared = browser.new_context(viewport={"width": 1280, "height": 900})
    shared.set_default_timeout(PATIENCE * 1000)
    shared.new_page()  # keeps the profile alive between two tests
    yield shared
    shared.close()


@pytest.fixture
def context(profile: BrowserContext, site: str) -> Iterator[BrowserContext]:
    """The profile with nothing in it. It may use the clipboard.

    Whatever a page in it complains of, or asks another host, fails.
    """
    profile.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.rstrip("/"))
    kept, *_ = profile.pages
    wrong: list[str] = []
    origins: set[str] = set()

    def see(asked: Request) -> None:
        origins.add("/".join(asked.url.split("/")[:3]))
        if not is_local(asked.url):
            wrong.append(f"asked {asked.url}")

    def hear(message: ConsoleMessage) -> None:
        wrong.extend(complaint(message))

    def stumble(trouble: WebError) -> None:
        wrong.append(str(trouble.error))

    profile.on("request", see)
    profile.on("console", hear)
    profile.on("weberror", stumble)
    yield profile
    for page in profile.pages[1:]:
        page.close()
    profile.remove_listener("request", see)
    profile.remove_listener("console", hear)
    profile.remove_listener("weberror", stumble)
    session = profile.new_cdp_session(kept)
    for origin in origins:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    session.detach()
    profile.clear_permissions()
    assert wrong == []


def is_local(address: str) -> bool:
    """True for what does not leave this machine."""
    return address.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new tab."""
    return context.new_page()
