"""Text that is taken to the letter: names, titles, who does what."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.located import Located


def blanks(catalog: Catalog) -> Iterator[Diagnostic]:
    """Placeholders in a value where nothing is filled in: the handbook would show the braces."""
    heads = [message.head for message in catalog.messages.values()]
    for text in _texts([catalog.playbooks, catalog.links, catalog.terms, catalog.placeholders, heads]):
        if "{{" in text:
            message = "nothing is filled in here, and the braces would be seen."
            yield error(text.at("{{"), "stray-bracket", message, "Say it in words.", 2)


def _texts(value: Any) -> Iterator[Located]:
    """All text in models that is neither Markdown nor a name of something."""
    if type(value) is Located:
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name != "url":  # an address may have blanks
                yield from _texts(getattr(value, name))
    elif not isinstance(value, str) and isinstance(value, Iterable):
        for item in value.values() if hasattr(value, "values") else value:
            yield from _texts(item)


DATA_RULES = (blanks,)
