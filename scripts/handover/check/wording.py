"""How a message reads: subject, preheader, headings, link texts, tone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, warning
from handover.model.document import Composition
from handover.model.nodes import Heading, Inline, Link, Placeholder, Text, every, nested, plain
from handover.model.text import columns

SUBJECT_LIMIT = 60
"""Characters of a subject that a desktop inbox shows; a phone shows 33 to 48."""
PREHEADER_LIMITS = (40, 110)
"""A shorter one is followed by words of the body in the inbox; a longer one is cut off."""

VAGUE: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split("; "))
    for language, words in {
        "en": "click here; click; here; this; this link; this page; link; the link; read more; more; learn more; "
        "see more; find out more; more info; more information; details; go; press here; tap here; see here; check here",
        "de": "hier klicken; klicken sie hier; klick hier; hier; dieser link; link; mehr; mehr lesen; weiterlesen; "
        "mehr erfahren; weitere informationen; details",
        "fr": "cliquez ici; cliquer ici; ici; ce lien; lien; lire la suite; en savoir plus; plus; plus d'informations",
        "es": "haga clic aquí; haz clic aquí; clic aquí; aquí; este enlace; enlace; leer más; más; más información",
        "pt": "clique aqui; aqui; este link; link; leia mais; ler mais; saiba mais; mais; mais informações",
        "it": "clicca qui; qui; questo link; link; leggi di più; leggi tutto; scopri di più; altro",
        "nl": "klik hier; hier; deze link; link; lees meer; meer; meer informatie; meer weten",
    }.items()
}
"""Vague link texts by language, a tag without its region; the English ones apply to every language.

In lowercase, with one space between words, without punctuation except the apostrophe.
"""

_CAPITALS = re.compile("[A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f]{4}")
_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|[^\s!?]")
_LOUD_MARKS = re.compile(r"(?<=[^\s!?])(?:!{2,}|[!?]{3,})")


def subject_length(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A subject that is too long for any inbox."""
    for document in composition.documents:
        length = _length(document.subject, catalog)
        subject = catalog.messages[document.id].subject(document.variant)
        if subject is not None and length > SUBJECT_LIMIT:
            message = f"the subject has {length} characters; an inbox shows at most {SUBJECT_LIMIT}."
            hint = "Shorten it. Phones show 33 to 48, so start with what matters."
            yield warning(subject, "subject-length", message, hint)


def preheader_length(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A preheader that is too short or too long for its line in the inbox."""
    least, most = PREHEADER_LIMITS
    for document in composition.documents:
        length = _length(document.preheader, catalog)
        preheader = catalog.messages[document.id].preheader(document.variant)
        if preheader is not None and not least <= length <= most:
            message = f"the preheader has {length} characters; {least} to {most} fill the line after the subject."
            hint = "Say more about what is inside." if length < least else "Shorten it."
            yield warning(preheader, "preheader-length", message, hint)


def _length(inlines: Iterable[Inline], catalog: Catalog) -> int:
    """Characters of a line with sample values for its placeholders; a wide one, as in Chinese, counts as two."""
    total = 0
    for node in nested(inlines):
        if isinstance(node, Text):
            total += columns(node.text)
        elif isinstance(node, Placeholder) and node.id in catalog.fillable:
            placeholder = catalog.fillable[node.id]
            is_choice = placeholder.type == "choice" and node.form in placeholder.forms
            sample = str(placeholder.sample)
            total += columns(placeholder.text_of(sample, node.form, node.capital) if is_choice else sample)
    return total


def heading_order(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A second level 1 heading, or a skipped level. Without a level 1 heading the title is one, above all others."""
    for document in composition.documents:
        headings = [block for block in every(document.blocks) if isinstance(block, Heading)]
        first = next((heading for heading in headings if heading.level == 1), None)
        levels = [1 if first is None else 0, *(heading.level for heading in headings)]
        for heading, (before, level) in zip(headings, pairwise(levels), strict=True):
            if level == 1 and heading is not first and first is not None:
                message = f"the email already has a level 1 heading, on line {first.place.line}."
                yield _misplaced(heading, message, 2)
            elif level > before + 1:
                above = f"the one above has level {before}" if before else "no heading is above it"
                yield _misplaced(heading, f"this heading has level {level}, but {above}.", before + 1)


def _misplaced(heading: Heading, message: str, level: int) -> Diagnostic:
    hint = f"Write {'#' * level} here: screen reader users navigate by headings."
    return warning(heading.place, "heading-order", message, hint, heading.level)


def vague_links(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A link text that does not say where the link goes: in a list of links it is useless."""
    for document in composition.everything:
        vague = VAGUE["en"] | VAGUE.get(document.language.ranges()[-1], frozenset())
        for link in (node for node in document.inlines if isinstance(node, Link)):
            children, text = list(nested(link.children)), plain(link.children)
            words = " ".join(re.findall(r"[\w']+", text.lower()))
            if words in vague and not any(isinstance(node, Placeholder) for node in children):
                place = next((node.place for node in children if isinstance(node, Text)), link.place)
                message = f"'{text.strip()}' does not say where the link goes."
                hint = "Name the target, as in 'the fitting guide'."
                yield warning(place, "vague-link-text", message, hint, len(text))


def shouting(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Three or more words in a row in all caps, a whole subject in all caps, or several exclamation marks."""
    for document in composition.everything:
        subject = document.subject[0] if len(document.subject) == 1 else None
        for node in (*nested(document.subject), *nested(document.preheader), *document.inlines):
            if isinstance(node, Text) and ("!" in node.text or _CAPITALS.search(node.text)):
                marks = ((match.start(), match[0]) for match in _LOUD_MARKS.finditer(node.text))
                for offset, shown in (*_loud_words(node.text, node is subject), *marks):
                    message = f"'{shown}' shouts, at people and at spam filters."
                    hint = "Use lowercase, and one punctuation mark."
                    yield warning(node.place.after(offset), "shouted-words", message, hint, len(shown))


def _loud_words(text: str, is_subject: bool) -> Iterator[tuple[int, str]]:
    """Each run of words in all caps that is longer than a short call ('ACTION NEEDED') or a few abbreviations."""
    run: list[re.Match[str]] = []
    for token in (*_TOKEN.finditer(text), None):
        if token is not None and token[0].isupper() and (run or len(token[0]) > 1):
            run.append(token)
            continue
        if not run:
            continue
        long = sum(len(word[0]) > 3 for word in run)
        whole = is_subject and run[0].start() == 0 and token is None
        if long > 1 and (len(run) > 2 or whole):
            yield run[0].start(), text[run[0].start() : run[-1].end()]
        run = []


RULES = (subject_length, preheader_length, heading_order, vague_links, shouting)
