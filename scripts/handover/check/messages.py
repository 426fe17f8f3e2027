"""What a message to a customer must have, and must never have."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from handover.check.usage import UNREADABLE
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition, Document
from handover.model.nodes import Code, Link, Placeholder, Text

_ANY = re.compile(r"[\[\]{}]")
_BRACKETS = re.compile(r"\[[^\]\n]{0,200}\]|\{\{?[^}\n]{0,200}\}?\}|[\[\]]|\{+|\}+")
"""Brackets or braces with what is between them; without a bound a row of open ones takes for ever."""


def missing_subject(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message without a subject line."""
    for message in catalog.messages.values():
        if message.head.subject is None and message.body.path not in catalog.broken:
            hint = "Add a line 'subject: …' to the front matter."
            yield error(Place(message.body.path), "missing-subject", "the message has no subject.", hint)


def empty_body(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message that says nothing."""
    for document in composition.documents:
        if document.is_empty:
            source = catalog.messages[document.id].body
            variant = f" in the variant '{document.variant}'" if document.variant else ""
            yield error(
                Place(source.path),
                "empty-body",
                f"the message says nothing{variant}.",
                "Write it below the front matter.",
            )


def team_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A link that only the team can open, in a message or snippet."""
    for document in _all(composition):
        for node in document.inlines():
            if isinstance(node, Link) and node.id in catalog.links and catalog.links[node.id].audience == "team":
                message = f"'{node.id}' can be opened by the team only, and a customer gets this text."
                hint = "Take the link out, or, if everyone can open it, write 'audience: everyone' in data/links.yml."
                yield error(node.place, "team-link", message, hint, len(node.id))


def insecure_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """An address without encryption: mail programs warn of it, and spam filters count it."""
    used = {node.id for document in _all(composition) for node in document.inlines() if isinstance(node, Link)}
    addresses = [catalog.links[name].url for name in sorted(used) if name in catalog.links]
    if catalog.brand.logo is not None:
        addresses.append(catalog.brand.logo.src)
    for address in addresses:
        if address.lower().startswith("http://"):
            message = f"'{address}' is not encrypted."
            hint = "Write https:// if the server knows it; if not, leave the link out."
            yield warning(address.place, "insecure-link", message, hint, len(address))


def brackets(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Literal brackets and braces: to a customer they are a blank that somebody forgot."""
    for document in _all(composition):
        for node in _literal(document):
            if isinstance(node, Code) and "{{" in node.text:
                continue  # said while it was read
            for match in _BRACKETS.finditer(node.text) if _ANY.search(node.text) else ():
                message = f"'{match[0]}' would look like a blank that somebody forgot."
                yield error(
                    _at(node, match.start()),
                    "stray-bracket",
                    message,
                    "A blank is {{ name }}; for an aside use round brackets.",
                    len(match[0]),
                )


def slashes(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A choice that is spelled out with slashes, like the forms of a pronoun."""
    patterns = []
    for placeholder in catalog.placeholders.values():
        for form in placeholder.forms:
            words = "|".join(sorted({re.escape(texts[form]) for texts in placeholder.options.values()}))
            patterns.append(
                (re.compile(rf"\b(?:{words})(?:\s?/\s?(?:{words}))+\b", re.IGNORECASE), placeholder.id, form)
            )
    for document in _all(composition):
        for node in _literal(document):
            for pattern, name, form in patterns if "/" in node.text else ():
                for match in pattern.finditer(node.text):
                    shown = f"{form[:1].upper()}{form[1:]}" if match[0][:1].isupper() else form
                    yield error(
                        _at(node, match.start()),
                        "slash-choice",
                        f"'{match[0]}' leaves the choice to the customer.",
                        f"Write {{{{ {name}.{shown} }}}}.",
                        len(match[0]),
                    )


def optional_in_text(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A placeholder that may stay empty, in words that a customer reads."""
    for document in _all(composition):
        for node in document.inlines():
            if (
                isinstance(node, Placeholder)
                and node.id in catalog.placeholders
                and catalog.placeholders[node.id].optional
            ):
                message = f"'{node.id}' may stay empty, and would leave a hole here."
                yield error(
                    node.place,
                    "optional-in-text",
                    message,
                    "Use another placeholder, or take 'optional' away.",
                    len(node.id),
                )


def _all(composition: Composition) -> Iterable[Document]:
    return (*composition.documents, *composition.snippets)


def _literal(document: Document) -> Iterator[Text | Code]:
    for node in (*document.heads(), *document.inlines()):
        if isinstance(node, Text | Code):
            yield node


def _at(node: Text | Code, offset: int) -> Place:
    return replace(node.place, column=node.place.column + offset)


RULES = (missing_subject, team_links, insecure_links, brackets, slashes, optional_in_text)

WHOLE_RULES = (
    (
        empty_body,
        UNREADABLE | {"inline-address", "raw-html", "stray-bracket", "unclosed-placeholder", "unsupported-markdown"},
    ),
)
"""A rule with the errors that make its answer worthless: what is refused is missing from the message."""
