"""Plain text values, in which nothing is filled in: names, titles, roles."""

from collections.abc import Iterator

from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.located import Located


def placeholders(catalog: Catalog) -> Iterator[Diagnostic]:
    """A placeholder in a plain text value: the handbook would show its braces."""
    heads = tuple(message.head for message in catalog.messages.values())
    values = (catalog.playbooks, catalog.links, catalog.terms, catalog.placeholders, heads)
    for text in located_texts(values, "url"):  # a URL may have placeholders
        if type(text) is Located and "{{" in text:  # neither prose nor an id
            message = "placeholders are not filled in here, so readers would see the braces."
            yield error(text.at("{{"), "stray-bracket", message, "Write it in words.", 2)


DATA_RULES = (placeholders,)
