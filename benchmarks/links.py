"""The link check against the least that can be done: 500 addresses on 50 hosts that answer after 50 ms.

`python benchmarks/links.py` prints the medians of both, and that of the ratios of runs that followed each other, so
that what the machine does meanwhile hits both alike. The hosts are 127.0.1.1 to 127.0.1.50. Both ask 50 at a time and
two at a host, and read what comes; the least does nothing else. The link check asks 550 addresses: for each host one
more, which nobody made. Each is timed as a process of its own, from start to end, and the link check also by itself,
without starting Python and reading the repository: that is what the target is about.
"""

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

ROOT = Path(__file__).parents[1]
HOSTS = 50
LINKS = 500
LATENCY = 0.05
"""Seconds."""
RUNS = 7
TARGET = 1.3
PARAGRAPH = f"<p class='text'>{'Something to read, page after page. ' * 4}<a href='/'>More</a></p>\n"
PAGE = f"<!doctype html><title>A page</title><h1 id=top>A page</h1>{PARAGRAPH * 40}".encode()
MISSING = b"<!doctype html><title>Not found</title>"


class Server(asyncio.Protocol):
    """Answers each request after the latency: with the page for a number, else with 404."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """A request comes in one piece here."""
        asyncio.get_running_loop().call_later(LATENCY, self.answer, data.split(b" ", 2)[1])

    def answer(self, path: bytes) -> None:
        """Write it, if somebody still listens."""
        status, body = (b"200 OK", PAGE) if path[1:].isdigit() else (b"404 Not Found", MISSING)
        head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        if not self.transport.is_closing():
            self.transport.write(head + body)


async def serve() -> None:
    """Print the port and serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    others = [await asyncio.get_running_loop().create_server(Server, host, port) for host in hosts()]
    print(port, flush=True)
    await asyncio.gather(*(each.serve_forever() for each in (server, *others)))


def hosts() -> list[str]:
    """Addresses of this machine alone."""
    return [f"127.0.1.{number}" for number in range(1, HOSTS + 1)]


def urls(port: int) -> list[str]:
    """Every address to ask, host by host in turn."""
    return [f"http://127.0.1.{number % HOSTS + 1}:{port}/{number}" for number in range(LINKS)]


async def least(port: int) -> None:
    """The least that can be done."""
    async with ClientSession(connector=TCPConnector(limit=50, limit_per_host=2)) as session:

        async def ask(url: str) -> int:
            async with session.get(url) as response:
                await response.read()
                return response.status

        assert set(await asyncio.gather(*(ask(url) for url in urls(port)))) == {200}


def repository(folder: Path, port: int) -> Path:
    """The shipped brand and placeholders, and the links to ask."""
    (folder / "data").mkdir()
    for name in ("brand.yml", "placeholders.yml"):
        shutil.copy(ROOT / "data" / name, folder / "data" / name)
    entries = [f"l{n}: {{ title: T, url: '{url}', audience: everyone }}" for n, url in enumerate(urls(port))]
    (folder / "data/links.yml").write_text("\n".join(entries) + "\n", encoding="utf-8")
    return folder


def seconds(command: list[str]) -> float:
    """How long a process takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def inside(root: Path, port: int, clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds by a clock of the least and of the link check, without the start of a process."""
    from datetime import UTC, date, datetime

    from handover.cli.link_check import LinkCheck, read_sources
    from handover.links.cache import Cache
    from handover.links.urls import Mapping

    catalog, _ = read_sources(root)
    assert catalog is not None
    start = clock()
    asyncio.run(least(port))
    between = clock()
    cache = Cache(None, datetime.now(UTC))
    check = LinkCheck(catalog, cache, Mapping(), 20.0, True, True, date(2026, 1, 1), frozenset())
    outcome = asyncio.run(check.run(lambda done, of: None))
    assert {result.class_ for result in outcome.report.links} == {"ok"}, outcome.report.links[0]
    return between - start, clock() - between


def main() -> None:
    """Print what was measured; exit code 1 above the target."""
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as folder:
            root = repository(Path(folder), port)
            check = [str(Path(sys.executable).with_name("handover")), "links", "--root", str(root), "--allow-private"]
            check += ["--fresh", "--cache", f"{folder}/cache.json"]
            pairs = [(seconds([sys.executable, __file__, "least", str(port)]), seconds(check)) for _ in range(RUNS)]
            pairs_inside = [inside(root, port, time.perf_counter) for _ in range(RUNS)]
            pairs_cpu = [inside(root, port, time.process_time) for _ in range(RUNS)]
    finally:
        server.terminate()
        server.wait()
    result = {}
    named = {"process": pairs, "by itself": pairs_inside, "by itself, seconds of processors": pairs_cpu}
    for name, measured in named.items():
        bare, links = (statistics.median(each) for each in zip(*measured, strict=True))
        ratio = statistics.median(links / bare for bare, links in measured)
        result[name] = {"least": round(bare, 2), "links": round(links, 2), "ratio": round(ratio, 2)}
    print(json.dumps({"links": LINKS, "hosts": HOSTS, "latency_ms": LATENCY * 1000, **result}, indent=2))
    sys.exit(result["by itself"]["ratio"] > TARGET)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["least", port]:
            asyncio.run(least(int(port)))
        case _:
            main()
