"""`handover init`."""

import shutil
from pathlib import Path

import click

from handover.cli.options import built_in


@click.command("init")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="Where to; here by default."
)
def command(folder: Path) -> None:
    """Write the smallest repository that builds into FOLDER, which must be empty; the current one by default."""
    kept = sorted(entry.name for entry in folder.iterdir() if entry.name != ".git") if folder.exists() else []
    if kept:
        raise click.UsageError(f"{folder} is not empty: it has {kept[0]}. Name a new folder, or an empty one.")
    shutil.copytree(built_in("templates") / "init", folder, dirs_exist_ok=True)
    # Under its own name, git would apply it to this template.
    (folder / "gitignore").rename(folder / ".gitignore")
    shutil.copytree(built_in("data/schema"), folder / "data/schema")
    is_here = folder == Path(".")
    where, there = ("this folder", "") if is_here else (str(folder), f"cd {folder} && ")
    click.echo(f"Wrote a small handover of an invented company into {where}. Now try: {there}handover build")
