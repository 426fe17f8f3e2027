"""The files for each platform: the tokens that it requires, and no mark left in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Located
from handover.model.marks import Marks


@dataclass(frozen=True, slots=True)
class Lack:
    """A file of a marketing message without a token that its platform requires."""

    platform: str
    token: Located
    message: str
    path: str


def lacks(catalog: Catalog, artifact: Artifact) -> Iterator[Lack]:
    """The required tokens that one file does not have."""
    platform = catalog.platforms.get(artifact.platform)
    if platform is None or artifact.message is None or artifact.format not in ("html", "text"):
        return
    if catalog.messages[artifact.message].head.kind == "marketing":
        content = artifact.content
        for token in platform.required:
            if token.encode() not in content:
                yield Lack(platform.label, token, artifact.message, artifact.path)


def required_tokens(catalog: Catalog, lacking: Iterable[Lack]) -> Iterator[Diagnostic]:
    """Tokens without which a platform refuses a marketing message: one finding a token, for all files without it."""
    missing: dict[tuple[str, Located], list[Lack]] = {}
    said = {platform.label for platform in catalog.platforms.values() if platform.lacks_footer}
    for lack in lacking:
        if lack.platform not in said:
            missing.setdefault((lack.platform, lack.token), []).append(lack)
    for (label, token), files in missing.items():
        layout = catalog.messages[files[0].message].head.layout
        yield error(
            token.place,
            "missing-required-token",
            f"{label} needs '{token}', and it is not in {', '.join(file.path for file in files[:3])}.",
            f"Add it under 'footer' here, or print it in the templates email/{layout}.mjml.j2 and .txt.j2.",
            len(token),
        )


def unfilled(artifact: Artifact, marks: Marks) -> Iterator[Diagnostic]:
    """A mark that was never replaced."""
    content = artifact.content
    if marks.prefix.encode() in content and marks.pattern.search(content.decode()):
        yield error(
            Place(artifact.path),
            "not-conserved",
            "a placeholder was not filled in.",
            "This is a bug in the engine: please report it.",
        )
