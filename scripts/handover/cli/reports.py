"""Reports in several formats from one run, for CI."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

R = TypeVar("R")
Reports = list[tuple[str, Path]]
"""Pairs of a format and a file."""


def report_option(forms: Mapping[str, Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--report FORMAT=FILE`, any number of times, as the parameter `reports`."""

    def parsed(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> Reports:
        pairs = [text.partition("=") for text in texts]
        for form, _, path in pairs:
            if form not in forms or not path:
                raise click.BadParameter(f"write it like codequality=FILE. The formats are {', '.join(forms)}.")
        return [(form, Path(path)) for form, _, path in pairs]

    text = "Also write this format into a file; can be given several times."
    return click.option("--report", "reports", metavar="FORMAT=FILE", multiple=True, callback=parsed, help=text)


def write_reports(reports: Reports, forms: Mapping[str, Callable[[R], str]], result: R) -> None:
    """Write the result into each of the files, and create their folders."""
    for form, path in reports:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(forms[form](result), encoding="utf-8")
