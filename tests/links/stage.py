"""A real server on loopback that plays the outside world, well and badly behaved, word for word on a socket."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    reader: asyncio.StreamReader


Play = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]
"""Writes an answer, or something that is none."""


def reply(status: int, body: bytes | str = b"", kind: str | None = "text/html", **headers: str) -> Play:
    """An ordinary answer. Underscores in the names of headers stand for hyphens."""
    content = body.encode() if isinstance(body, str) else body

    async def play(request: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}"]
        lines += [f"Content-Type: {kind}"] if kind else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        writer.write(b"" if request.method == "HEAD" else content)

    return play


def redirect(location: str, status: int = 302, **headers: str) -> Play:
    return reply(status, b"", None, Location=location, **headers)


def raw(*pieces: bytes) -> Play:
    """These bytes, then the end of the connection."""

    async def play(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.writelines(pieces)
        await writer.drain()
        writer.close()

    return play


def tunnel(port: int) -> Play:
    """What a proxy does for a CONNECT: bytes to a port of this machine and back."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def play(request: Request, writer: asyncio.StreamWriter) -> None:
        reader, target = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(pipe(request.reader, target), pipe(reader, writer), return_exceptions=True)

    return play


async def reset(request: Request, writer: asyncio.StreamWriter) -> None:
    """The connection breaks."""
    writer.transport.abort()


async def silence(request: Request, writer: asyncio.StreamWriter) -> None:
    """No answer, as long as somebody waits for one."""
    await writer.wait_closed()


async def drip(request: Request, writer: asyncio.StreamWriter, letters: list[str] | None = None) -> None:
    """A page that comes letter by letter and never ends; `letters` gets each."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        if letters is not None:
            letters.append("x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(request: Request, writer: asyncio.StreamWriter) -> None:
    """A page without an end, as fast as it can be read."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Long</title><h1 id=top-of-it>Long</h1>")
    while not writer.is_closing():
        writer.write(b"<p>and so on " * 1000)
        await writer.drain()


def page(title: str = "A page", body: str = "", head: str = "", words: int = 60) -> str:
    """A page with enough to read that nobody takes it for one that a script draws."""
    prose = "Something to read. " * words
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}<p>{prose}</p></body></html>"


@dataclass(slots=True)
class Stage:
    """The server: what it plays by path, and what it was asked."""

    plays: dict[str, list[Play]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    otherwise: Play = field(default_factory=lambda: reply(404, page("Nothing here")))
    port: int = 0
    scheme: str = "http"

    def on(self, path: str, *plays: Play) -> str:
        """Play these one after the other for a `path`, or `*` for any other one; the last one again and again."""
        self.plays[path] = list(plays)
        return path

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(request.path == path for request in self.asked)

    @property
    def base(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, path, _ = head[0].split(" ")
                pairs = [line.partition(":") for line in head[1:] if line]
                request = Request(method, path, {name.lower(): value.strip() for name, _, value in pairs}, reader)
                self.asked.append(request)
                plays = self.plays.get(path) or self.plays.get("*") or [self.otherwise]
                await (plays.pop(0) if len(plays) > 1 else plays[0])(request, writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()


@contextmanager
def stage(tls: ssl.SSLContext | None = None) -> Iterator[Stage]:
    """A server in a thread of its own."""
    made = Stage(scheme="https" if tls else "http")
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made._serve, "127.0.0.1", 0, ssl=tls, limit=1 << 20)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)  # a handshake that failed ends when the client's last bytes are read

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
