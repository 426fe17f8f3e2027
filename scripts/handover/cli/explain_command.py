"""`handover explain`."""

import re

import click

from handover.cli.options import built_in, check_known


def _codes(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return sorted(code for code in sections(_page()) if code.startswith(incomplete))


@click.command("explain")
@click.argument("code", shell_complete=_codes, help="The code of a finding, as in unknown-link.")
def command(code: str) -> None:
    """Explain the CODE of an error or warning, with a bad and a good example."""
    explanations = sections(_page())
    check_known("code", code, explanations)
    click.echo(f"{code}\n\n{_plain(explanations[code])}")


def _page() -> str:
    return (built_in("templates") / "handbook/diagnostics.md").read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """The entries of the page of errors and warnings, by code."""
    parts = re.split(r"^## ([a-z0-9-]+)$", page, flags=re.MULTILINE)
    return {code: text.strip() for code, text in zip(parts[1::2], parts[2::2], strict=True)}


def _plain(markdown: str) -> str:
    """The text of an entry without Markdown syntax; examples stay as they are."""
    return re.sub(r"^(?!    ).*", lambda line: re.sub(r"[*`]", "", line[0]), markdown, flags=re.MULTILINE)
