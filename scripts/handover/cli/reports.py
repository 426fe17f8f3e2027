"""Reports in several formats from one run, for CI."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec

import click

from handover.paths import SafePath, write_files

P = ParamSpec("P")
Reports = list[tuple[str, SafePath]]
"""Pairs of a format and a file."""


def report_option(forms: Mapping[str, Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--report FORMAT=FILE`, any number of times, as the parameter `reports`."""

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
    return click.option("--report", "reports", metavar="FORMAT=FILE", multiple=True, callback=parsed, help=text)


def write_reports(reports: Reports, forms: Mapping[str, Callable[P, str]], *result: P.args, **more: P.kwargs) -> None:
    """Write the result, as each format takes it, into each of the files, and create their folders."""
    write_files({path: forms[form](*result, **more).encode() for form, path in reports})
