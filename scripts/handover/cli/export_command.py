"""`handover export`."""

from functools import partial
from pathlib import Path

import click

from handover.cli.options import check_known, ids_in, root_option
from handover.cli.pipeline import PipelineResult
from handover.cli.selection import sound
from handover.cli.terminal import print_line
from handover.model.catalog import Catalog
from handover.model.document import Artifact
from handover.model.timeline import is_sequence
from handover.paths import SafePath
from handover.write.output import write_archive


@click.command("export")
@root_option
@click.argument(
    "platform", shell_complete=ids_in("data/platforms", "preview"), help="The id of a platform, or preview."
)
@click.argument(
    "message",
    required=False,
    shell_complete=ids_in("content/messages"),
    help="The id of a message; without it, all of them.",
)
@click.option(
    "--sequence", metavar="SCENARIO", help="The id of a scenario: its emails in order, and a sheet of the days."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.zip", help="The archive to write.")
def command(root: Path, platform: str, message: str | None, sequence: str | None, out: Path) -> None:
    """Write every file for PLATFORM, or only those of MESSAGE, into an archive.

    With --sequence, the archive has a folder with a numbered file for each email of the scenario, and sequence.csv.

    PLATFORM is the id of a platform, or preview. The archive for a whole platform is the one that the site offers.
    """
    from handover.render.archive import COMMENT, readme, write_zip

    result, catalog = sound(root)
    if sequence is not None and message is not None:
        raise click.UsageError("--sequence exports the emails of a scenario. Leave the message out.")
    files = _files(result.artifacts, catalog, platform, message)
    if sequence is not None:
        files = _sequence(files, result, catalog, platform, sequence)
    else:
        files.append(readme(platform, files, catalog))
    write_archive(SafePath.given(out, root), partial(write_zip, artifacts=files), COMMENT)
    print_line(f"Wrote {len(files)} files for {platform} into {out}.")


def _files(artifacts: list[Artifact], catalog: Catalog, platform: str, message: str | None) -> list[Artifact]:
    check_known("platform", platform, [*catalog.platforms, "preview"])
    if message is not None:
        check_known("message", message, catalog.messages)
    own = [each for each in artifacts if each.platform == platform and (each.message or each.block)]
    files = [each for each in own if message in (None, each.message)]
    if not files:
        there = ", ".join(sorted({each.platform for each in artifacts if message and each.message == message}))
        what = f"'{message}' is not exported to {platform}. It goes to {there}." if there else ""
        raise click.UsageError(what or f"no message goes to {platform}. A message names it under 'platforms'.")
    return files


def _sequence(
    files: list[Artifact], result: PipelineResult, catalog: Catalog, platform: str, scenario_id: str
) -> list[Artifact]:
    """The files of a sequence; says which of its emails do not go to the platform."""
    from handover.render.sequence import sequence_files, task_words

    scenarios = {str(each.id): each for playbook in catalog.playbooks.values() for each in playbook.scenarios}
    check_known("scenario", scenario_id, scenarios)
    scenario = scenarios[scenario_id]
    if not is_sequence(scenario):
        hint = "A sequence has a message with 'after' or 'before'."
        raise click.UsageError(f"'{scenario_id}' is not a sequence. {hint}")
    exported = {each.message for each in files}
    emails = [name for name in scenario.sends if catalog.messages[name].head.is_email]
    missing = [str(name) for name in emails if name not in exported]
    if len(missing) == len(emails):
        raise click.UsageError(f"no email of '{scenario_id}' is exported to {platform}.")
    if missing:
        named = (f"{name} (a draft)" if catalog.messages[name].is_draft else name for name in missing)
        print_line(f"Not exported to {platform}, so without a file: {', '.join(named)}.")
    if result.composition is None or result.marks is None:
        raise ValueError("only sources without an error have a sequence")
    prose = partial(task_words, result.composition, result.marks, catalog)
    return sequence_files(scenario, platform, files, catalog, prose)
