"""Pictures on the pages have their sizes, read as another program reads them."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from handover.write.picture_sizes import picture_size, sized
from tests.conftest import ROOT


@pytest.mark.parametrize("size", [(1, 1), (300, 77), (2049, 1500)])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "comment": b"\xff\xc0" * 20}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
    ],
)
def test_the_size_is_that_of_the_picture(kind: str, options: dict[str, object], size: tuple[int, int]) -> None:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **options)
    assert picture_size(target.getvalue()) == size


@pytest.mark.parametrize("content", [b"", b"<svg>", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0" * 9, b"RIFF0000WEBPVP9 "])
def test_what_is_no_picture_has_none(content: bytes) -> None:
    assert picture_size(content) is None


def test_only_pictures_without_a_size_that_are_there_get_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    Image.new("RGB", (30, 20)).save(tmp_path / "x.png")
    kept = '<img alt="" src="../y.png"><img src="../x.png" width="3"><img src="https://x.example/x.png"><img alt="">'
    assert sized(f'<img alt="b" src="../x.png" loading="lazy">{kept}', tmp_path / "a") == (
        f'<img alt="b" src="../x.png" loading="lazy" width="30" height="20">{kept}'
    )


def test_the_pictures_of_the_readme_are_there() -> None:
    images = re.findall(
        r'<img src="([^"]+)" width="\d+" alt="[^"]+">', (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert [picture_size((ROOT / image).read_bytes()) is not None for image in images] == [True, True]


def test_every_picture_of_the_shipped_pages_has_its_size(dist: Path) -> None:
    images = re.findall(r"<img [^>]*\.webp[^>]*>", (dist / "messages/pooled-welcome/index.html").read_text())
    assert images
    assert [image for image in images if not re.search(r' width="\d+" height="\d+"', image)] == []
