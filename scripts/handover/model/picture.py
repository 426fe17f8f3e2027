"""Pictures: those of the handbook's prose, and the screenshots of each email with the digests of what they show."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from handover.model.base import Model
from handover.model.document import Artifact
from handover.model.located import Id, Located

PICTURES = "content/pictures"
"""The folder of the pictures in the handbook's prose."""

SCREENSHOTS = "docs/screenshots"
INDEX = f"{SCREENSHOTS}/index.yml"

WIDTHS = (600, 375)
"""Pixels of the windows."""

SCHEMES = ("light", "dark")


class Screenshots(Model):
    """The screenshots of one message."""

    id: Id
    """The id of the message."""
    html: Located | None = None
    """The digest of the preview's HTML that they show; None for a message with variants."""
    variants: dict[Id, Located] = {}
    """The digests of the variants, by id."""

    def digests(self) -> Iterator[tuple[str | None, Located]]:
        """Yield each variant's id with its digest; the id is None for a message without variants."""
        if self.html is not None:
            yield None, self.html
        yield from self.variants.items()


def digest(preview: Artifact) -> str:
    """The digest of an email's HTML. The `sha256:` in front keeps YAML from reading a number."""
    return f"sha256:{preview.sha256}"


def file_name(message: str, variant: str | None, width: int, scheme: str) -> str:
    """The file name of one screenshot, in the folder and on the site."""
    return f"{message}{f'.{variant}' if variant else ''}.{width}.{scheme}.webp"


@dataclass(frozen=True, slots=True)
class Screenshot:
    """One screenshot: its `path` on the site, the `width` of its window in pixels, and its `scheme`, `light` or `dark`.

    `is_current` is False if it shows an older version of the email.
    """

    path: str
    width: int
    scheme: str
    is_current: bool


def screenshots_of(preview: Artifact, known: Mapping[str, Screenshots], existing: Container[str]) -> list[Screenshot]:
    """The screenshots of an email, given its preview's HTML: those `known` whose files are `existing`."""
    message = str(preview.message)
    screenshots = known.get(message)
    shown = dict(screenshots.digests()).get(preview.variant) if screenshots else None
    if shown is None:
        return []
    return [
        Screenshot(f"assets/screenshots/{name}", width, scheme, digest(preview) == shown)
        for scheme in SCHEMES
        for width in WIDTHS
        if (name := file_name(message, preview.variant, width, scheme)) in existing
    ]
