"""Response bodies, read up to a cap; and whole answers that aiohttp refuses and browsers accept.

Such answers have doubled or odd headers, or chunks that break off.
"""

import asyncio
import re
import socket
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from aiohttp import ClientError
from multidict import CIMultiDict
from yarl import URL

from handover.links.observation import Failed

CAP = 512 * 1024
"""The bytes that are read at most, before and after decompression."""
PATIENCE = 5.0
"""The seconds that a body is read at most."""
UNREADABLE = "the server gave no answer that a browser reads"

_NO_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7", "utf_7", "utf7")
"""Codecs of Python that browsers do not know; some take quadratic time."""


@dataclass(frozen=True, slots=True)
class Body:
    """The first bytes of a body, decompressed; `whole` is False if there were more."""

    content: bytes
    whole: bool


async def read_body(chunks: AsyncIterator[bytes], encoding: str, seconds: float) -> Body:
    """The body up to `CAP` bytes and so many seconds; of a broken or a cut one what could be decompressed."""
    packed, is_whole = bytearray(), False
    with suppress(TimeoutError, ClientError, OSError, ValueError):
        async with asyncio.timeout(seconds):
            async for chunk in chunks:
                packed += chunk
                if len(packed) > CAP:
                    break
            is_whole = len(packed) <= CAP
    return decompressed(bytes(packed), encoding, is_whole)


def decompressed(packed: bytes, encoding: str, is_whole: bool) -> Body:
    """The body of these bytes. `deflate` has the header of zlib, or none, as some servers send it."""
    if encoding in ("", "identity"):
        return Body(packed[:CAP], is_whole)
    bare = -zlib.MAX_WBITS if packed[:1] and packed[0] & 0x0F != 8 else zlib.MAX_WBITS
    bits = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": bare}.get(encoding)
    if bits is None:
        return Body(b"", False)
    decompressor, content = zlib.decompressobj(bits), b""
    with suppress(zlib.error):
        for start in range(0, len(packed), 4096):
            content += decompressor.decompress(packed[start : start + 4096], CAP + 1 - len(content))
            if len(content) > CAP:
                break
    return Body(content[:CAP], is_whole and len(content) <= CAP and (decompressor.eof or not packed))


def decoded(body: Body, content_type: str) -> str:
    """The text of HTML by its byte-order mark, `Content-Type`, `meta charset`, else UTF-8; bad bytes are replaced."""
    content = body.content
    named = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", content_type, re.IGNORECASE)
    own = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([^\s\"'/>;]+)", content[:2048], re.IGNORECASE)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    declared = own[1].decode("ascii", "replace") if own else ""
    if declared.lower().startswith("utf-16"):  # as in the HTML standard: the declaration itself was readable as ASCII
        declared = "utf-8"
    for charset in (named[1] if named else "", declared):
        if charset and charset.lower() not in _NO_CHARSETS:
            try:
                return content.decode(charset, "replace")
            except (LookupError, ValueError):
                continue
    return content.decode("utf-8", "replace")


def lenient_answer(
    method: str, url: URL, ip: str, tls: ssl.SSLContext | None, headers: Mapping[str, str]
) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and the body as far as it comes, of a request to `ip`. Raises Failed and OSError."""
    lines = [f"{method} {url.raw_path_qs} HTTP/1.1", f"Host: {url.host_port_subcomponent}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    content, deadline = b"", time.monotonic() + PATIENCE
    with socket.create_connection((ip, url.port or 80), PATIENCE) as plain:
        stream = tls.wrap_socket(plain, server_hostname=url.raw_host) if tls else plain
        with closing(stream), closing(HTTPResponse(stream, method=method)) as response:
            stream.sendall("\r\n".join([*lines, "", ""]).encode("utf-8", "replace"))
            try:
                response.begin()
            except HTTPException:
                raise Failed("broken", UNREADABLE) from None
            with suppress(HTTPException, OSError, ValueError):
                while len(content) < CAP and time.monotonic() < deadline and (piece := response.read1(65536)):
                    content += piece
    # The standard parser stops at the first odd line, and leaves that and the rest in the payload.
    lines = [*map(": ".join, response.getheaders()), *str(response.headers.get_payload()).splitlines()]
    texts = [line.encode("latin-1", "replace").decode("utf-8", "surrogateescape") for line in lines]
    pairs = [text.partition(":") for text in texts if ":" in text]
    return response.status, CIMultiDict((name.strip(), value.strip()) for name, _, value in pairs), content
