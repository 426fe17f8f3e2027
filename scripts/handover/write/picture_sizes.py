"""The sizes of the pictures on a page of a built site, so that it keeps their place while they load."""

import re
from pathlib import Path
from typing import Literal

_IMAGE = re.compile(r"<img (?![^>]*\b(?:width|height)=)([^>]*\bsrc=\"([^\":?#]+\.(?:png|jpg|webp))\"[^>]*)>")
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The markers of segments that have the size: ITU T.81, table B.1."""


def sized(page: str, folder: Path) -> str:
    """The HTML of a page in `folder`, with the width and the height of each of its pictures that is a file there."""

    def with_size(image: re.Match[str]) -> str:
        width, height = _size_of((folder / image[2]).resolve())
        return f'<img {image[1]} width="{width}" height="{height}">' if width and height else image[0]

    return _IMAGE.sub(with_size, page)


def _size_of(path: Path) -> tuple[int, int]:
    return (picture_size(path.read_bytes()) if path.is_file() else None) or (0, 0)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """The width and the height of a PNG, WebP or JPEG picture in pixels; None for any other file.

    By w3.org/TR/png, RFC 9649 (WebP) and ITU T.81 (JPEG).
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _number(content, 16, 4, "big"), _number(content, 20, 4, "big")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return _jpeg_size(content) if content.startswith(b"\xff\xd8\xff") else None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    match content[12:16]:
        case b"VP8X":
            return _number(content, 24, 3) + 1, _number(content, 27, 3) + 1
        case b"VP8L":
            bits = _number(content, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _number(content, 26, 2) & 0x3FFF, _number(content, 28, 2) & 0x3FFF
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    start = 2
    while start + 9 <= len(content) and content[start] == 0xFF:
        if content[start + 1] in _JPEG_FRAMES:
            return _number(content, start + 7, 2, "big"), _number(content, start + 5, 2, "big")
        start += 1 if content[start + 1] == 0xFF else 2 + _number(content, start + 2, 2, "big")
    return None


def _number(content: bytes, start: int, length: int, order: Literal["little", "big"] = "little") -> int:
    return int.from_bytes(content[start : start + length], order)
