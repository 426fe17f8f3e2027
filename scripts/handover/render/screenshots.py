"""The screenshots of an email, for its page."""

from collections.abc import Container
from dataclasses import dataclass

from handover.model.catalog import Catalog
from handover.model.document import Artifact
from handover.model.picture import SCHEMES, WIDTHS, digest, file_name


@dataclass(frozen=True, slots=True)
class Screenshot:
    """One screenshot: its `path` on the site, the `width` of its window in pixels, and its `scheme`, `light` or `dark`.

    `is_current` is False if it shows an older version of the email.
    """

    path: str
    width: int
    scheme: str
    is_current: bool


def screenshots_of(preview: Artifact, catalog: Catalog, existing: Container[str]) -> list[Screenshot]:
    """The screenshots of an email, given its preview's HTML, among the `existing` file names."""
    message = str(preview.message)
    screenshots = catalog.screenshots.get(message)
    shown = dict(screenshots.digests()).get(preview.variant) if screenshots else None
    if shown is None:
        return []
    return [
        Screenshot(f"assets/screenshots/{name}", width, scheme, digest(preview) == shown)
        for scheme in SCHEMES
        for width in WIDTHS
        if (name := file_name(message, preview.variant, width, scheme)) in existing
    ]
