"""`handover links` against a bare `aiohttp` loop: 500 links on 50 hosts, 127.0.1.1 to 127.0.1.50, that take 50 ms.

Both ask 50 at a time and two a host, and read the pages. Of each, the time of the same process without links is taken
off: what counts is the check, not the start of Python.
"""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import HANDOVER, PYTHON, ROOT, Run, run

HOSTS = 50
LINKS = 500
LATENCY = 0.05
"""Seconds."""
PARAGRAPH = f"<p class='text'>{'Something to read, page after page. ' * 4}<a href='/'>More</a></p>\n"
PAGE = f"<!doctype html><title>A page</title><h1 id=top>A page</h1>{PARAGRAPH * 40}".encode()
BARE = """
import asyncio, sys
from aiohttp import ClientSession, TCPConnector
async def main():
    async with ClientSession(connector=TCPConnector(limit=50, limit_per_host=2)) as session:
        async def ask(url):
            async with session.get(url) as response:
                assert response.status == 200 and await response.read()
        await asyncio.gather(*map(ask, sys.argv[1:]))
asyncio.run(main())
"""


class Server(asyncio.Protocol):
    """Answers each request after the latency: with the page for a number, else with 404."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer later; a request comes in one piece here."""
        status, body = ("200 OK", PAGE) if data.split(b" ", 2)[1][1:].isdigit() else ("404 Not Found", b"Not found")
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        asyncio.get_running_loop().call_later(LATENCY, self.transport.write, head.encode() + body)


async def serve() -> None:
    """Print the port, and serve until the process is ended."""
    loop, port = asyncio.get_running_loop(), 0
    for number in range(1, HOSTS + 1):
        server = await loop.create_server(Server, f"127.0.1.{number}", port)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


def link_checks(folder: Path, times: int) -> list[tuple[Run, Run]]:
    """The link check and the bare loop, in turns, `times` times."""
    server = subprocess.Popen([PYTHON, "-m", "benchmarks.links"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        urls = [f"http://127.0.1.{number % HOSTS + 1}:{port}/{number}" for number in range(LINKS)]
        bare = [PYTHON, "-c", BARE]
        checks = [_command(folder / str(len(asked)), asked) for asked in (urls, [])]
        pairs = []
        for _ in range(times):
            check, no_check, loop, no_loop = (run(each).seconds for each in (*checks, [*bare, *urls], bare))
            pairs.append((Run(check - no_check, 0), Run(loop - no_loop, 0)))
        return pairs
    finally:
        server.terminate()
        server.wait()


def _command(root: Path, urls: list[str]) -> list[str]:
    (root / "data").mkdir(parents=True)
    for name in ("brand.yml", "placeholders.yml"):
        shutil.copy(ROOT / "data" / name, root / "data" / name)
    urls = [*urls, "https://handover.example/"]  # an example is not requested, and keeps the file from being empty
    links = [f"l{number}: {{ title: T, url: '{url}', audience: everyone }}\n" for number, url in enumerate(urls)]
    (root / "data/links.yml").write_text("".join(links), encoding="utf-8")
    return [HANDOVER, "links", "--root", str(root), "--allow-private", "--fresh", "--cache", str(root / "cache.json")]


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
