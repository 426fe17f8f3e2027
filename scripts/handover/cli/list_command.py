"""`handover list`."""

from pathlib import Path

import click

from handover.cli.formats import as_text, json_text
from handover.cli.options import built_in, format_option, root_option
from handover.cli.terminal import print_line
from handover.load.catalog import load
from handover.model.diagnostic import in_order

_KINDS = ["playbooks", "scenarios", "messages", "blocks", "links", "placeholders", "people", "platforms"]


@click.command("list")
@root_option
@click.argument("kind", type=click.Choice(_KINDS), help="What to list.")
@format_option(["text", "json"])
def command(root: Path, kind: str, form: str) -> None:
    """List everything of one KIND by id and name."""
    from handover.render.catalog_json import entries, listing

    loaded = load(root, built_in("templates"))
    errors = [found for found in in_order(loaded.diagnostics) if found.severity == "error"]
    if errors or loaded.catalog is None:
        click.echo(as_text(errors), nl=False, err=True)
        raise SystemExit(1)
    if form == "json":
        click.echo(json_text(entries(loaded.catalog, kind)), nl=False)
        return
    rows = list(listing(loaded.catalog, kind))
    width = max((len(name) for name, _ in rows), default=0)
    for name, title in rows:
        print_line(f"{name:{width}}  {title}".rstrip())
