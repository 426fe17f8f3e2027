"""Response bodies: read and decompressed up to a cap, decoded by the charset they declare."""

import re
import zlib
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientResponse

CAP = 512 * 1024
"""The bytes that are read at most, before and after decompression."""


_NO_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7", "utf_7", "utf7")
"""Codecs of Python that browsers do not know; some take quadratic time."""


@dataclass(frozen=True, slots=True)
class Body:
    """The first bytes of a body, decompressed; `whole` is False if there were more."""

    content: bytes
    whole: bool


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


async def read_body(response: ClientResponse, cap: int = CAP) -> Body:
    """The body up to `cap` bytes; of a broken one what could be decompressed, of an unknown encoding nothing."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    decompressor: _Decompressor | None
    if encoding in ("gzip", "x-gzip"):
        decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    elif encoding == "deflate":
        decompressor = _Deflate()
    elif encoding in ("", "identity"):
        decompressor = None
    else:
        return Body(b"", False)
    read, kept = 0, bytearray()
    async for chunk in response.content.iter_any():
        read += len(chunk)
        try:
            kept += decompressor.decompress(chunk, cap + 1 - len(kept)) if decompressor else chunk
        except zlib.error:
            return Body(bytes(kept), False)
        if read > cap or len(kept) > cap:
            return Body(bytes(kept[:cap]), False)
    return Body(bytes(kept), decompressor is None or not read or decompressor.eof)


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
