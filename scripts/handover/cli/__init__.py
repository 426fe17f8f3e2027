"""The command line: the only place where the stages meet."""

import ast
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from handover.model.text import visible
from handover.paths import PathRefused

COMMANDS = [
    "build",
    "check",
    "links",
    "serve",
    "diff",
    "drift",
    "show",
    "list",
    "export",
    "send",
    "explain",
    "new",
    "import",
    "schema",
    "init",
]
"""In the order of the help."""


@contextmanager
def _visible_errors() -> Iterator[None]:
    """Escape what a message about wrong use quotes from the command line or a file."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except PathRefused as refused:
        raise click.UsageError(visible(refused)) from None
    except click.UsageError as wrong:
        raise click.UsageError(visible(wrong.format_message()), wrong.ctx) from None


class _Commands(click.Group):
    """Imports the module of a command when the command is run, or its own help is asked for.

    In a list of commands, each is its name and docstring.
    """

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _visible_errors():
            return super().make_context(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return click.Command(cmd_name, help=_docstring(cmd_name)) if cmd_name in COMMANDS else None

    def invoke(self, ctx: click.Context) -> object:
        with _visible_errors():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from handover.model.spelling import guess

            ctx.fail(f"there is no command '{args[0]}'. {guess(args[0], self.list_commands(ctx), 'The commands are')}")
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and import_module(f"handover.cli.{name}_command").command, rest


def _docstring(name: str) -> str | None:
    """What the help says of a command: its function's docstring, read from the source."""
    source = Path(__file__).with_name(f"{name}_command.py").read_text(encoding="utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return next(ast.get_docstring(function) for function in functions if function.name == "command")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="handover-kit")
def cli() -> None:
    """Build and check the handbook, the emails and the snippets of a sales handover from one source."""


def _take_every_character() -> None:
    """Let no output fail by its encoding: files and pipes get UTF-8, a terminal an escape for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")


def main() -> None:
    """Run the command line. An error of the machine is printed in one line, with exit code 2."""
    _take_every_character()
    gc.set_threshold(50_000)  # nearly all that is loaded stays: looking for garbage more often finds little
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks for some in every package there is
    try:
        cli(standalone_mode=True)
    except OSError as failure:
        what = f"cannot access {failure.filename}" if failure.filename else "the machine failed"
        click.echo(visible(f"Error: {what}: {failure.strerror or failure}."), err=True)
        sys.exit(2)
