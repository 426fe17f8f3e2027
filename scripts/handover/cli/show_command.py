"""`handover show`."""

import sys
from pathlib import Path
from typing import Any

import click

from handover.cli.formats import as_text
from handover.cli.pipeline import Examined, examine, root_option
from handover.model.catalog import Catalog
from handover.model.marks import Slot
from handover.model.spelling import guess

_FORMATS = ["html", "text", "subject", "mjml", "eml"]


@click.command("show")
@root_option
@click.argument("message")
@click.option("--variant", help="Which variant, where the message has some.")
@click.option("--platform", default="preview", show_default=True, help="A platform's id, or preview, or handbook.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="html", show_default=True, help="Which form.")
@click.option("--set", "settings", multiple=True, metavar="ID=VALUE", help="Fill a placeholder in; may be repeated.")
def command(root: Path, message: str, variant: str | None, platform: str, form: str, settings: tuple[str, ...]) -> None:
    """Print one output of MESSAGE and nothing else."""
    made = examine(root)
    if made.has_errors or made.catalog is None:
        click.echo(as_text(made.diagnostics), nl=False, err=True)
        raise SystemExit(1)
    rendered = _find(made, made.catalog, message, variant)
    values = _values(settings, made.catalog)
    sys.stdout.buffer.write(_output(made, made.catalog, rendered, platform, form, values))


def _find(made: Examined, catalog: Catalog, message: str, variant: str | None) -> Any:
    if message not in catalog.messages:
        raise click.UsageError(
            f"there is no message '{message}'. {guess(message, catalog.messages, 'There are') or ''}"
        )
    variants = catalog.messages[message].head.variants
    if variant is None and variants:
        raise click.UsageError(f"'{message}' has variants: add --variant {' or --variant '.join(variants)}.")
    if variant is not None and variant not in variants:
        known = guess(variant, variants, "There are") or "It has no variants."
        raise click.UsageError(f"'{variant}' is not a variant of '{message}'. {known}")
    return next(
        each
        for each in made.rendered
        if each.message is not None and each.document.id == message and each.document.variant == variant
    )


def _values(settings: tuple[str, ...], catalog: Catalog) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        placeholder = catalog.placeholders.get(name)
        if not equals:
            raise click.UsageError(f"--set takes id=value, and '{setting}' has no '='.")
        if placeholder is None:
            raise click.UsageError(
                f"there is no placeholder '{name}'. {guess(name, catalog.placeholders, 'There are') or ''}"
            )
        problem = placeholder.problem_with(value)
        if problem:
            raise click.UsageError(f"{problem}.")
        values[name] = value
    return values


def _output(made: Examined, catalog: Catalog, rendered: Any, platform: str, form: str, values: dict[str, str]) -> bytes:
    from handover.render import eml
    from handover.render.exports import mail_of
    from handover.render.spelling import HandbookSpelling, PlatformSpelling, PreviewSpelling, Spelling

    assert made.marks is not None  # noqa: S101 - there are no errors
    preview = PreviewSpelling(catalog, values)
    spelling: Spelling
    known = catalog.platforms.get(platform)
    if platform == "preview":
        spelling = preview
    elif platform == "handbook":
        spelling = HandbookSpelling(catalog)
    elif known is not None:
        spelling = PlatformSpelling(known, catalog)
    else:
        names = [*catalog.platforms, "preview", "handbook"]
        raise click.UsageError(f"there is no platform '{platform}'. {guess(platform, names, 'There are')}")
    if known is not None and rendered.message.head.kind not in known.takes:
        raise click.UsageError(
            f"{known.label} takes {' and '.join(known.takes)} messages, and this one is {rendered.message.head.kind}."
        )
    if form == "eml":
        if platform != "preview":
            raise click.UsageError("only the preview is a mail: leave --platform out.")
        return eml.draft(mail_of(rendered, catalog, made.marks, preview))
    fragment = platform == "handbook" or (known is not None and known.format == "fragment")
    if fragment and form == "mjml":
        raise click.UsageError(f"there is no MJML for '{platform}', which takes a fragment to paste.")
    marked = _marked(rendered, form, fragment, known)

    def spell(slot: Slot) -> str:
        chosen = preview if slot.name in values and slot.kind not in ("footer", "region") else spelling
        return chosen.html(slot) if form in ("html", "mjml") else chosen.text(slot)

    return made.marks.fill(marked, spell).encode()


def _marked(rendered: Any, form: str, fragment: bool, platform: Any) -> str:
    if form == "subject":
        return str(rendered.subject)
    if fragment:
        return str(rendered.fragment if form == "html" else rendered.text)
    from handover.render.exports import footer_links

    email = rendered.emails[footer_links(platform)]
    return str({"html": email.html, "text": email.text, "mjml": email.mjml}[form])
