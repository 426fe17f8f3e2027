"""Where an email goes: addresses that no mail program can use, which nothing could be made of."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.document import Composition
from handover.model.nodes import Code, Inline, Placeholder, Text, nested, plain
from handover.model.placeholder import PATTERNS


def mail_addresses(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """An address in the head of a message that is neither one nor a placeholder for one."""
    hint = "Write name@host.example, without umlauts or accents, or nothing but a placeholder with 'type: email'."
    for document in composition.documents:
        for mailbox in (*document.to, *document.cc):
            if mailbox.email and not _is_address(mailbox.email, catalog):
                written = "".join(map(_written, mailbox.email))
                place = next(
                    node.place for node in nested(mailbox.email) if isinstance(node, Text | Code | Placeholder)
                )
                yield error(place, "invalid-value", f"'{written}' is no email address.", hint, len(written))


def _is_address(email: tuple[Inline, ...], catalog: Catalog) -> bool:
    match email:
        case (Placeholder() as blank,):
            # One that nobody described has a finding of its own.
            return blank.id not in catalog.placeholders or catalog.placeholders[blank.id].type == "email"
        case (Text() as text,):
            return PATTERNS["email"].fullmatch(text.text) is not None
        case _:
            return False


def _written(node: Inline) -> str:
    return f"{{{{ {node.id} }}}}" if isinstance(node, Placeholder) else plain((node,))


RULES = (mail_addresses,)
