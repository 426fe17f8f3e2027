"""Pictures of emails that show something else than the email."""

from collections.abc import Iterable, Iterator

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.picture import digest

CURE = "Take them anew with 'make screenshots'."


def stale_pictures(catalog: Catalog, artifacts: Iterable[Artifact]) -> Iterator[Diagnostic]:
    """Pictures that were made from an older version of their email, or of one that is no more."""
    if not catalog.pictures:
        return
    previews = {
        (each.message, each.variant): digest(each)
        for each in artifacts
        if each.platform == "preview" and each.format == "html" and each.message in catalog.pictures
    }
    for pictures in catalog.pictures.values():
        for variant, made_from in pictures.digests():
            name = f"'{pictures.id}'{f' ({variant})' if variant else ''}"
            current = previews.get((str(pictures.id), variant))
            if current is None:
                if not catalog.excuses("messages", pictures.id):
                    yield warning(
                        made_from.place,
                        "stale-picture",
                        f"there is no email {name}, and there are pictures of it.",
                        CURE,
                    )
            elif current != made_from:
                yield warning(
                    made_from.place, "stale-picture", f"the pictures of {name} show an older version of it.", CURE
                )
