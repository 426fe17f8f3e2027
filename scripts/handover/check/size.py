"""The size of emails."""

import binascii
from collections.abc import Iterator

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error

BUDGET = 80_000
"""Bytes of the HTML part when sent. Gmail clips at about 102 kB, and platforms add their tracking."""

_PLAIN = bytes(code for code in range(32, 127) if code != ord("=")) + b"\r\n"


def too_large(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """An email with a preview over the budget: on each platform it has that size, give or take a few tokens."""
    if (artifact.platform, artifact.format) != ("preview", "html") or most_encoded(artifact.content) <= BUDGET:
        return
    size = encoded(artifact.content)
    if size > BUDGET and artifact.message is not None:
        place = Place(catalog.messages[artifact.message].body.path)
        variant = f" in the variant '{artifact.variant}'" if artifact.variant else ""
        message = f"the email is {size // 1000} kB when sent{variant}; the limit is {BUDGET // 1000} kB."
        yield error(place, "email-too-large", message, "Shorten it: Gmail clips longer emails, and the footer is lost.")


def encoded(content: bytes) -> int:
    """The length in quoted-printable, the encoding for lines as long as MJML's."""
    written = binascii.b2a_qp(content, istext=True)
    return len(written) + written.count(b"\n")


def most_encoded(content: bytes) -> int:
    """An upper bound of `encoded`, computed faster: three bytes per encoded one, and a break per 72."""
    longest = len(content) + 2 * len(content.translate(None, _PLAIN)) + 3 * content.count(b"\n")
    return longest + longest // 72 * 3 + 3
