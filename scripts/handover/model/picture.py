"""Pictures: those of the handbook's prose, and the screenshots of each email with the digests of what they show."""

from collections.abc import Iterator

from handover.model.base import Model
from handover.model.document import Artifact
from handover.model.located import Id, Located

PICTURES = "content/pictures"
"""The folder of the pictures in the handbook's prose."""

SCREENSHOTS = "docs/screenshots"
INDEX = f"{SCREENSHOTS}/index.yml"

WIDTHS = (600, 375)
"""Pictures: those of the handbook's prose, and the screenshots of each email with the digests of what they show."""

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
