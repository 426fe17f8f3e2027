"""`handover import`: reads files, tries the result out, writes it, and reports."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from handover.adopt.blocks import Unreadable
from handover.adopt.importer import Importer
from handover.adopt.message import Adopted, dump, title
from handover.adopt.reader import MAX_BYTES, read, read_page
from handover.adopt.scenario import adopt_page
from handover.adopt.template import Template
from handover.cli.options import built_in, check_known, chosen_playbook, ids_in, repository, root_option
from handover.cli.pipeline import run_pipeline
from handover.cli.terminal import print_line
from handover.load.catalog import load
from handover.load.revision import source_files
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic
from handover.model.message import MessageKind
from handover.paths import SafePath
from handover.write.output import NullWriter, write_files
from handover.write.yaml_edit import CannotEdit, append_entry, append_keys

Parsed = TypeVar("Parsed")

_LISTED = 12
"""Entries of one kind that the report names."""


@click.command("import")
@root_option
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...", help="The files of templates."
)
@click.option("--kind", type=click.Choice(get_args(MessageKind)), help="The kind of all messages; by default detected.")
@click.option(
    "--platform",
    metavar="ID",
    shell_complete=ids_in("data/platforms"),
    help="The platform that the files are from; by default detected.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["message", "scenario"]),
    default="message",
    show_default=True,
    help="A scenario: each file is a page of a handbook, with its story, its steps and its emails.",
)
@click.option(
    "--playbook",
    metavar="ID",
    shell_complete=ids_in("data/playbooks"),
    help="For scenarios: their playbook, if there are several.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would be written.")
def command(
    root: Path,
    files: tuple[Path, ...],
    kind: str | None,
    platform: str | None,
    form: str,
    playbook: str | None,
    dry_run: bool,
) -> None:
    """Write templates from elsewhere as messages: Markdown, text, HTML, .eml, or an API's JSON.

    All of them or, if one cannot be imported, none. What exists is never overwritten.
    """
    repository(root)
    catalog, problems = _catalog(root), list[str]()
    if platform is not None:
        check_known("platform", platform, catalog.platforms)
    importer = Importer(catalog, kind, catalog.platforms.get(platform or ""))
    chosen = chosen_playbook(playbook, catalog.playbooks) if form == "scenario" else ""
    adopt = adopt_pages if form == "scenario" else adopt_templates
    adopt(importer, files, problems)
    try:
        contents = {} if problems else tried(root, importer, chosen, problems)
    except CannotEdit as refused:
        problems.append(f"{refused}.")
    if problems:
        for problem in (*problems, "Nothing was written."):
            print_line(problem, err=True)
        raise SystemExit(1)
    if not dry_run:
        folder = SafePath.below(root)
        write_files({folder / path: content for path, content in contents.items()})
    for line in report(importer):
        print_line(line)
    if dry_run:
        print_line("This was a dry run: nothing was written.")


def _catalog(root: Path) -> Catalog:
    loaded = load(root, built_in("templates"))
    broken = [each for each in loaded.diagnostics if each.severity == "error"]
    if loaded.catalog is None or broken:
        place = f": {broken[0].place}: {broken[0].message}" if broken else ""
        raise click.UsageError(f"the sources have errors{place} Mend them first: 'handover check' lists them.")
    return loaded.catalog


def read_files(paths: Iterable[Path], problems: list[str]) -> Iterator[tuple[Template, str]]:
    """The templates of the files, each with where it is from; `problems` says which file cannot be read, and why."""
    for path, templates in _parsed(paths, problems, read):
        for template in templates:
            yield template, template.address or f"{path.parent.name}/{template.name}"


def adopt_templates(importer: Importer, paths: Iterable[Path], problems: list[str]) -> None:
    """Adopt what is in each file as messages and blocks; `problems` says which file cannot be read, and why."""
    for template, source in read_files(paths, problems):
        importer.add(template, source)


def adopt_pages(importer: Importer, paths: Iterable[Path], problems: list[str]) -> None:
    """Adopt each file as a scenario; `problems` says which file cannot be read, and why."""
    for path, page in _parsed(paths, problems, read_page):
        adopt_page(importer, path.name, f"{path.parent.name}/{path.name}", page)


def _parsed(
    paths: Iterable[Path], problems: list[str], parse: Callable[[str, bytes], Parsed]
) -> Iterator[tuple[Path, Parsed]]:
    for path in dict.fromkeys(each.resolve() for each in paths):
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            yield path, parse(path.name, content)
        except OSError as trouble:
            problems.append(f"{path}: error unreadable-file: it cannot be read: {trouble.strerror}.")
        except Unreadable as trouble:
            problems.append(f"{path}: error unreadable-file: {trouble}")


def changes(root: Path, importer: Importer, playbook: str) -> dict[str, bytes]:
    """The content of the files to write, by path. Raises CannotEdit."""
    importer.settle()
    files = {each.path: each.text.encode() for each in importer.adopted if each.is_new}
    new: list[tuple[str, str, dict[str, Any]]] = [
        ("data/links.yml", "", importer.links.new),
        ("data/placeholders.yml", "", importer.new_placeholders()),
        *((f"data/platforms/{name}.yml", "tokens", importer.tokens(name)) for name in importer.blanks.fields),
    ]
    for path, key, entries in new:
        file = root / path
        before = file.read_bytes().decode() if file.is_file() else ""
        added = ("" if key else "\n").join(dump({name: entry}, is_flat=bool(key)) for name, entry in entries.items())
        if key:  # a field that only a template in use has is not from the vendor's documentation
            before = re.sub(r"^verified: true\b", "verified: false", before, flags=re.MULTILINE)
        try:
            files |= {path: append_keys(before, added, key).encode()} if entries else {}
        except CannotEdit as refused:
            raise CannotEdit(f"{path}: error: {refused}. Write it with a line for each key") from None
    for entry in importer.scenarios:
        path = f"data/playbooks/{playbook}.yml"
        text = files[path].decode() if path in files else (root / path).read_bytes().decode()
        try:
            files[path] = append_entry(text, "scenarios", dump([entry])).encode()
        except CannotEdit as refused:
            raise CannotEdit(f"{path}: error: {refused}. Write 'scenarios' with a line for each") from None
    return files


def tried(root: Path, importer: Importer, playbook: str, problems: list[str]) -> dict[str, bytes]:
    """The files to write, once a check of them beside the sources has found no new error.

    What has one is a draft, as no platform gets those; what then still has one is a problem.
    """
    before: set[tuple[str, str]] | None = None
    for is_last in (False, True):
        files = changes(root, importer, playbook)
        errors = _errors(root, files)
        if errors and before is None:
            before = {(each.code, str(each.place.path)) for each in _errors(root, {})}
        new = [each for each in errors if (each.code, str(each.place.path)) not in (before or ())]
        if not new:
            return files
        paths = {each.path for each in importer.adopted}
        is_own = any(found.place.paths & paths for found in new)
        for each in (each for each in importer.adopted if each.is_new):
            own = [found for found in new if each.path in found.place.paths]
            if own and is_last:
                problems += [f"{each.source}: error {found.code}: {found.message}" for found in own[:3]]
            elif "kind" in each.head and (own or not is_own):  # a block cannot be a draft
                each.notes.append(f"mend this: {title(str((own or new)[0].message).rstrip('.'))}")
    problems += [f"{each.place}: error {each.code}: {each.message}" for each in new if not problems]
    return {}


def _errors(root: Path, files: dict[str, bytes]) -> list[Diagnostic]:
    """The errors of the sources at `root` with these files among them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = SafePath.below(Path(folder))
        write_files({copy / path: content for path, content in {**source_files(root), **files}.items()})
        found = run_pipeline(Path(folder), NullWriter()).diagnostics
    return [each for each in found if each.severity == "error"]


