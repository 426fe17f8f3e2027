"""What a message to customers, and plain text values in data, must and must not have."""

import re
from collections.abc import Collection, Iterator
from typing import TypeVar

from handover.check.usage import UNREADABLE
from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition, Document
from handover.model.nodes import Code, Inline, Link, Placeholder, Text, nested, plain, runs
from handover.model.placeholder import PATTERNS, WITH_LINES, is_email_address

N = TypeVar("N", Link, Placeholder)


def nodes_in(composition: Composition, kind: type[N]) -> Iterator[N]:
    """Every node of this kind in the body of a document."""
    return (node for document in composition.everything for node in document.inlines if isinstance(node, kind))


def literals(document: Document) -> Iterator[Text | Code]:
    """The literal text of a document: first that of its head, then that of its body."""
    return (node for node in (*document.heads, *document.inlines) if isinstance(node, Text | Code))


def all_literals(composition: Composition) -> Iterator[Text | Code]:
    """The literal text of every document."""
    return (node for document in composition.everything for node in literals(document))


_ANY = re.compile(r"[\[\]{}]")
_BRACKETS = re.compile(r"\[[^\]\n]{0,200}\]|\{\{?[^}\n]{0,200}\}?\}|[\[\]]|\{+|\}+")
"""Brackets or braces and the text between them; without a bound a row of open ones takes quadratic time."""


