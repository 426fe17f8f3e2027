"""`handover new`."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click
import yaml
from jinja2 import TemplateError

from handover.cli.options import built_in, chosen_playbook, repository, root_option
from handover.cli.terminal import print_line
from handover.load.assets import load_templates
from handover.load.files import TextFile, read
from handover.load.yaml_tree import parse
from handover.model.located import Id
from handover.model.message import MessageKind
from handover.model.spelling import DEVICES, RESERVED
from handover.model.text import visible
from handover.paths import SafePath
from handover.render.schemas import KINDS
from handover.render.templating import environment, fault
from handover.write.output import write_files
from handover.write.yaml_edit import CannotEdit, append_entry

_NEXT = {
    "message": "Then name it in a step of a scenario in data/playbooks: 'message: {id}'.",
    "scenario": "If the playbook has a matrix, name it in a cell: 'scenario: {id}'.",
    "block": "Then add it to a message with a line '::: include {id}'.",
    "platform": "Until then it gets no exports.",
    "playbook": "The navigation and the front page already link to its page.",
}
_FILES = {kind.name: kind.files.replace(f"<{kind.name}>", "{id}") for kind in KINDS}


@click.command("new")
@root_option
@click.argument("kind", type=click.Choice(list(_NEXT)), help="What to create.")
@click.argument("name", metavar="ID", help="Its name for other files: lowercase letters, digits, and '-' between them.")
@click.option("--playbook", metavar="ID", help="For a scenario: its playbook, if there are several.")
@click.option(
    "--kind",
    "message_kind",
    type=click.Choice(get_args(MessageKind)),
    help="For a message: its kind.  [default: personal]",
)
def command(root: Path, kind: str, name: str, playbook: str | None, message_kind: str | None) -> None:
    """Create a commented file to fill in, named ID."""
    repository(root)
    _refuse_bad_id(kind, name)
    if playbook is not None and kind != "scenario":
        raise click.UsageError(f"--playbook is for a scenario, and this is a {kind}.")
    if message_kind is not None and kind != "message":
        raise click.UsageError(f"--kind is for a message, and this is a {kind}.")
    templates = load_templates(root, built_in("templates"), [])
    new = {_FILES[kind].format(id=name): _filled(templates, kind, name, message_kind or "personal")}
    if kind == "playbook":
        # A playbook without a scenario would not pass the check.
        new.setdefault(_FILES["scenario"].format(id=f"{name}-first"), _filled(templates, "scenario", f"{name}-first"))
    notes: list[str] = []
    changed = (
        _into_playbook(root, name, playbook, _filled(templates, "entry", name), notes) if kind == "scenario" else {}
    )
    _write(root, new, changed)
    notes.append("Replace each FILL IN: 'handover check' lists them.")
    click.echo("\n".join([*notes, _NEXT[kind].format(id=name)]))


def _refuse_bad_id(kind: str, name: str) -> None:
    if not Id.PATTERN.fullmatch(name) or len(name) > Id.LIMITS["max_length"]:
        rule = f"lowercase letters a to z, digits, and single '-' between them, {Id.LIMITS['max_length']} at most"
        raise click.UsageError(f"'{name}' cannot be an id: {rule}.")
    if name in DEVICES:
        raise click.UsageError(f"a {kind} cannot be called '{name}': Windows keeps this name for a device.")
    if name in RESERVED.get(kind, ()):
        raise click.UsageError(f"a {kind} cannot be called '{name}': a page or folder has that name.")


def _filled(templates: Mapping[str, str], kind: str, name: str, message_kind: str = "") -> str:
    """The new file's text; `message_kind` is the kind of a message."""
    template = next(path for path in templates if path.startswith(f"new/{kind}."))
    title = name.replace("-", " ").replace("_", " ").capitalize()
    words = {"id": _as_text(name), "title": _as_text(title), "first": f"{name}-first", "kind": message_kind}
    try:
        return str(environment(templates).get_template(template).render(words))
    except TemplateError as trouble:
        wrong = fault(trouble, template)
        raise click.UsageError(f"templates/{wrong.name}:{wrong.line}: {wrong.message}.") from None


def _as_text(word: str) -> str:
    """In quotes if YAML would read a number or a boolean."""
    return word if isinstance(yaml.safe_load(word), str) else f'"{word}"'


def _into_playbook(root: Path, name: str, playbook: str | None, entry: str, notes: list[str]) -> dict[str, str]:
    """The playbook's file with an entry for the scenario; nothing, and a note, if it must be added by hand."""
    known = sorted(path.stem for path in (root / "data/playbooks").glob("*.yml"))
    path = _FILES["playbook"].format(id=chosen_playbook(playbook, known))
    if read(root, path, []) is None:
        raise click.UsageError(f"{root / path} cannot be read: 'handover check' says why.")
    text = (root / path).read_bytes().decode()
    if name in _scenarios(path, text):
        return {}
    try:
        changed = append_entry(text, "scenarios", entry)
    except CannotEdit:
        notes.append(f"Add this under 'scenarios' in {visible(root / path)}:\n\n{entry}")
        return {}
    notes.append(f"Added the scenario at the end of 'scenarios' in {visible(root / path)}.")
    return {path: changed}


def _scenarios(path: str, text: str) -> list[str]:
    """The ids of a playbook's scenarios, as far as the file can be read."""
    tree = parse(TextFile(path, text.removeprefix("\ufeff").replace("\r\n", "\n")), [])
    value = tree.value if tree is not None else None
    listed = value.get("scenarios") if isinstance(value, dict) else None
    return [str(entry.get("id")) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _write(root: Path, new: Mapping[str, str], changed: Mapping[str, str]) -> None:
    folder = SafePath.below(root)
    for path in new:
        if (folder / path).exists():
            raise click.UsageError(f"there is already a file {root / path}. Nothing was written.")
    write_files({folder / path: text.encode() for path, text in {**new, **changed}.items()})
    for path in new:
        print_line(f"Wrote {root / path}.")
