"""`handover schema`."""

from pathlib import Path

import click

from handover.cli.options import built_in, root_option
from handover.cli.terminal import print_line
from handover.paths import SafePath
from handover.write.output import write_files


@click.command("schema")
@root_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Where to; data/schema below the root by default."
)
def command(root: Path, out: Path | None) -> None:
    """Write a JSON Schema for each kind of file, so that editors complete and check it."""
    target = out or root / "data/schema"
    folder = SafePath.given(target, root)
    files = {folder / name: text.encode() for name, text in current()}
    write_files(files)
    print_line(f"Wrote {len(files)} schemas into {target}.")


def current() -> list[tuple[str, str]]:
    """Each schema's file name and text."""
    from handover.render.schemas import KINDS, schemas

    templates = built_in("templates")
    return list(schemas({kind.example: (templates / kind.example).read_text(encoding="utf-8") for kind in KINDS}))
