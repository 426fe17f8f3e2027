"""A playbook as one portable Markdown file."""

from collections.abc import Iterator
from functools import partial

from handover.model.document import Artifact
from handover.model.nodes import Link, Placeholder, ids, walk
from handover.model.picture import PICTURES
from handover.model.playbook import Playbook
from handover.render.page_templates import portable_environment
from handover.render.pages import Handbook


def portable_path(playbook: Playbook) -> str:
    """The path of the artifact."""
    return f"exports/handbook/{playbook.id}.md"


def portable_pictures(book: Handbook) -> Iterator[Artifact]:
    """The pictures in the prose of the handbook, in a folder beside the portable pages."""
    used = book.composition.pictures()
    for name, content in book.picture_files.items():
        if name not in used:
            continue
        path, ending = f"exports/handbook/pictures/{name}", name.rpartition(".")[2]
        yield Artifact(path, content, "handbook", ending, sources=(f"{PICTURES}/{name}",))


def portable(book: Handbook, playbook: Playbook) -> Artifact:
    """Render a playbook as one self-contained Markdown file. Raises TemplateFault."""
    book = book.of_playbook(playbook)
    book.jinja = portable_environment(book.jinja)
    book.link_pages(partial(book.page_map.in_portable, playbook=str(playbook.id)))
    text = book.render("handbook/playbook.md.j2", playbook=playbook, portable=True)
    documents = [document for name in playbook.sends for document in book.documents(name)]
    nodes = [node for document in documents for node in document.inlines]
    prose = [node for s in playbook.scenarios for node in walk(book.composition.stories.get(s.id, ()))]
    links = [*ids((*prose, *nodes), Link)]
    links += [str(report.link) for scenario in playbook.scenarios for report in scenario.reports]
    sources = [f"data/playbooks/{playbook.id}.yml"]
    sources += [f"content/scenarios/{scenario.id}.md" for scenario in playbook.scenarios]
    sources += [source for document in documents for source in document.sources]
    return Artifact(
        path=portable_path(playbook),
        data=text.encode(),
        platform="handbook",
        format="markdown",
        placeholders=ids(nodes, Placeholder),
        links=tuple(dict.fromkeys(links)),
        sources=(*dict.fromkeys(sources), "data/glossary.yml", "data/links.yml", "data/placeholders.yml"),
    )
