"""Exported files: required tokens, size, and marks without a replacement."""

import binascii
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Artifact
from handover.model.located import Located
from handover.model.marks import Marks

BUDGET = 80_000
"""Bytes of the HTML part when sent. Gmail clips at about 102 kB, and platforms add their tracking."""

MissingToken: TypeAlias = tuple[tuple[Located, ...], Artifact]
"""Tokens of which a platform requires one, and a file of a marketing message that has none of them."""


def missing_tokens(catalog: Catalog, artifact: Artifact) -> Iterator[MissingToken]:
    """The required tokens that one file does not have."""
    platform = catalog.platforms.get(artifact.platform)
    if platform is None or artifact.message is None or artifact.format not in ("html", "text"):
        return
    if catalog.messages[artifact.message].head.kind == "marketing" and not platform.lacks_footer:
        for tokens in platform.required:
            if not any(token.encode() in artifact.content for token in tokens):
                yield tokens, artifact.stored(None)


def required_tokens(catalog: Catalog, missing: Iterable[MissingToken]) -> Iterator[Diagnostic]:
    """Tokens without which a platform refuses a marketing message: one error per token, for all files without it."""
    by_tokens: dict[tuple[str, tuple[Located, ...]], list[Artifact]] = {}
    for tokens, artifact in missing:
        by_tokens.setdefault((artifact.platform, tokens), []).append(artifact)
    for (platform, tokens), artifacts in by_tokens.items():
        wanted = " or ".join(f"'{token}'" for token in tokens)
        label, layout = catalog.platforms[platform].label, catalog.messages[artifacts[0].message or ""].head.layout
        message = f"{label} needs {wanted}, which is missing from {', '.join(each.path for each in artifacts[:3])}."
        hint = f"Add it under 'footer' here, or print it in templates/email/{layout}.mjml.j2 and .txt.j2."
        yield error(tokens[0], "missing-required-token", message, hint)


def unfilled(artifact: Artifact, marks: Marks) -> Iterator[Diagnostic]:
    """A mark without a replacement."""
    content = artifact.content
    if marks.prefix.encode() in content and marks.pattern.search(content.decode()):
        hint = "This is a bug in the engine: please report it."
        yield error(Place(artifact.path), "not-conserved", "a placeholder has no replacement.", hint)


def too_large(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """An email with a preview over the budget: on each platform it has that size, give or take a few tokens."""
    if (artifact.platform, artifact.format) != ("preview", "html") or artifact.message is None:
        return
    email = catalog.messages[artifact.message]
    size = encoded(artifact.content) if email.head.is_email else 0
    if size > BUDGET:
        place = Place(email.body.path)
        variant = f" in the variant '{artifact.variant}'" if artifact.variant else ""
        message = f"the email is {size // 1000} kB when sent{variant}; the limit is {BUDGET // 1000} kB."
        yield error(place, "email-too-large", message, "Shorten it: Gmail clips longer emails, and the footer is lost.")


def encoded(content: bytes) -> int:
    """The length in quoted-printable, the encoding for lines as long as MJML's."""
    written = binascii.b2a_qp(content, istext=True)
    return len(written) + written.count(b"\n")
