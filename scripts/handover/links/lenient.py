"""Answers that aiohttp refuses and browsers accept: doubled or odd headers, chunks that break off."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from multidict import CIMultiDict

from handover.links import body

MAX_HEAD = 256 * 1024
"""The bytes of a status line and headers that are read at most, as in browsers."""
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\n]*\n")


class NoAnswer(Exception):
    """The server's answer is not HTTP."""


async def request(
    method: str, url: str, ip: str, tls: ssl.SSLContext | None, headers: Mapping[str, str]
) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and the body as far as it comes, of a request to `ip`. Raises NoAnswer and OSError."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if tls else 80)
    reader, writer = await asyncio.open_connection(ip, port, ssl=tls, server_hostname=host if tls else None)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc.rpartition('@')[2]}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("utf-8", "replace"))
        head, rest = await _head(reader)
        match = re.match(r"HTTP/1\.[01] (\d{3})", head)
        if match is None:
            raise NoAnswer
        pairs = (line.partition(":") for line in head.split("\n")[1:] if ":" in line)
        fields = CIMultiDict((name.strip(), value.strip()) for name, _, value in pairs)
        return int(match[1]), fields, b"" if method == "HEAD" else await _body(reader, rest, fields)
    finally:
        writer.transport.abort()


async def _head(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The last status line with its headers, and what was read of the body."""
    data = b""
    while len(data) < MAX_HEAD:
        while found := _END.search(data):
            if not re.match(rb"HTTP/1\.1 1\d\d", data):
                return data[: found.start()].decode("utf-8", "surrogateescape").replace("\r\n", "\n"), data[
                    found.end() :
                ]
            data = data[found.end() :]
        piece = await reader.read(65536)
        if not piece:
            break
        data += piece
    raise NoAnswer


async def _body(reader: asyncio.StreamReader, start: bytes, headers: CIMultiDict[str]) -> bytes:
    """The body up to its length, its end, its first fault or the limits."""
    data = start
    length = headers.get("Content-Length", "")
    wanted = min(int(length), body.CAP) if length.isdecimal() else body.CAP
    try:
        async with asyncio.timeout(body.PATIENCE):
            while len(data) < wanted and (piece := await reader.read(65536)):
                data += piece
    except (OSError, TimeoutError):
        pass
    return _without_chunks(data) if "chunked" in headers.get("Transfer-Encoding", "").lower() else data[:wanted]


def _without_chunks(data: bytes) -> bytes:
    content, at = b"", 0
    while match := _CHUNK.match(data, at):
        size = int(match[1], 16)
        content += data[match.end() : match.end() + size]
        at = match.end() + size
        if size == 0:
            break
    return content
