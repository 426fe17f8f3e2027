"""The site as it is published, each of the two browsers, and what goes wrong in their pages."""

import os
import shutil
from collections.abc import Iterable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browsers.drivers import FIREFOX, Browser, Firefox, WebKit
from tests.conftest import Handler, copy_sources, run_handover

NEEDED: dict[str, list[Iterable[str]]] = {
    "firefox": [FIREFOX],
    "webkit": [["WebKitWebDriver"], ["xvfb-run"], ["dbus-run-session"]],
}
WATCH = """<script>{
  const tell = (words) =>
    fetch("/complaint", { method: "POST", body: `${location.pathname}: ${words}`, keepalive: true });
  document.addEventListener("securitypolicyviolation", (event) =>
    tell(`${event.violatedDirective} ${event.blockedURI}`));
  addEventListener("error", (event) => event.message && tell(`${event.message} ${event.filename}:${event.lineno}`));
  addEventListener("unhandledrejection", (event) => tell(event.reason));
}</script>"""
"""At the start of each page: tells the server what the page runs into, as WebKit's driver does not."""


class Site(ThreadingHTTPServer):
    """A server of one folder, also as the proxy to any other host, which browsers trust less than their machine."""

    complaints: list[str]
    folder: Path


class Visit(Handler):
    """Answers with a file of the site."""

    server: Site

    def __init__(self, request: Any, address: Any, server: Site) -> None:
        super().__init__(request, address, server, directory=str(server.folder))

    def translate_path(self, path: str) -> str:
        """The file of an address, which has its host if the server is used as a proxy."""
        return super().translate_path(urlsplit(path).path)

    def do_GET(self) -> None:  # noqa: N802 - http.server names it
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() and urlsplit(self.path).path.endswith("/") else file
        if file.suffix != ".html" or "exports" in file.parts or not file.is_file():
            super().do_GET()
            return
        body = (WATCH + file.read_text(encoding="utf-8")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:  # noqa: N802
        self.server.complaints.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The shipped content with the address that it has, so that the theme exchanges pages without loading them."""
    root = tmp_path_factory.mktemp("published")
    served = Site(("127.0.0.1", 0), Visit)
    served.folder, served.complaints = root / "dist", []
    sources = copy_sources(root / "sources")
    with open(sources / "data/brand.yml", "a", encoding="utf-8") as brand:
        brand.write(f"site_url: http://127.0.0.1:{served.server_port}/\n")
    built = run_handover("build", "--root", str(sources), "--out", str(served.folder))
    assert built.returncode == 0, built.stdout + built.stderr
    Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


@pytest.fixture(scope="session")
def site(server: Site) -> str:
    """The address of the site, with a slash at its end."""
    return f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="session")
def dist(server: Site) -> Path:
    """The folder of the site."""
    return server.folder


class Start:
    """Starts the browser of an engine."""

    def __init__(self, engine: str, folder: Path, server: Site) -> None:
        self.engine, self.folder, self.proxy = engine, folder, f"127.0.0.1:{server.server_port}"

    def __call__(self, *, cookies: bool = True) -> Browser:
        kind = {"firefox": Firefox, "webkit": WebKit}[self.engine]
        return kind(self.folder / ("usual" if cookies else "strict"), self.proxy, cookies=cookies)


@pytest.fixture(scope="session", params=sorted(NEEDED))
def start(request: pytest.FixtureRequest, server: Site, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """How to start a browser of this engine."""
    missing = [next(iter(names)) for names in NEEDED[request.param] if not any(map(shutil.which, names))]
    if missing:
        reason = f"{', '.join(missing)} is missing: `make browsers` installs it where it can"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Start(request.param, tmp_path_factory.mktemp(request.param), server)


@pytest.fixture(scope="session")
def started(start: Start) -> Iterator[Browser]:
    """The browser, for all tests."""
    browser = start()
    yield browser
    browser.stop()


@pytest.fixture
def browser(started: Browser, server: Site) -> Iterator[Browser]:
    """The browser with nothing stored. Whatever a page of the site runs into fails."""
    started.forget()
    server.complaints.clear()
    yield started
    assert server.complaints == []
