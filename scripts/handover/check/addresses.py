"""Recipients: email addresses that no email client accepts, which stop rendering."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.document import Composition
from handover.model.nodes import Code, Inline, Placeholder, Text, nested, plain
from handover.model.placeholder import PATTERNS


def email_addresses(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A recipient that is neither an email address nor one placeholder of the type email."""
    hint = "Write name@host.example without accents, or only a placeholder with 'type: email'."
    for document in composition.documents:
        for mailbox in (*document.to, *document.cc):
            if mailbox.email and not _is_address(mailbox.email, catalog):
                written = "".join(map(_written, mailbox.email))
                place = next(
                    node.place for node in nested(mailbox.email) if isinstance(node, Text | Code | Placeholder)
                )
                yield error(place, "invalid-value", f"'{written}' is not an email address.", hint, len(written))


def _is_address(email: tuple[Inline, ...], catalog: Catalog) -> bool:
    match email:
        case (Placeholder() as placeholder,):
            # An unknown one is reported elsewhere.
            known = catalog.placeholders.get(placeholder.id)
            return known is None or known.type == "email"
        case (Text() as text,):
            return PATTERNS["email"].fullmatch(text.text) is not None
        case _:
            return False


def _written(node: Inline) -> str:
    return f"{{{{ {node.id} }}}}" if isinstance(node, Placeholder) else plain((node,))
