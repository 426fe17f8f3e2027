"""`handover drift`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from handover.adopt.drift import Own, drift
from handover.adopt.html import read_html
from handover.adopt.template import Template
from handover.adopt.template import template as template_of
from handover.cli.differences import DRIFT_FORMATS
from handover.cli.import_command import read_files
from handover.cli.options import check_known, format_option, ids_in, root_option
from handover.cli.pipeline import PipelineResult
from handover.cli.selection import sound
from handover.cli.terminal import print_line, wants_colour
from handover.compare.words import changes
from handover.model.catalog import Catalog
from handover.model.document import Artifact
from handover.model.located import Reference
from handover.model.message import FILE, Origin

_ENDINGS = (".json", ".html", ".htm")


@click.command("drift")
@root_option
@click.argument("platform", shell_complete=ids_in("data/platforms"), help="The id of a platform.")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the platform exported: the JSON of its API, or HTML files.",
)
@format_option(DRIFT_FORMATS)
@click.option("--fail-on-drift", is_flag=True, help="Exit with code 1 if anything is not the same.")
def command(root: Path, platform: str, files: tuple[Path, ...], form: str, fail_on_drift: bool) -> None:
    """Compare what stands on PLATFORM, as it exported it into FILE, with what the build exports there.

    What differs only in its markup is the same.
    """
    result, catalog = sound(root)
    check_known("platform", platform, catalog.platforms)
    report = drift(platform, [*_own(result, catalog, platform)], _templates(files), changes)
    click.echo(DRIFT_FORMATS[form](report, wants_colour()), nl=False)
    if fail_on_drift and report.drifted:
        raise SystemExit(1)


def _templates(files: tuple[Path, ...]) -> list[Template]:
    """What is in the files. Prints which ones cannot be read, and exits."""
    problems = [
        f"{path}: error unreadable-file: only {', '.join(_ENDINGS)} are compared. Export it from the platform again."
        for path in files
        if path.suffix.lower() not in _ENDINGS
    ]
    templates = [template for template, _ in read_files(files, problems)] if not problems else []
    for problem in problems:
        print_line(problem, err=True)
    if problems:
        raise SystemExit(2)
    return templates


def _own(result: PipelineResult, catalog: Catalog, platform: str) -> Iterator[Own]:
    """Each message in each variant, and each snippet that is exported there."""
    exported: dict[tuple[str | None, str | None, str | None], dict[str, Artifact]] = {}
    for artifact in result.artifacts:
        if artifact.platform == platform:
            exported.setdefault((artifact.message, artifact.variant, artifact.block), {})[artifact.format] = artifact
    not_exported = f"is not exported to {platform}."
    for message in catalog.messages.values():
        head, name = message.head, str(message.id)
        labels = {str(key): f" ({each.label})" for key, each in head.variants.items()}
        for variant in message.variant_ids():
            yield Own(
                kind="message",
                id=name,
                variant=variant,
                title=f"{head.title}{labels.get(str(variant), '')}",
                origins=_origins(head.origin, platform, variant),
                template=_read(name, exported.get((name, variant, None))),
                has_subject=message.subject(variant) is not None,
                absence="is a draft here, so it is not exported." if message.is_draft else not_exported,
            )
    for block in (each for each in catalog.blocks.values() if each.head.snippet):
        name = str(block.id)
        yield Own(
            kind="snippet",
            id=name,
            variant=None,
            title=str(block.head.title or name),
            origins=_origins(block.head.origin, platform, None),
            template=_read(name, exported.get((None, None, name))),
            absence=not_exported,
        )


def _origins(origin: Mapping[Reference, Origin], platform: str, variant: str | None) -> frozenset[str]:
    """Its address on the platform; else the file that it is from, which a later export need not have in that folder."""
    by_platform = {str(name): places for name, places in origin.items()}
    places = by_platform.get(platform) or by_platform.get(FILE) or {}
    place = next((str(place) for name, place in places.items() if name == variant), "")
    return frozenset({place, place.rpartition("/")[2]} - {""})


def _read(name: str, formats: dict[str, Artifact] | None) -> Template | None:
    """An export, read as the platform's own is; None without one."""
    if formats is None:
        return None
    page = read_html(formats["html"].content.decode())
    subject = formats["subject"].content.decode() if "subject" in formats else ""
    return template_of(name, page, {"subject": page.title or subject})
