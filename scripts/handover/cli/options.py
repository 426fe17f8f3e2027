"""Options that several commands share, and what is checked of their values."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ParamSpec

import click

import handover
from handover.model.spelling import guess
from handover.paths import SafePath

P = ParamSpec("P")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Reports = list[tuple[str, SafePath]]
"""Pairs of a format and a file."""


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


def format_option(forms: Iterable[str], meaning: str = "How to print.") -> Decorator:
    """`--format` as the parameter `form`; the first one is the default."""
    names = list(forms)
    choice = click.Choice(names)
    return click.option("--format", "form", type=choice, default=names[0], show_default=True, help=meaning)


def output_options(forms: Mapping[str, Any]) -> Decorator:
    """`--format`, and `--report FORMAT=FILE` any number of times, as the parameters `form` and `reports`."""

    def parsed(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> Reports:
        pairs = [text.partition("=") for text in texts]
        for form, _, path in pairs:
            if form not in forms or not path:
                raise click.BadParameter(f"write it like codequality=FILE. The formats are {', '.join(forms)}.")
        reports = [(form, SafePath.given(Path(path), context.params["root"])) for form, _, path in pairs]
        for _, file in reports:
            file.exists()  # a link is refused now, not after the work
        return reports

    text = "Also write this format into a file; can be given several times."
    report = click.option("--report", "reports", metavar="FORMAT=FILE", multiple=True, callback=parsed, help=text)
    return lambda command: format_option(forms)(report(command))


def write_reports(reports: Reports, forms: Mapping[str, Callable[P, str]], *result: P.args, **more: P.kwargs) -> None:
    """Write the result, as each format takes it, into each of the files, and create their folders."""
    from handover.write.output import write_files

    write_files({path: forms[form](*result, **more).encode() for form, path in reports})


def check_known(kind: str, name: str, known: Collection[str]) -> None:
    """Raises UsageError if there is no such thing of this kind."""
    if name not in known:
        hint = guess(name, known, "There are") or "There is none."
        raise click.UsageError(f"there is no {kind} '{name}'. {hint}")


def chosen_playbook(name: str | None, known: Collection[str]) -> str:
    """The playbook of this name, or the only one. Raises UsageError."""
    if name is None and len(known) > 1:
        raise click.UsageError(f"there are several playbooks: add --playbook {' or --playbook '.join(known)}.")
    if not known or name not in (None, *known):
        hint = guess(name or "", known, "There are") or "'handover new playbook ID' writes one."
        raise click.UsageError(f"there is no playbook{f' {name!r}' if name else ''}. {hint}")
    return name or next(iter(known))
