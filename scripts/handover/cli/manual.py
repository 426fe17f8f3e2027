"""The commands and their options, as the reference on the site shows them."""

from importlib import import_module

import click

from handover.cli import COMMANDS
from handover.render.reference import Command, Parameter


def manual() -> list[Command]:
    """Every command with its options."""
    return [_command(name, import_module(f"handover.cli.{name}_command").command) for name in COMMANDS]


def _command(name: str, command: click.Command) -> Command:
    context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
    usage = " ".join(["handover", name, *command.collect_usage_pieces(context)])
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return Command(
        name,
        usage,
        tuple(" ".join(part.split()) for part in (command.help or "").split("\n\n")),
        tuple(Parameter(written, meaning) for written, meaning in filter(None, records)),
    )
