"""`handover init`."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

from handover.cli.options import built_in, check_known
from handover.cli.terminal import print_line
from handover.paths import SafePath
from handover.write.output import write_files
from handover.write.yaml_edit import remove_entries

_MAY_BE_THERE = {".git", ".venv", ".DS_Store"}
_CI = [*sorted(path.name for path in built_in(".ci/starters").iterdir()), "none"]


def _known() -> list[str]:
    return sorted(path.stem for path in built_in("data/platforms").glob("*.yml"))


def _platforms(value: str) -> tuple[str, ...]:
    """Ids of platforms that ship with the engine, with commas between them."""
    names = tuple(name.strip() for name in value.split(",") if name.strip() not in ("", "none"))
    for name in names:
        check_known("platform", name, _known())
    return names


@click.command("init")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="Where to; here by default."
)
@click.option(
    "--platforms",
    type=_platforms,
    metavar="ID,ID…",
    help=f"The platforms that you send from: {', '.join(_known())}; none by default.",
)
@click.option("--ci", type=click.Choice(_CI), help="Whose CI checks and publishes; none by default.")
def command(folder: Path, platforms: tuple[str, ...] | None, ci: str | None) -> None:
    """Write the smallest repository that builds into FOLDER, which must be empty; the current one by default.

    On a terminal it asks for what no option says.
    """
    kept = (
        sorted(entry.name for entry in folder.iterdir() if entry.name not in _MAY_BE_THERE) if folder.exists() else []
    )
    if kept:
        raise click.UsageError(f"{folder} is not empty: it has {kept[0]}. Name a new folder, or an empty one.")
    if sys.stdin.isatty():
        if platforms is None:
            print_line(f"Platforms: {', '.join(_known())}.")
            platforms = click.prompt("Which do you send from? Several with commas", "none", value_proc=_platforms)
        ci = ci or click.prompt("Whose CI checks and publishes?", "none", type=click.Choice(_CI))
    target = SafePath.given(folder, Path())
    write_files({target / name: content for name, content in _contents(platforms or (), ci or "none").items()})
    is_here = folder == Path(".")
    where, there = ("this folder", "") if is_here else (str(folder), f"cd {shlex.quote(str(folder))} && ")
    print_line(f"Wrote a small handover of an invented company into {where}. Now try: {there}handover build")


def _contents(platforms: tuple[str, ...], ci: str) -> dict[str, bytes]:
    """Every file by its path. What is in `dot/` begins with a dot: programs would take it for their own here."""
    contents = dict(_files(built_in("templates") / "init"))
    contents |= {f".{path.removeprefix('dot/')}": contents.pop(path) for path in [*contents] if path.startswith("dot/")}
    contents |= {f".{path}": content for path, content in _files(built_in(".ci/starters") / ci)}
    contents |= {f"data/schema/{path}": content for path, content in _files(built_in("data/schema"))}
    placeholders = yaml.safe_load(contents["data/placeholders.yml"])
    for name in platforms:
        text = (built_in("data/platforms") / f"{name}.yml").read_text(encoding="utf-8")
        known = remove_entries(text, "tokens", lambda placeholder: placeholder not in placeholders)
        contents[f"data/platforms/{name}.yml"] = known.encode()
    return contents


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
