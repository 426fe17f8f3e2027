"""What commands about one message share: its sources, its variant, its values."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from handover.cli.formats import as_text
from handover.cli.options import check_known
from handover.cli.pipeline import PipelineResult, run_pipeline
from handover.model.catalog import Catalog
from handover.model.platform import token_delimiters
from handover.model.spelling import guess

variant_option = click.option("--variant", help="Which variant, where the message has some.")
set_option = click.option(
    "--set", "settings", multiple=True, metavar="ID=VALUE", help="Fill a placeholder in; may be repeated."
)


def sound(root: Path) -> tuple[PipelineResult, Catalog]:
    """The sources, if there is no error in them; else prints every problem and exits with code 1."""
    result = run_pipeline(root)
    if result.has_errors or result.catalog is None:
        click.echo(as_text(result.diagnostics), nl=False, err=True)
        raise SystemExit(1)
    return result, result.catalog


def rendered_message(result: PipelineResult, catalog: Catalog, message: str, variant: str | None) -> Any:
    """One message in one variant, rendered. Raises UsageError if there is none."""
    check_known("message", message, catalog.messages)
    variants = catalog.messages[message].head.variants
    if variant is None and variants:
        raise click.UsageError(f"'{message}' has variants: add --variant {' or --variant '.join(variants)}.")
    if variant is not None and variant not in variants:
        known = guess(variant, variants, "There are") or "It has no variants."
        raise click.UsageError(f"'{variant}' is not a variant of '{message}'. {known}")
    return next(
        each
        for each in result.rendered
        if each.message is not None and each.document.id == message and each.document.variant == variant
    )


def values_of(settings: Sequence[str], catalog: Catalog) -> dict[str, str]:
    """The values of `--set`, by placeholder id. Raises UsageError for an invalid one."""
    values: dict[str, str] = {}
    tokens = token_delimiters(catalog.platforms.values())
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes id=value, and '{setting}' has no '='.")
        check_known("placeholder", name, catalog.placeholders)
        value = value.strip()  # as the form does with what is pasted into it
        problem = catalog.placeholders[name].problem_with(value, tokens)
        if problem:
            raise click.UsageError(f"{problem}.")
        values[name] = value
    return values
