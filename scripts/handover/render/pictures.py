"""The pictures of an email, for its page."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.picture import SCHEMES, WIDTHS, digest, file_name


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: `path` is that on the site, `width` that of the window in pixels, `scheme` is `light` or `dark`.

    `is_current` is False for one that shows an older version of the email.
    """

    path: str
    width: int
    scheme: str
    is_current: bool


def pictures_of(
    message: str, variant: str | None, catalog: Catalog, artifacts: Iterable[Artifact], there: Container[str]
) -> list[Picture]:
    """The pictures of a message in one variant, of those that are `there`."""
    pictures = catalog.pictures.get(message)
    made_from = dict(pictures.digests()).get(variant) if pictures else None
    if made_from is None:
        return []
    preview = next(
        each
        for each in artifacts
        if (each.platform, each.format, each.message, each.variant) == ("preview", "html", message, variant)
    )
    is_current = digest(preview) == made_from
    names = [(file_name(message, variant, width, scheme), width, scheme) for scheme in SCHEMES for width in WIDTHS]
    return [
        Picture(f"assets/pictures/{name}", width, scheme, is_current) for name, width, scheme in names if name in there
    ]
