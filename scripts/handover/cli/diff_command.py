"""`handover diff`."""

import html
import shutil
import sys
import tempfile
from pathlib import Path

import click

from handover.cli.assembly import add_portable_pages
from handover.cli.differences import DIFF_FORMATS
from handover.cli.formats import as_text
from handover.cli.options import Reports, output_options, root_option, write_reports
from handover.cli.pipeline import PipelineResult, handbook, run_pipeline
from handover.cli.terminal import wants_colour
from handover.compare.outputs import Entry, Side, Subject, compare, subject_of
from handover.load.revision import NoRevision, check_out, commit_of, source_files
from handover.model.text import visible
from handover.paths import SafePath
from handover.render import text
from handover.render.spelling import HandbookSpelling
from handover.write.output import MemoryWriter


@click.command("diff")
@root_option
@output_options(DIFF_FORMATS)
@click.argument("revision", metavar="REV", help="A commit, branch or tag to compare with.")
def command(root: Path, form: str, reports: Reports, revision: str) -> None:
    """Show what the sources here change in the outputs, compared with REV: a branch, a tag or a commit.

    Both sides are built by this version of the engine.
    """
    try:
        commit = commit_of(root, revision)
        with tempfile.TemporaryDirectory(prefix="handover-diff-") as folder:
            check_out(root, commit, Path(folder))
            old = _side(_before(Path(folder), root), f"at {revision}")
    except NoRevision as refused:
        raise click.UsageError(f"{refused}.") from None
    compared = compare(old, _side(_outputs(root), "here"))
    name = revision if commit.startswith(revision) else f"{revision} ({commit[:10]})"
    write_reports(reports, DIFF_FORMATS, compared, name, False)
    click.echo(DIFF_FORMATS[form](compared, name, wants_colour()), nl=False)


def _outputs(root: Path) -> PipelineResult:
    result = run_pipeline(root)
    if not result.has_errors:
        add_portable_pages(result, handbook(result), MemoryWriter())
    return result


def _before(root: Path, now: Path) -> PipelineResult:
    """The outputs of an older state, with the templates of `now` if its own do not work in this version."""
    result = _outputs(root)
    if any(found.severity == "error" and found.place.path.startswith("templates/") for found in result.diagnostics):
        click.echo(
            "The templates of that revision do not work in this version: both sides use the current ones.", err=True
        )
        (SafePath.below(root) / "templates").remove()
        if (now / "templates").is_dir():
            shutil.copytree(now / "templates", root / "templates")
        result = _outputs(root)
    return result


def _side(result: PipelineResult, where: str) -> Side:
    """The outputs. Prints the errors; exits if there are no outputs at all."""
    errors = [found for found in result.diagnostics if found.severity == "error"]
    if errors:
        click.echo(f"The sources {visible(where)} have errors:\n{as_text(errors)}", nl=False, err=True)
    if not result.artifacts:
        click.echo("There is nothing to compare.", err=True)
        sys.exit(1)
    return Side(result.artifacts, _texts(result), source_files(result.root), _entries(result))


def _texts(result: PipelineResult) -> dict[Subject, str]:
    """The text of each email, snippet and playbook, with readable brackets for the placeholders."""
    catalog, composition, marks = result.catalog, result.composition, result.marks
    if catalog is None or composition is None or marks is None:
        raise ValueError("there are no outputs")
    texts = {}
    for document in composition.documents:
        head = f"Subject: {text.line(document.subject, marks)}\n" if document.subject else ""
        spell = HandbookSpelling(catalog.of(catalog.messages[document.id])).label
        words = marks.fill(head + text.text(document.blocks, marks), spell)
        texts[Subject("email", document.id, document.variant or "")] = words
    for document in composition.snippets:
        spell = HandbookSpelling(catalog).label
        texts[Subject("snippet", document.id)] = marks.fill(text.text(document.blocks, marks), spell)
    for artifact in result.artifacts:
        subject = subject_of(artifact)
        if subject is not None and subject.kind == "playbook":
            texts[subject] = html.unescape(artifact.content.decode())
    return texts


def _entries(result: PipelineResult) -> dict[str, dict[Entry, str]]:
    """The values that an output can take from links and placeholders."""
    assert result.catalog is not None  # noqa: S101 - there are outputs
    links: dict[Entry, str] = {}
    placeholders: dict[Entry, str] = {
        ("placeholder", name): each.model_dump_json() for name, each in result.catalog.placeholders.items()
    }
    for name, link in result.catalog.links.items():
        links["link", name] = link.url
        names = [str(name) for name in link.placeholders()]
        placeholders["link", name] = "".join(placeholders.get(("placeholder", each), "") for each in names)
    return {"data/links.yml": links, "data/placeholders.yml": placeholders}