def report(importer: Importer) -> Iterator[str]:
    """What came in, line by line."""
    new = [each for each in importer.adopted if each.is_new]
    for each in importer.adopted:
        yield _line(each)
        yield from (f"    not kept: {loss}" for loss in each.losses.words)
        yield from (f"    FILL IN: {note}" for note in dict.fromkeys(each.notes))
    links, known = importer.links, sorted({name for each in new for name in each.placeholders})
    own = sorted({name for each in new for name in each.own})
    yield ""
    yield f"Messages, blocks and scenarios: {len(new)} new, {len(importer.adopted) - len(new)} already here."
    yield f"Links: {len(links.new)} new{_names(links.new)}; {len(links.reused)} used again{_names(links.reused)}."
    yield f"Placeholders: {len(known)} matched{_names(known)}; {len(own)} new in their messages{_names(own)}."
    shared = importer.new_placeholders()
    if shared:
        yield f"New in data/placeholders.yml, as links or blocks use them: {', '.join(shared)}."
    for name, fields in importer.blanks.fields.items():
        yield f"New tokens in data/platforms/{name}.yml: {', '.join(fields.values())}."
    yield from _next_steps(new, own, bool(shared))


def _next_steps(new: list[Adopted], own: list[str], has_shared: bool) -> Iterator[str]:
    steps = []
    if any(each.notes for each in new):
        steps.append("Replace each FILL IN in the drafts, then delete 'draft: true'; until then no platform gets them.")
    if own or has_shared:
        steps.append("Give each new placeholder a sample and a description of your own.")
    if new:
        steps.append("Read each message in 'handover serve', and add it to a step of a scenario.")
    for number, step in enumerate(steps, 1):
        yield f"{number}. {step}"


def _line(adopted: Adopted) -> str:
    if not adopted.is_new:
        return f"{adopted.path}: already here, from {adopted.source}; left as it is."
    return f"{adopted.path}: {'draft' if adopted.is_draft else 'new'}, from {adopted.source}."


def _names(names: Iterable[str]) -> str:
    """The first of the names in parentheses."""
    shown = list(names)
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return f" ({', '.join(shown[:_LISTED])}{more})" if shown else ""
