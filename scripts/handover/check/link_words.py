"""Vague link texts by language: screen reader users cannot tell where such a link goes.

A language is a tag of data/brand.yml without its region. The English ones apply to every language.
"""

from collections.abc import Mapping

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
"""In lowercase, with one space between words, without punctuation except the apostrophe."""
