"""Response bodies: read and decompressed up to a cap, decoded by the charset they declare."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientError

CAP = 512 * 1024
"""The bytes that are read at most, before and after decompression."""
PATIENCE = 5.0
"""The seconds that a body is read at most."""
BRIEF = 0.5
"""The same at a host whose bodies do not end."""

_NO_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7", "utf_7", "utf7")
"""Codecs of Python that browsers do not know; some take quadratic time."""


@dataclass(frozen=True, slots=True)
class Body:
    """The first bytes of a body, decompressed; `whole` is False if there were more."""

    content: bytes
    whole: bool
    late: bool = False
    """True if time was up before the end."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Deflate:
    """`deflate` with the header of zlib, or without, as some servers send it."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj()
        self._fresh = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        if self._fresh and data:
            self._fresh = False
            if data[0] & 0x0F != 8:
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inner.decompress(data, max_length)


async def read_body(chunks: AsyncIterator[bytes], encoding: str, seconds: float = PATIENCE) -> Body:
    """The body up to `CAP` bytes and so many seconds; of a broken or a cut one what could be decompressed."""
    kept, whole, late = bytearray(), False, False
    try:
        async with asyncio.timeout(seconds):
            whole = await _read(chunks, encoding.strip().lower(), kept)
    except TimeoutError:
        late = True
    except (ClientError, OSError, ValueError, zlib.error):
        pass
    return Body(bytes(kept[:CAP]), whole, late)


async def _read(chunks: AsyncIterator[bytes], encoding: str, kept: bytearray) -> bool:
    """Add decompressed chunks to `kept`; True if that is all of them."""
    decompressor: _Decompressor | None = None
    if encoding in ("gzip", "x-gzip"):
        decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    elif encoding == "deflate":
        decompressor = _Deflate()
    elif encoding not in ("", "identity"):
        return False
    read = 0
    async for chunk in chunks:
        read += len(chunk)
        kept += decompressor.decompress(chunk, CAP + 1 - len(kept)) if decompressor else chunk
        if read > CAP or len(kept) > CAP:
            return False
    return decompressor is None or not read or decompressor.eof


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
