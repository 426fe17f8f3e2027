"""`content/pictures/`: the pictures in the handbook's prose."""

FOLDER = "content/pictures"

MAX_BYTES = 1_000_000
"""The most bytes of one picture."""

TYPES = {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}
"""The types of pictures by the ending of their files."""


def type_of(start: bytes) -> str | None:
    """The type of a picture, by the first 12 bytes of its file; None for any other file."""
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WebP" if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None
