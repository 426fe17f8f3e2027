"""Senders and recipients: email addresses that no email client accepts, which stop rendering."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.document import Composition
from handover.model.nodes import Code, Inline, Mailbox, Placeholder, Text, nested, plain
from handover.model.placeholder import PATTERNS, is_email_address


def email_addresses(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A sender or recipient that is neither an email address nor one placeholder of the type email, or is in a name."""
    hint = "Write name@host.example without accents, or only a placeholder with 'type: email'."
    for document in composition.documents:
        for mailbox in document.mailboxes:
            if mailbox.email and not _is_address(mailbox.email, catalog):
                written = "".join(map(_written, mailbox.email))
                place = next(
                    node.place for node in nested(mailbox.email) if isinstance(node, Text | Code | Placeholder)
                )
                yield error(place, "invalid-value", f"'{written}' is not an email address.", hint, len(written))
            yield from _in_name(mailbox)


def _in_name(mailbox: Mailbox) -> Iterator[Diagnostic]:
    """An email address in a name: email clients would show it beside the real one."""
    for node in nested(mailbox.name):
        match = PATTERNS["email"].search(node.text) if isinstance(node, Text) else None
        if isinstance(node, Text) and match is not None:
            message = f"'{match[0]}' is an email address, but this is a name."
            hint = f"Write two keys: 'name: …' and 'email: {match[0]}'."
            yield error(node.place.after(match.start()), "invalid-value", message, hint, len(match[0]))


def _is_address(email: tuple[Inline, ...], catalog: Catalog) -> bool:
    match email:
        case (Placeholder() as placeholder,):
            # An unknown one is reported elsewhere.
            known = catalog.placeholders.get(placeholder.id)
            return known is None or known.type == "email"
        case (Text() as text,):
            return is_email_address(text.text)
        case _:
            return False


def _written(node: Inline) -> str:
    return f"{{{{ {node.id} }}}}" if isinstance(node, Placeholder) else plain((node,))
