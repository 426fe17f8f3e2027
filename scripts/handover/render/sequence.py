"""A sequence for a platform: a numbered file for each email, and a sheet of the steps."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from handover.model.catalog import Catalog
from handover.model.document import Artifact, Composition
from handover.model.located import Id, Prose
from handover.model.marks import Marks
from handover.model.scenario import Scenario
from handover.model.timeline import Event, sequence
from handover.render.spelling import HandbookSpelling, fill
from handover.render.text import text

_COLUMNS = ("step", "day", "time", "who", "channel", "title", "subject", "file", "stop condition")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet reads as the start of a formula (owasp.org/www-community/attacks/CSV_Injection)."""


def sequence_files(
    scenario: Scenario, platform: str, artifacts: Sequence[Artifact], catalog: Catalog, prose: Callable[[Prose], str]
) -> list[Artifact]:
    """The files of a sequence in a folder with the scenario's id: the HTML of each email, and `sequence.csv`.

    `artifacts` are those of all messages for the `platform`. A message that does not go there has no file.
    `prose` writes a prose value of a step as one line of plain text.
    """
    files: list[Artifact] = []
    rows = [list(_COLUMNS)]
    for number, event in enumerate(sequence(scenario), 1):
        named = list(_emails(event, number, platform, artifacts))
        files += (replace(file, path=f"exports/{scenario.id}/{name}") for name, file, _ in named)
        rows += _rows(event, number, named, catalog, prose)
    sheet = Artifact(
        path=f"exports/{scenario.id}/sequence.csv",
        data=_sheet(rows),
        platform=platform,
        format="csv",
        sources=(scenario.id.place.path,),
    )
    return [*files, sheet]


def task_words(composition: Composition, marks: Marks, catalog: Catalog, prose: Prose) -> str:
    """A prose value as one line of plain text, with labels in brackets for placeholders."""
    words = text(composition.passages[prose.place], marks)
    return " ".join(fill(words, "text", marks, HandbookSpelling(catalog)).split())


def _emails(
    event: Event, number: int, platform: str, artifacts: Sequence[Artifact]
) -> Iterator[tuple[str, Artifact, str]]:
    """The HTML files of a step, each with its new name and the subject."""
    for message in event.step.sends:
        own = [each for each in artifacts if each.message == message and each.platform == platform]
        subjects = {each.variant: each.content.decode().strip() for each in own if each.format == "subject"}
        for file in own:
            if file.format == "html":
                name = file.path.rpartition("/")[2]
                yield f"{number:02}-{name}", file, subjects.get(file.variant, "")


def _rows(
    event: Event,
    number: int,
    emails: list[tuple[str, Artifact, str]],
    catalog: Catalog,
    prose: Callable[[Prose], str],
) -> Iterator[list[str]]:
    """The rows of a step: one for each file, and for each message without one; or one for a task."""
    step = event.step
    start = [str(number), _day(event), event.time or "", catalog.party(step.who)]
    stop = [step.unless or ""]
    for message in step.sends:
        head = catalog.messages[message].head
        channel = f"{head.channel} (reply)" if step.reply and head.is_email else head.channel
        own = [(file.variant, subject, name) for name, file, subject in emails if file.message == message]
        for variant, subject, name in own or [(None, "", "")]:
            title = f"{head.title} ({head.variants[Id(variant)].label})" if variant else str(head.title)
            yield [*start, channel, title, subject, name, *stop]
    if not step.sends:
        yield [*start, "Task", prose(step.do), "", "", *stop]


def _day(event: Event) -> str:
    """The number of the day, which sequence tools ask for; in words if it does not count from the first message."""
    day = event.moment.day if event.moment else None
    return (event.label or "") if day is None else str(day)


def _sheet(rows: list[list[str]]) -> bytes:
    """The rows as CSV with a byte order mark, by which spreadsheets know UTF-8; no cell is a formula."""
    written = io.StringIO()
    cells = [[f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell for cell in row] for row in rows]
    csv.writer(written).writerows(cells)
    return written.getvalue().encode("utf-8-sig")
