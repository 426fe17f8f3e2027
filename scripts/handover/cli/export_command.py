"""`handover export`."""

from functools import partial
from pathlib import Path

import click

from handover.cli.options import root_option
from handover.cli.selection import known_message, sound
from handover.cli.terminal import print_line
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.spelling import guess
from handover.paths import SafePath
from handover.write.archive import write_archive


@click.command("export")
@root_option
@click.argument("platform", help="The id of a platform, or preview.")
@click.argument("message", required=False, help="The id of a message; without it, all of them.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.zip", help="The archive to write.")
def command(root: Path, platform: str, message: str | None, out: Path) -> None:
    """Write every file for PLATFORM, or only those of MESSAGE, into an archive.

    PLATFORM is the id of a platform, or preview. The archive for a whole platform is the one that the site offers.
    """
    from handover.render.archive import COMMENT, write_zip

    result, catalog = sound(root)
    files = _files(result.artifacts, catalog, platform, message)
    write_archive(SafePath.given(out, root), partial(write_zip, artifacts=files), COMMENT)
    print_line(f"Wrote {len(files)} files for {platform} into {out}.")


def _files(artifacts: list[Artifact], catalog: Catalog, platform: str, message: str | None) -> list[Artifact]:
    names = [*catalog.platforms, "preview"]
    if platform not in names:
        raise click.UsageError(f"there is no platform '{platform}'. {guess(platform, names, 'There are')}")
    if message is not None:
        known_message(catalog, message)
    own = [each for each in artifacts if each.platform == platform and (each.message or each.block)]
    files = [each for each in own if message in (None, each.message)]
    if not files:
        there = ", ".join(sorted({each.platform for each in artifacts if message and each.message == message}))
        what = f"'{message}' is not exported to {platform}. It goes to {there}." if there else ""
        raise click.UsageError(what or f"no message goes to {platform}. A message names it under 'platforms'.")
    return files
