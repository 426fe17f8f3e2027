"""A playbook as one portable Markdown file."""

from dataclasses import replace

from handover.model.artifact import Artifact
from handover.model.nodes import Link, Placeholder, walk
from handover.model.playbook import Playbook
from handover.render.pages import Handbook


def portable_path(playbook: Playbook) -> str:
    """Where the page is, as the path of an artifact."""
    return f"exports/handbook/{playbook.id}.md"


def portable_sources(playbook: Playbook) -> list[str]:
    """The paths of the files that the page is made from, but for what all pages share."""
    scenarios = [f"content/scenarios/{scenario.id}.md" for scenario in playbook.scenarios]
    messages = [f"content/messages/{name}.md" for scenario in playbook.scenarios for name in scenario.messages]
    return [f"data/playbooks/{playbook.id}.yml", *scenarios, *messages]


def _only(book: Handbook, playbook: Playbook) -> Handbook:
    """What the page may see of the handbook: one playbook, its scenarios and messages, and what all share."""
    catalog, composition = book.catalog, book.composition
    names = dict.fromkeys(str(name) for scenario in playbook.scenarios for name in scenario.messages)
    told = {str(scenario.id) for scenario in playbook.scenarios}
    own = replace(
        catalog,
        playbooks={str(playbook.id): playbook},
        messages={name: message for name, message in catalog.messages.items() if name in names},
        stories={name: story for name, story in catalog.stories.items() if name in told},
    )
    said = replace(
        composition,
        documents=tuple(document.put_away() for name in names for document in book.documents(name)),
        stories={name: story for name, story in composition.stories.items() if name in told},
    )
    return Handbook(own, said, (), book.marks, book.jinja)


def portable(book: Handbook, playbook: Playbook) -> Artifact:
    """A playbook as one Markdown file that needs nothing else."""
    book = _only(book, playbook)
    text = book.render("handbook/playbook.md.j2", playbook=playbook, portable=True)
    documents = [d for s in playbook.scenarios for name in s.messages for d in book.documents(name)]
    nodes = [node for document in documents for node in document.inlines()]
    prose = [node for s in playbook.scenarios for node in walk(book.composition.stories.get(s.id, ()))]
    links = [node.id for node in (*prose, *nodes) if isinstance(node, Link)]
    links += [report.link for scenario in playbook.scenarios for report in scenario.reports]
    sources = [f"data/playbooks/{playbook.id}.yml"]
    sources += [f"content/scenarios/{scenario.id}.md" for scenario in playbook.scenarios]
    sources += [source for document in documents for source in document.sources]
    placeholders = dict.fromkeys(node.id for node in nodes if isinstance(node, Placeholder))
    for document in documents:
        document.let_go()  # what a template has seen lives on in its context, which refers to itself
    return Artifact(
        path=portable_path(playbook),
        held=text.encode(),
        platform="handbook",
        format="markdown",
        placeholders=tuple(placeholders),
        links=tuple(dict.fromkeys(str(link) for link in links)),
        sources=(*dict.fromkeys(sources), "data/glossary.yml", "data/links.yml", "data/placeholders.yml"),
    )
