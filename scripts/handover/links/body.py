"""The body of an answer: read up to a cap, unpacked up to the same cap, decoded as it says it is."""

import re
import zlib
from dataclasses import dataclass
from typing import Protocol

from aiohttp import ClientResponse

CAP = 512 * 1024
"""Bytes of a body that are read, and of an unpacked one that are kept."""


_NO_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "unicode_escape", "utf-7", "utf_7", "utf7")
"""Python decodes them, browsers do not; some take a time that grows with the square of the length."""


@dataclass(frozen=True, slots=True)
class Body:
    """The first bytes of a body, unpacked; `whole` is False if there was more of it."""

    content: bytes
    whole: bool


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Deflate:
    """`deflate` is meant to have the head of zlib; some servers leave it out."""

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
    """Up to `cap` bytes; of a packing that nobody asked for, or that is broken, what could be unpacked."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    unpacker: _Unpacker | None
    if packing in ("gzip", "x-gzip"):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    elif packing == "deflate":
        unpacker = _Deflate()
    elif packing in ("", "identity"):
        unpacker = None
    else:
        return Body(b"", False)
    read, kept = 0, bytearray()
    async for chunk in response.content.iter_any():
        read += len(chunk)
        try:
            kept += unpacker.decompress(chunk, cap + 1 - len(kept)) if unpacker else chunk
        except zlib.error:
            return Body(bytes(kept), False)
        if read > cap or len(kept) > cap:
            return Body(bytes(kept[:cap]), False)
    return Body(bytes(kept), unpacker is None or not read or unpacker.eof)


def decoded(body: Body, content_type: str) -> str:
    """The text of HTML: by its byte-order mark, its header, its own word, else UTF-8. Bad bytes are replaced."""
    content = body.content
    named = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", content_type, re.IGNORECASE)
    own = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([^\s\"'/>;]+)", content[:2048], re.IGNORECASE)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    said_inside = own[1].decode("ascii", "replace") if own else ""
    if said_inside.lower().startswith("utf-16"):  # whoever can read that word does not read UTF-16
        said_inside = "utf-8"
    for said in (named[1] if named else "", said_inside):
        if said and said.lower() not in _NO_CHARSETS:
            try:
                return content.decode(said, "replace")
            except (LookupError, ValueError):
                continue
    return content.decode("utf-8", "replace")
