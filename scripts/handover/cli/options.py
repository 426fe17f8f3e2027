"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path

import click

import handover


def built_in(name: str) -> Path:
    """A file or folder that ships with the engine: in the installed package, else in the checkout."""
    package = Path(handover.__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parents[1] / name


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("."),
    show_default=True,
    is_eager=True,  # paths to write are looked at with it
    help="The folder with data/, content/ and templates/.",
)

today_option = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda context, option, moment: moment and moment.date(),
    metavar="DATE",
    help="Compare dates with this day, as in 2026-11-24. Without it none are compared.",
)


def ids_in(folder: str, *more: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """For completion in a shell: the ids that begin like this among the files of a folder of the root, and `more`."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        root = Path(context.params.get("root") or ".")
        ids = {path.stem for path in (root / folder).glob("[!.]*") if path.suffix in (".md", ".yml")}
        return sorted(name for name in ids.union(more) if name.startswith(incomplete))

    return complete


def repository(root: Path) -> None:
    """Raises UsageError if the folder has no data/."""
    if not (root / "data").is_dir():
        raise click.UsageError(f"there is no folder 'data' in {root}. Name the repository's folder with --root.")
