"""Where the time of a build goes: each stage of one process after the other."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.generate import generate


def profile(folder: Path) -> Iterator[str]:
    """A table: the stage, its seconds of processors, its share."""
    from handover.check import check_artifact, check_part, check_references, check_rendering, check_whole
    from handover.check.syntax import Readers
    from handover.cli.options import built_in
    from handover.cli.parts import Hold
    from handover.cli.pipeline import Examined, handbook
    from handover.compose.documents import Composer
    from handover.load.catalog import load
    from handover.model.document import Composition
    from handover.model.marks import marks_for
    from handover.model.sent import packed, unpacked
    from handover.render.archive import by_platform, whole_archive
    from handover.render.catalog_json import catalog_json
    from handover.render.exports import artifacts, render
    from handover.render.portable import portable
    from handover.render.templating import environment
    from handover.write.dist import write_all

    root = folder / "of-1000"
    if not root.exists():
        generate(root, 1000)
    laps: list[tuple[str, float]] = []
    last = time.process_time()

    def lap(name: str) -> None:
        nonlocal last
        laps.append((name, time.process_time() - last))
        last = time.process_time()

    gc.disable()
    catalog = load(root, built_in("templates")).catalog
    assert catalog is not None
    lap("read and validate data and content")
    composer, readers = Composer(catalog.alone()), Readers(catalog)
    messages = [*catalog.messages.values()]
    parts = [composer.one(message) for message in messages]
    composition, _ = Composer(catalog).all(parts)
    lap("parse the Markdown")
    for message, part in zip(messages, parts, strict=True):
        check_part(catalog.alone(message), Composition.of(part.documents), readers)
    check_whole(catalog, composition, check_references(catalog), ())
    lap("rules over the sources")
    marks, jinja = marks_for(catalog, []), environment(catalog.templates)
    rendered = [render(each, catalog, marks, jinja) for each in composition.documents]
    lap("lay out fragments, texts and emails")
    for each in rendered:
        for form in each.renderings():
            list(check_rendering(form, marks))
    lap("hold each form against its source")
    made = [artifact for each in rendered for artifact in artifacts(each, catalog, marks)]
    lap("put in each platform's tokens, write mail drafts")
    for artifact in made:
        check_artifact(catalog, artifact, marks)
    lap("look for required tokens and what was not filled in")
    parts = [part.put_away() for part in parts]
    unpacked(packed((parts, [artifact.put_away() for artifact in made])))
    composition = Composer(catalog).all(parts)[0]
    lap("hand it from process to process, and keep it for the next build")
    book = handbook(Examined(root, [], catalog, composition, marks, jinja, made))
    made += [portable(book, playbook) for playbook in catalog.playbooks.values()]
    lap("portable pages")
    made += [Hold().put(whole_archive(platform, files)) for platform, files in by_platform(made).items()]
    lap("archives")
    b"".join(catalog_json(catalog, made))
    lap("catalog.json")
    write_all(folder / "profiled", ((artifact.path, artifact.content) for artifact in made))
    lap("write the files")
    gc.enable()
    total = sum(seconds for _, seconds in laps)
    yield "| stage | seconds of a processor | share |"
    yield "| --- | --- | --- |"
    for name, seconds in laps:
        yield f"| {name} | {seconds:.2f} | {seconds / total:.0%} |"
