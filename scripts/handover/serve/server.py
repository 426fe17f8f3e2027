"""The pages over HTTP, each with a script that listens to a stream of events."""

import asyncio
import json
import logging
import mimetypes
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

EVENTS = "/-/events"
SCRIPT = "/-/follow.js"

STILL_THERE = 15.0
"""Seconds of silence after which a comment keeps the stream open."""

_LOGGER = logging.getLogger(__name__)
_LOGGER.addFilter(  # what is no request is refused, and is no fault of the server
    lambda record: not isinstance(record.exc_info and record.exc_info[1], HttpProcessingError)
)

_NOTHING_YET = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Not yet</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 34rem; padding: 0 1rem }</style>
</head>
<body><h1>There is nothing to show yet</h1><p>The handbook appears here by itself as soon as it is built.</p></body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser gets: the folder of the site, the files beside it, and the errors of the sources.

    `version` differs for each site. `page` returns the HTML of a page by its path in the folder, and `files` the
    content of a file beside them by its path, None if there is none.
    """

    version: str = ""
    site: Path | None = None
    page: Callable[[Path], bytes] = Path.read_bytes
    files: Callable[[str], bytes | None] = lambda path: None
    findings: Sequence[Mapping[str, Any]] = ()
    busy: bool = True

    def event(self) -> bytes:
        """The event for the stream."""
        data = {"version": self.version, "busy": self.busy, "findings": list(self.findings)}
        return f"data: {json.dumps(data)}\n\n".encode()


class Server:
    """Serves what is `shown`."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.run_id = secrets.token_hex(4)
        self.shown = Shown()
        self.streams: set[asyncio.Queue[Shown | None]] = set()
        self.runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises OSError if the port is taken. Port 0 becomes a free one."""
        app = web.Application(middlewares=[self._only_here])
        app.router.add_get(EVENTS, self._events)
        app.router.add_get(SCRIPT, self._script)
        app.router.add_get("/{path:.*}", self._page)
        self.runner = web.AppRunner(app, access_log=None, logger=_LOGGER, shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, self.host, self.port).start()
        self.port = self.runner.addresses[0][1]

    async def close(self) -> None:
        """End every stream, and stop listening."""
        for stream in self.streams:
            stream.put_nowait(None)
        if self.runner is not None:
            await self.runner.cleanup()

    @property
    def address(self) -> str:
        """The URL to open in a browser on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - only compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def show(self, shown: Shown) -> None:
        """Replace what is served, and tell every browser."""
        self.shown = replace(shown, version=f"{self.run_id}-{shown.version}" if shown.version else "")
        for stream in self.streams:
            stream.put_nowait(self.shown)

    @web.middleware
    async def _only_here(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """On a loopback address, refuse requests for another host name: one that was pointed here by DNS."""
        ours = ("localhost", "127.0.0.1", "::1", self.host)
        if is_loopback(self.host) and request.url.host not in ours:
            raise web.HTTPForbidden(text="This preview is for this machine alone.")
        response: web.StreamResponse = await handler(request)
        return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        stream: asyncio.Queue[Shown | None] = asyncio.Queue()
        self.streams.add(stream)
        try:
            await response.write(self.shown.event())
            while True:
                try:
                    shown = await asyncio.wait_for(stream.get(), STILL_THERE)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if shown is None:
                    return response
                await response.write(shown.event())
        except ConnectionError:  # the browser has left
            return response
        finally:
            self.streams.discard(stream)

    async def _script(self, request: web.Request) -> web.Response:
        text = Path(__file__).with_name("follow.js").read_text(encoding="utf-8")
        return _answer(text.encode(), "text/javascript")

    async def _page(self, request: web.Request) -> web.Response:
        path, shown = request.match_info["path"], self.shown
        content = await asyncio.to_thread(shown.files, path)
        if content is not None:
            return _answer(content, _kind(path))
        if shown.site is None:
            return _answer(_NOTHING_YET.encode(), "text/html", self._follower(), status=503)
        file = _inside(shown.site, path)
        if file is not None and file.is_dir():
            if path and not path.endswith("/"):
                raise web.HTTPFound(f"/{path}/")
            file /= "index.html"
        if file is None or not file.is_file():
            missing = shown.site / "404.html"
            text = shown.page(missing) if missing.is_file() else b"<head></head>Not found."
            return _answer(text, "text/html", self._follower(), status=404)
        kind = _kind(file.name)
        if kind != "text/html":
            return _answer(file.read_bytes(), kind)
        return _answer(await asyncio.to_thread(shown.page, file), kind, self._follower())

    def _follower(self) -> bytes:
        version, events = self.shown.version, EVENTS
        return f'<script src="{SCRIPT}" data-version="{version}" data-events="{events}"></script>'.encode()


def is_loopback(host: str) -> bool:
    """True if only this machine can reach the address."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _inside(folder: Path, path: str) -> Path | None:
    """What is at the path below the folder; None if it leads out of it, or there is nothing."""
    try:
        file = (folder / path).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return file if file.is_relative_to(folder.resolve()) else None


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _answer(body: bytes, kind: str, script: bytes = b"", status: int = 200) -> web.Response:
    """A response that no browser keeps; the `script` goes to the end of the page's head."""
    charset = "utf-8" if kind.startswith("text/") or kind == "application/json" else None
    body = body.replace(b"</head>", script + b"</head>", 1) if script else body
    return web.Response(
        body=body, content_type=kind, charset=charset, status=status, headers={"Cache-Control": "no-store"}
    )
