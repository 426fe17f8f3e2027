"""Exported files: required tokens, and marks without a replacement."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Located
from handover.model.marks import Marks


@dataclass(frozen=True, slots=True)
class MissingToken:
    """A token that a platform requires and a file of a marketing message does not have."""

    platform: str
    token: Located
    message: str
    path: str


def missing_tokens(catalog: Catalog, artifact: Artifact) -> Iterator[MissingToken]:
    """The required tokens that one file does not have."""
    platform = catalog.platforms.get(artifact.platform)
    if platform is None or artifact.message is None or artifact.format not in ("html", "text"):
        return
    if catalog.messages[artifact.message].head.kind == "marketing":
        content = artifact.content
        for token in platform.required:
            if token.encode() not in content:
                yield MissingToken(platform.label, token, artifact.message, artifact.path)


def required_tokens(catalog: Catalog, missing: Iterable[MissingToken]) -> Iterator[Diagnostic]:
    """Tokens without which a platform refuses a marketing message: one error per token, for all files without it."""
    by_token: dict[tuple[str, Located], list[MissingToken]] = {}
    reported = {platform.label for platform in catalog.platforms.values() if platform.lacks_footer}
    for each in missing:
        if each.platform not in reported:
            by_token.setdefault((each.platform, each.token), []).append(each)
    for (label, token), files in by_token.items():
        layout = catalog.messages[files[0].message].head.layout
        message = f"{label} needs '{token}', but it is missing from {', '.join(file.path for file in files[:3])}."
        hint = f"Add it under 'footer' here, or print it in templates/email/{layout}.mjml.j2 and .txt.j2."
        yield error(token, "missing-required-token", message, hint)


def unfilled(artifact: Artifact, marks: Marks) -> Iterator[Diagnostic]:
    """A mark without a replacement."""
    content = artifact.content
    if marks.prefix.encode() in content and marks.pattern.search(content.decode()):
        hint = "This is a bug in the engine: please report it."
        yield error(Place(artifact.path), "not-conserved", "a placeholder has no replacement.", hint)
