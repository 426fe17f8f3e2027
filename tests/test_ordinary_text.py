"""Ordinary text, with numbers, marks and punctuation, arrives in every form, or a problem says what to write.

Nothing here is meant as a list, a heading or emphasis. What the parser takes for one may lose its own mark, no more.
"""

from functools import cache
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from handover.check.outputs import conserved
from handover.cli.options import built_in
from handover.compose.documents import Composer
from handover.compose.lines import Line
from handover.load.catalog import load
from handover.model.artifact import Rendering
from handover.model.document import Document
from handover.model.language import Language
from handover.model.marks import Marks, Slot, marks_for
from handover.render.fragment import fragment
from handover.render.text import text
from tests.conftest import ROOT

MARKS = frozenset("*_`\\~#>+-=")
"""What Markdown may take as its own."""

WORDS = ("Mai", "a", "GmbH", "don't", "e.g.", "x", "ñandú", "日本", "Straße", "O'Neil", "v2", "12th", "{{ skipper }}")
NUMBERS = ("1", "2.", "3)", "24.", "14.", "3.5", "10:30", "50", "$5", "+49", "-5", "5-7", "1/2", "#1", "2027")
SIGNS = (
    *(*"*_`~^=+-#>|:;&%!?.,()@/\\[]", "**", "__", "~~", "==", "++", "--", "##", "...", "!!!", "(a)", "a)", "\\*", "::"),
    *(
        "\u2013",
        "\u2022",
        "\u2713",
        "\u00a7",
        "\u201c",
        "\u00bb",
        "\u3002",
        "\uff1a",
        "\u00a0",
        ":tada:",
        "[ ]",
        "[^1]",
    ),
)
piece = st.tuples(st.sampled_from((*WORDS, *WORDS, *NUMBERS, *SIGNS)), st.sampled_from(("  ", " ", " ", "")))
pieces = st.lists(piece.map("".join), max_size=8).map("".join)
line = st.tuples(st.sampled_from(("", "", "24. ", "14. ", "2) ", "- ")), pieces).map("".join)
paragraphs = st.tuples(st.sampled_from(("\n", "\n\n")), st.lists(line, min_size=1, max_size=3)).map(
    lambda drawn: drawn[0].join(drawn[1])
)


class Reader(HTMLParser):
    """What a browser shows of a fragment, with the numbers of its lists."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shown, self.numbers = "", list[int | None]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "ul"):
            self.numbers.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        elif tag == "li" and (number := self.numbers[-1]) is not None:
            self.shown += f"{number}."
            self.numbers[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul"):
            self.numbers.pop()

    def handle_data(self, data: str) -> None:
        self.shown += data


def kept(shown: str) -> str:
    """The characters that have no meaning in Markdown; a numbered item has a period, whatever its author wrote."""
    return "".join(each for each in shown.replace(")", ".") if each not in MARKS and not each.isspace())


@cache
def engine() -> tuple[Composer, Marks]:
    loaded = load(ROOT / "tests/cases/good/tideline", built_in("templates"))
    assert loaded.catalog is not None
    return Composer(loaded.catalog), marks_for(loaded.catalog, ())


@settings(max_examples=400, deadline=None)
@given(paragraphs)
def test_ordinary_text_arrives_or_has_a_problem(written: str) -> None:
    composer, marks = engine()
    composer.names.found.clear()
    blocks = composer._parse([Line(line, "a.md", number) for number, line in enumerate(written.split("\n"), 1)])
    if composer.names.found:
        return
    document = Document("a", None, None, Language("en"), blocks, ("a.md",))
    forms = {"text": text(blocks, marks), "fragment": fragment(blocks, marks)}
    for form, marked in forms.items():
        assert list(conserved(Rendering(document, form, marked), marks)) == [], (form, marked)
    expected = kept(written.replace("{{ skipper }}", marks.mark(Slot("placeholder", "skipper"))))
    assert kept(forms["text"]) == expected
    assert kept(Reader(forms["fragment"]).shown) == expected
