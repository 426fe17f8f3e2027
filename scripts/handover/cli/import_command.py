"""`handover import`."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from handover.cli.options import built_in, check_known, chosen_playbook, ids_in, repository, root_option
from handover.cli.terminal import print_line
from handover.model.message import MessageKind
from handover.paths import SafePath, write_files

if TYPE_CHECKING:
    from handover.model.catalog import Catalog


@click.command("import")
@root_option
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...", help="The files of templates."
)
@click.option("--kind", type=click.Choice(get_args(MessageKind)), help="The kind of all messages; by default detected.")
@click.option(
    "--platform",
    metavar="ID",
    shell_complete=ids_in("data/platforms"),
    help="The platform that the files are from; by default detected.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["message", "scenario"]),
    default="message",
    show_default=True,
    help="A scenario: each file is a page of a handbook, with its story, its steps and its emails.",
)
@click.option(
    "--playbook",
    metavar="ID",
    shell_complete=ids_in("data/playbooks"),
    help="For scenarios: their playbook, if there are several.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would be written.")
def command(
    root: Path,
    files: tuple[Path, ...],
    kind: str | None,
    platform: str | None,
    form: str,
    playbook: str | None,
    dry_run: bool,
) -> None:
    """Write templates from elsewhere as messages: Markdown, text, HTML, .eml, or an API's JSON.

    All of them or, if one cannot be imported, none. What exists is never overwritten.
    """
    from handover.adopt.importer import Importer
    from handover.cli.importing import adopt_pages, adopt_templates, report, tried
    from handover.write.yaml_edit import CannotEdit

    repository(root)
    catalog, problems = _catalog(root), list[str]()
    if platform is not None:
        check_known("platform", platform, catalog.platforms)
    importer = Importer(catalog, kind, catalog.platforms.get(platform or ""))
    chosen = chosen_playbook(playbook, catalog.playbooks) if form == "scenario" else ""
    adopt = adopt_pages if form == "scenario" else adopt_templates
    adopt(importer, files, problems)
    try:
        changes = {} if problems else tried(root, importer, chosen, problems)
    except CannotEdit as refused:
        problems.append(f"{refused}.")
    if problems:
        for problem in (*problems, "Nothing was written."):
            print_line(problem, err=True)
        raise SystemExit(1)
    if not dry_run:
        folder = SafePath.below(root)
        write_files({folder / path: content for path, content in changes.items()})
    for line in report(importer):
        print_line(line)
    if dry_run:
        print_line("This was a dry run: nothing was written.")


def _catalog(root: Path) -> "Catalog":
    from handover.load.catalog import load

    loaded = load(root, built_in("templates"))
    broken = [each for each in loaded.diagnostics if each.severity == "error"]
    if loaded.catalog is None or broken:
        place = f": {broken[0].place}: {broken[0].message}" if broken else ""
        raise click.UsageError(f"the sources have errors{place} Mend them first: 'handover check' lists them.")
    return loaded.catalog
