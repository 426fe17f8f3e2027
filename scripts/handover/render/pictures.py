"""The screenshots of an email, for its page."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.picture import SCHEMES, WIDTHS, digest, file_name


@dataclass(frozen=True, slots=True)
class Picture:
    """One screenshot: its `path` on the site, the `width` of its window in pixels, and its `scheme`, `light` or `dark`.

    `is_current` is False if it shows an older version of the email.
    """

    path: str
    width: int
    scheme: str
    is_current: bool


def pictures_of(
    message: str, variant: str | None, catalog: Catalog, artifacts: Iterable[Artifact], existing: Container[str]
) -> list[Picture]:
    """The screenshots of a message in one variant, among the `existing` file names."""
    pictures = catalog.pictures.get(message)
    pictured = dict(pictures.digests()).get(variant) if pictures else None
    if pictured is None:
        return []
    preview = next(
        each
        for each in artifacts
        if (each.platform, each.format, each.message, each.variant) == ("preview", "html", message, variant)
    )
    is_current = digest(preview) == pictured
    return [
        Picture(f"assets/pictures/{name}", width, scheme, is_current)
        for scheme in SCHEMES
        for width in WIDTHS
        if (name := file_name(message, variant, width, scheme)) in existing
    ]
