"""Outdated images of emails."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Artifact, Composition
from handover.model.picture import digest

FIX = "Renew them with 'make screenshots'."


def stale_screenshots(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """Images of an older version of an email."""
    if (artifact.platform, artifact.format) != ("preview", "html") or artifact.message is None:
        return
    screenshots = catalog.screenshots.get(artifact.message)
    for variant, source_digest in screenshots.digests() if screenshots else ():
        if variant == artifact.variant and source_digest != digest(artifact):
            message = f"the images of {_name(artifact.message, variant)} show an older version of it."
            yield warning(source_digest.place, "stale-picture", message, FIX)


def screenshots_without_email(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Images of an email that does not exist."""
    existing = {(document.id, document.variant) for document in composition.documents}
    for screenshots in catalog.screenshots.values():
        email = catalog.messages.get(screenshots.id)
        if email is not None and email.body.path in catalog.broken:
            continue
        for variant, source_digest in screenshots.digests():
            if (screenshots.id, variant) not in existing and not catalog.excuses("messages", screenshots.id):
                message = f"the email {_name(screenshots.id, variant)} does not exist, but its images do."
                yield warning(source_digest.place, "stale-picture", message, FIX)


def _name(message: str, variant: str | None) -> str:
    return f"'{message}'{f' ({variant})' if variant else ''}"


RULES = (screenshots_without_email,)
