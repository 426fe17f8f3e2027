"""Ordinary text, with numbers, marks and punctuation, arrives in every form, or a problem says what to write.

Nothing here is meant as a list, a heading or emphasis. What the parser takes for one may lose its own mark, no more.
"""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handover.check.outputs import conserved
from handover.cli.options import built_in
from handover.compose.documents import Composer
from handover.compose.lines import Line
from handover.load.catalog import load
from handover.model.document import Document, Rendering
from handover.model.located import Language
from handover.model.marks import Marks, Slot, marks_for
from handover.model.text import columns, is_cjk
from handover.render.fragment import fragment
from handover.render.text import text
from tests.conftest import ROOT

MARKS = frozenset("*_`\\~#>+-=")
"""What Markdown may take as its own."""

PROSE = (
    "We're glad you're here, Ada. Small businesses are where much of the innovation happens, and they are close to our "
    "heart: a whole team at Acme Inc. works for your success. You won't depend on one Account Executive; a small team "
    "knows your account, {{ skipper }}, and I will introduce you to each of them (by phone, at +49 69 1234) on 3 May.",
    "Sobald Ihre Lizenz eintrifft, können Sie Ihre Server freischalten. Die Schlüssel für Ihre Abteilung, Ihre Partner "
    "und Ihre Kunden stehen im Kundenportal; Frau Müller zeigt Ihnen am 5. Mai, wie Sie sie dort finden.",
    "当您的许可证到达时\uff0c请按照说明进行操作。我们的团队会帮助您设置服务器\uff0c并回答您的所有问题。如果您需要帮助\uff0c请随时联系我们。"
    "您可以在客户门户中找到您的许可证密钥\uff0c王小明会在五月三日向您展示如何使用它们\uff0c谢谢。",
    "عندما يصل الترخيص الخاص بك، يمكنك تفعيل الخوادم الخاصة بك. سيساعدك فريقنا في إعداد كل شيء، وسيجيب عن جميع أسئلتك "
    "في أي وقت تحتاج فيه إلى المساعدة، من الاثنين إلى الجمعة.",
)
"""Paragraphs in several languages."""
SEMANTIC = (
    "Welcome aboard!\nWe are glad you are here.\nWhen it arrives,\napply it as described.\nThen write to us.",
    "You can reach us\nwhenever you need help,\nor want to say hello:\nby email or by phone.",
    "We help\n\u2013 whenever you like \u2013\nand so do they.",
    "If you like,\nI will call you.",
    "Talk to\n{{ skipper }} about it.",
)
"""A sentence or a clause a line, which some authors write."""

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


def _arrives(written: str) -> list[str]:
    """The codes of the problems in a text without any, and what its forms have instead of it."""
    composer, marks = engine()
    composer.names.found.clear()
    blocks = composer._parse([Line(line, "a.md", number) for number, line in enumerate(written.split("\n"), 1)])
    document = Document("a", None, None, Language("en"), blocks, ("a.md",))
    forms = {"text": text(blocks, marks), "fragment": fragment(blocks, marks)}
    wrong = [each.code for each in composer.names.found]
    wrong += [str(each) for form, shown in forms.items() for each in conserved(Rendering(document, form, shown), marks)]
    expected = kept(written.replace("{{ skipper }}", marks.mark(Slot("placeholder", "skipper"))))
    return wrong + [shown for shown in (forms["text"], Reader(forms["fragment"]).shown) if kept(shown) != expected]


def _codes(written: str) -> list[str]:
    composer, _ = engine()
    composer.names.found.clear()
    composer._parse([Line(line, "a.md", number) for number, line in enumerate(written.split("\n"), 1)])
    return [each.code for each in composer.names.found]


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` columns, as editors wrap it; without spaces, anywhere."""
    lines = [""]
    for word in text if is_cjk(text[0]) else re.split("(?<= )", text):
        if columns(f"{lines[-1]}{word}".rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


@pytest.mark.parametrize("width", [44, 60, 72, 88, 100, 120])
def test_wrapped_prose_is_joined_without_a_word(width: int) -> None:
    for prose in PROSE:
        for before in ("", "> ", "- ", "Hello!\n\n"):
            written = before + wrapped(prose, width)
            assert _codes(written) == [], written


def test_lines_of_a_sentence_or_a_clause_are_joined_without_a_word() -> None:
    for written in SEMANTIC:
        assert _codes(written) == [], written


def test_prose_of_many_languages_has_no_problem() -> None:
    texts = (ROOT / "tests/cases/prose.txt").read_text(encoding="utf-8").split("\n===\n")[1:]
    assert len(texts) > 80
    assert {written: wrong for written in texts if (wrong := _arrives(written))} == {}
