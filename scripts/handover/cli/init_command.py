"""`handover init`."""

from collections.abc import Iterator
from pathlib import Path

import click

from handover.cli.options import built_in
from handover.cli.terminal import print_line
from handover.paths import SafePath, write_files


@click.command("init")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="Where to; here by default."
)
def command(folder: Path) -> None:
    """Write the smallest repository that builds into FOLDER, which must be empty; the current one by default."""
    kept = sorted(entry.name for entry in folder.iterdir() if entry.name != ".git") if folder.exists() else []
    if kept:
        raise click.UsageError(f"{folder} is not empty: it has {kept[0]}. Name a new folder, or an empty one.")
    target = SafePath.given(folder, Path())
    files = {target / name: content for name, content in _files(built_in("templates") / "init")}
    # Under its own name, git would apply it to this template.
    files[target / ".gitignore"] = files.pop(target / "gitignore")
    files |= {target / "data/schema" / name: content for name, content in _files(built_in("data/schema"))}
    write_files(files)
    is_here = folder == Path(".")
    where, there = ("this folder", "") if is_here else (str(folder), f"cd {folder} && ")
    print_line(f"Wrote a small handover of an invented company into {where}. Now try: {there}handover build")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