def missing_subject(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """An email without a subject that is no reply."""
    for message in catalog.messages.values() if catalog.knows_places else ():
        lacking = [variant for variant in message.head.variants if message.subject(variant) is None]
        is_complete = message.head.subject is not None or (message.head.variants and not lacking)
        if is_complete or message.is_reply or not message.head.is_email or message.body.path in catalog.broken:
            continue
        if len(lacking) < len(message.head.variants):
            hint = "Add 'subject: …' to the variant, or to the front matter for all variants without one."
            for variant in lacking:
                yield error(variant, "missing-subject", f"the email has no subject in '{variant}'.", hint)
        else:
            hint = "Add 'subject: …' to the front matter. Only a reply needs none: 'reply: true' in its step."
            yield error(Place(message.body.path), "missing-subject", "the email has no subject.", hint)


def foot_words(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A marketing email in a language for which the footer has no words."""
    brand = catalog.brand
    for document in composition.documents:
        language = document.language
        if document.kind == "marketing" and brand.foot_words_in(language) is None:
            message = f"the footer has no words in '{language}', so it would be in English."
            base = language.ranges()[-1]
            near = next((each for each in brand.foot_words if each.ranges()[-1] == base), None)
            hint = f"Add '{language}' under 'foot_words' in data/brand.yml."
            if near is not None:
                hint = f"In data/brand.yml, rename '{near}' to '{base}', which covers both."
            yield warning(language, "missing-foot-words", message, hint)


def empty_body(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message without text."""
    for document in composition.documents:
        if not document.blocks:
            message = catalog.messages[document.id]
            variant = f" in the variant '{document.variant}'" if document.variant else ""
            fact, hint = f"the {message.head.noun} is empty{variant}.", "Write the text below the front matter."
            yield error(_start(message, document.variant), "empty-body", fact, hint)


def _start(message: Message, variant: str | None) -> Place:
    """Where the text of a variant starts: in the section that names it, else below the front matter."""
    section = re.compile(rf"\s*:{{2,}}\s*only\b(?!\s+not\b).*\b{re.escape(variant or '')}(?![\w-])")
    lines = enumerate(message.body.lines) if variant else ()
    return message.body.place(next((index for index, line in lines if section.match(line)), 0))


def empty_files(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A block or a scenario text without text: it would be missing without a trace."""
    texts = [(block.body, "block") for block in catalog.blocks.values()]
    for source, what in [*texts, *((story.body, "scenario text") for story in catalog.stories.values())]:
        if not any(line.strip() for line in source.lines):
            hint = "Write its text, or delete the file and what names it."
            yield error(Place(source.path), "empty-body", f"the {what} is empty.", hint)


def team_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A link that only the team can open, in an email or snippet; a post or a script is for the team."""
    hint = "Remove the link, or, if everyone can open it, write 'audience: everyone' in data/links.yml."
    for_customers = Composition.of(each for each in composition.everything if each.kind not in ("post", "script"))
    for node in nodes_in(for_customers, Link):
        if node.id in catalog.links and catalog.links[node.id].audience == "team":
            message = f"only the team can open '{node.id}', but customers get this text."
            yield error(node.place, "team-link", message, hint, len(node.id))


def insecure_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A URL without encryption: email clients warn of it, and spam filters count it."""
    used = {node.id for node in nodes_in(composition, Link)}
    urls = [catalog.links[name].url for name in sorted(used) if name in catalog.links]
    if catalog.brand.logo is not None:
        urls.append(catalog.brand.logo.src)
    for url in urls:
        if url.lower().startswith("http://"):
            hint = "Write https:// if the server supports it; if not, remove the link."
            yield warning(url, "insecure-link", f"'{url}' is not encrypted.", hint)


def brackets(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Literal brackets and braces, which look like a placeholder."""
    hint = "Write a placeholder as {{ name }}; for an aside use parentheses."
    for node in all_literals(composition):
        if isinstance(node, Code) and node.has_placeholder:
            continue  # reported by compose
        for match in _BRACKETS.finditer(node.text) if _ANY.search(node.text) else ():
            message = f"'{match[0]}' looks like an unfilled placeholder."
            yield error(node.place.after(match.start()), "stray-bracket", message, hint, len(match[0]))


def slashes(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """The forms of a choice with slashes between them, as in 'he/she'."""
    patterns = []
    for placeholder in catalog.placeholders.values():
        for form in placeholder.forms:
            forms = {str(texts[form]) for texts in placeholder.options.values()}
            patterns.append((_with_slashes(forms), placeholder.id, form))
    for node in all_literals(composition):
        for pattern, name, form in patterns if "/" in node.text else ():
            for match in pattern.finditer(node.text):
                shown = f"{form[:1].upper()}{form[1:]}" if match[0][:1].isupper() else form
                message = f"'{match[0]}' leaves the choice to the customer."
                hint = f"Write {{{{ {name}.{shown} }}}}."
                yield error(node.place.after(match.start()), "slash-choice", message, hint, len(match[0]))


def braces_in_data(catalog: Catalog) -> Iterator[Diagnostic]:
    """A placeholder in a plain text value: the handbook would show its braces."""
    for text in catalog.plain_texts():
        if "{{" in text:
            message = "placeholders are not filled in here, so readers would see the braces."
            yield error(text.at("{{"), "stray-bracket", message, "Write it in words.", 2)


def _with_slashes(forms: Collection[str]) -> re.Pattern[str]:
    """Two or more of the forms with slashes between them, as whole words.

    Linear for any forms: after the first one, none that was found is given up again.
    """
    words = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<!\w)(?:{words})(?:\s?/\s?(?:{words})(?!\w))++", re.IGNORECASE)


def optional_in_text(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """An optional placeholder in text that customers read."""
    for node in nodes_in(composition, Placeholder):
        if node.id in catalog.placeholders and catalog.placeholders[node.id].optional:
            message = f"'{node.id}' is optional, so this text could have a gap."
            hint = "Use another placeholder, or remove 'optional'."
            yield error(node.place, "optional-in-text", message, hint, len(node.id))


def lists(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A list of a checklist's items in a line with other text: its items would not begin on lines of their own."""
    for document in composition.documents:
        for run in runs(document.blocks):
            for node in nested(run) if len(run) > 1 else ():
                if isinstance(node, Placeholder) and node.id in WITH_LINES:
                    message = f"'{node.id}' is a list, one item per line, but other text is beside it."
                    hint = "Write it in a paragraph of its own, with an empty line above and below."
                    yield error(node.place, "misplaced-placeholder", message, hint, len(node.id))


DATA_RULES = (braces_in_data,)

RULES = (missing_subject, foot_words, team_links, insecure_links, brackets, slashes, optional_in_text, lists)

WHOLE_RULES = (
    (
        empty_body,
        UNREADABLE
        | {"inline-address", "raw-html", "stray-bracket", "unclosed-container", "unclosed-placeholder"}
        | {"unsupported-markdown"},
    ),
    (empty_files, UNREADABLE),
)
"""Each rule with the errors that suppress it: refused text is missing from the message."""


def email_addresses(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A sender or recipient that is neither an email address nor one placeholder of the type email, or is in a name."""
    hint = "Write name@host.example without accents, or only a placeholder with 'type: email'."
    for document in composition.documents:
        for mailbox in document.mailboxes:
            if mailbox.email and not _is_address(mailbox.email, catalog):
                shown = (f"{{{{ {n.id} }}}}" if isinstance(n, Placeholder) else plain((n,)) for n in mailbox.email)
                written = "".join(shown)
                place = next(
                    node.place for node in nested(mailbox.email) if isinstance(node, Text | Code | Placeholder)
                )
                yield error(place, "invalid-value", f"'{written}' is not an email address.", hint, len(written))
            for node in nested(mailbox.name):  # email clients would show it beside the real one
                match = PATTERNS["email"].search(node.text) if isinstance(node, Text) else None
                if isinstance(node, Text) and match is not None:
                    message = f"'{match[0]}' is an email address, but this is a name."
                    keys = f"Write two keys: 'name: …' and 'email: {match[0]}'."
                    yield error(node.place.after(match.start()), "invalid-value", message, keys, len(match[0]))


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
