"""`content/pictures/`: how each email looks in a browser, and what its pictures were made from."""

from collections.abc import Iterator

from handover.model.artifact import Artifact
from handover.model.base import Model
from handover.model.located import Id, Located

FOLDER = "content/pictures"
INDEX = f"{FOLDER}/index.yml"

WIDTHS = (600, 375)
"""In pixels: a window on a desk, and a phone."""

SCHEMES = ("light", "dark")


class Pictures(Model):
    """The pictures of one message."""

    id: Id
    """The message."""
    html: Located | None = None
    """The digest of the preview's HTML that they were made from; for a message with variants there is none."""
    variants: dict[Id, Located] = {}
    """The same of each variant."""

    def digests(self) -> Iterator[tuple[str | None, Located]]:
        """Each variant with its digest; None for a message without any."""
        if self.html is not None:
            yield None, self.html
        yield from self.variants.items()


def digest(preview: Artifact) -> str:
    """By which an email is known again: that of its HTML. The method's name keeps YAML from reading a number."""
    return f"sha256:{preview.sha256}"


def file_name(message: str, variant: str | None, width: int, scheme: str) -> str:
    """The name of one picture, in the folder and on the site."""
    return f"{message}{f'.{variant}' if variant else ''}.{width}.{scheme}.webp"
