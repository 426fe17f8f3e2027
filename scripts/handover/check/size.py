"""Whether an email is small enough to be shown to its end."""

import binascii
from collections.abc import Iterator

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error

BUDGET = 80_000
"""Bytes of the HTML part as it is sent. Gmail cuts a message off at some 102 kB, and a platform adds its tracking."""

_PLAIN = bytes(code for code in range(32, 127) if code != ord("=")) + b"\r\n"


def too_large(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """A message whose preview is over the budget, as its email on each platform then is, give or take a few tokens."""
    if (artifact.platform, artifact.format) != ("preview", "html") or most_encoded(artifact.content) <= BUDGET:
        return
    size = encoded(artifact.content)
    if size > BUDGET and artifact.message is not None:
        place = Place(catalog.messages[artifact.message].body.path)
        variant = f" in the variant '{artifact.variant}'" if artifact.variant else ""
        message = f"the email has {size // 1000} kB as it is sent{variant}, and {BUDGET // 1000} kB are the most."
        yield error(place, "email-too-large", message, "Shorten it: Gmail cuts off what is longer, foot and all.")


def encoded(content: bytes) -> int:
    """The length in quoted-printable, the encoding that a mail with lines as long as MJML's needs."""
    written = binascii.b2a_qp(content, istext=True)
    return len(written) + written.count(b"\n")


def most_encoded(content: bytes) -> int:
    """No less than that, and found sooner: three bytes for each that is encoded, and a break for each 72."""
    longest = len(content) + 2 * len(content.translate(None, _PLAIN)) + 3 * content.count(b"\n")
    return longest + longest // 72 * 3 + 3
