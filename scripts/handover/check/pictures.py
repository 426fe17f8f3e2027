"""Pictures of emails that show something else than the email."""

from collections.abc import Iterator

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition
from handover.model.picture import digest

CURE = "Take them anew with 'make screenshots'."


def stale_pictures(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """Pictures that were made from an older version of their email."""
    if (artifact.platform, artifact.format) != ("preview", "html") or artifact.message is None:
        return
    pictures = catalog.pictures.get(artifact.message)
    for variant, made_from in pictures.digests() if pictures else ():
        if variant == artifact.variant and made_from != digest(artifact):
            name = _name(artifact.message, variant)
            message = f"the pictures of {name} show an older version of it."
            yield warning(made_from.place, "stale-picture", message, CURE)


def pictures_of_nothing(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Pictures of an email that is no more."""
    there = {(document.id, document.variant) for document in composition.documents}
    for pictures in catalog.pictures.values():
        message = catalog.messages.get(pictures.id)
        if message is not None and message.body.path in catalog.broken:
            continue
        for variant, made_from in pictures.digests():
            if (pictures.id, variant) not in there and not catalog.excuses("messages", pictures.id):
                said = f"there is no email {_name(pictures.id, variant)}, and there are pictures of it."
                yield warning(made_from.place, "stale-picture", said, CURE)


def _name(message: str, variant: str | None) -> str:
    return f"'{message}'{f' ({variant})' if variant else ''}"


RULES = (pictures_of_nothing,)
