"""`handover show`."""

import sys
from pathlib import Path
from typing import Any

import click

from handover.cli.options import check_known, format_option, ids_in, root_option
from handover.cli.pipeline import PipelineResult
from handover.cli.selection import rendered_message, set_option, sound, values_of, variant_option
from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.platform import Platform

_FORMATS = ["html", "text", "subject", "mjml", "eml"]


@click.command("show")
@root_option
@click.argument("message", shell_complete=ids_in("content/messages"), help="The id of a message.")
@variant_option
@click.option(
    "--platform",
    default="preview",
    show_default=True,
    shell_complete=ids_in("data/platforms", "preview", "handbook"),
    help="A platform's id, or preview, or handbook.",
)
@format_option(_FORMATS, "Which form.")
@set_option
def command(root: Path, message: str, variant: str | None, platform: str, form: str, settings: tuple[str, ...]) -> None:
    """Print one output of MESSAGE and nothing else."""
    result, catalog = sound(root)
    rendered = rendered_message(result, catalog, message, variant)
    catalog = catalog.of(rendered.message)
    values = values_of(settings, catalog)
    sys.stdout.buffer.write(_output(result, catalog, rendered, platform, form, values))


def _output(
    result: PipelineResult, catalog: Catalog, rendered: Any, platform: str, form: str, values: dict[str, str]
) -> bytes:
    from handover.render import eml, spelling
    from handover.render.exports import mail_of, with_policy

    assert result.marks is not None  # noqa: S101 - there are no errors
    preview = spelling.PreviewSpelling(catalog, values)
    writer: spelling.Spelling = preview if platform == "preview" else spelling.HandbookSpelling(catalog)
    known = catalog.platforms.get(platform)
    check_known("platform", platform, [*catalog.platforms, "preview", "handbook"])
    if known is not None:
        writer = spelling.PlatformSpelling(known, catalog, rendered.document)
    if known is not None and known not in catalog.takers(rendered.message):
        raise click.UsageError(_why_not(rendered.message, known))
    _refuse_missing_form(rendered.message, platform, form)
    if form == "eml":
        return eml.draft(mail_of(rendered, catalog, result.marks, preview))
    forms = rendered.words if platform == "handbook" else rendered.forms(known)
    if form not in forms:
        raise click.UsageError(f"there is no MJML for '{platform}', which takes a fragment to paste.")
    output = spelling.fill(forms[form], form, result.marks, spelling.FilledSpelling(writer, preview)).encode()
    return with_policy(output) if (platform, form) == ("preview", "html") and rendered.emails else output


def _refuse_missing_form(message: Message, platform: str, form: str) -> None:
    """Raises UsageError for a form that the message does not have there."""
    if not message.head.is_email and form not in ("html", "text"):
        raise click.UsageError(f"'{message.id}' is a {message.head.noun}: --format html or text.")
    if form == "eml" and platform != "preview":
        raise click.UsageError("only the preview is a mail: leave --platform out.")


def _why_not(message: Message, platform: Platform) -> str:
    """The reason why a message is not exported to a platform."""
    if not message.head.is_email:
        return f"'{message.id}' is a {message.head.noun}, which goes to no platform: leave --platform out."
    if message.head.kind not in platform.takes:
        return f"{platform.label} takes {' and '.join(platform.takes)} messages, and this one is {message.head.kind}."
    for thing in (message, platform):
        if thing.is_draft:
            return f"'{thing.id}' is a draft: 'handover check' lists what is left to fill in."
    return f"'{message.id}' goes to {' and '.join(message.head.platforms)}, by its front matter, not to {platform.id}."
