"""Each rule over text that others write takes time in proportion to the text: twice the text, less than three times."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from handover.check.messages import _BRACKETS, _with_slashes
from handover.check.outputs import _DECORATION
from handover.check.syntax import token_shapes, tokens
from handover.check.wording import _LOUD_MARKS, _TOKEN
from handover.compare.words import _WORD
from handover.compose.dialect import IN_PLAIN_TEXT, findings
from handover.compose.emphasis import notes
from handover.compose.inline import _BARE_ADDRESS
from handover.compose.language import (
    _ADDRESS,
    _ALMOST_TARGETS,
    _IMAGE,
    _OPEN,
    _PICTURE,
    _PLACEHOLDER,
    _TOO_MANY,
    _UNCLOSED,
)
from handover.compose.lines import _MARKER
from handover.compose.tree import cells
from handover.load.files import TextFile
from handover.load.front_matter import _ALMOST
from handover.load.shape import _LINE_IN_TEXT
from handover.load.slips import _ENTRY, _REPAIRS, _VALUES, CURLY
from handover.load.yaml_tree import _CUT_OFF, parse
from handover.model.link import PLACEHOLDER
from handover.model.marks import marks_for
from handover.model.placeholder import PATTERNS
from handover.model.text import visible, visible_json
from handover.model.value import unfilled
from handover.render.markdown import _START
from tests.conftest import ROOT
from tests.test_filled import TOKENS
from tests.test_visible import catalog_of

pytestmark = pytest.mark.slow

LEAST, MOST = 0.01, 200_000
"""Seconds from which on a time can be measured; characters beyond which a rule counts as quick enough."""

DASHES = _with_slashes({"-", "-/-"})
TAILS = _with_slashes({"a-", "a"})
PRONOUNS = _with_slashes({"he", "she", "he/she", "they"})

Rule = Callable[[str], object]


def find(pattern: re.Pattern[str] | str) -> Rule:
    return lambda text: sum(1 for _ in re.finditer(pattern, text))


def match(pattern: re.Pattern[str] | str) -> Rule:
    return lambda text: re.match(pattern, text)


def whole(pattern: re.Pattern[str]) -> Rule:
    return pattern.fullmatch


def dialect(text: str) -> object:
    return list(findings(text, f"{text} ", False, ()))


RULES: dict[str, tuple[Rule, str, str, str]] = {
    "dashes with slashes": (find(DASHES), "x", "-/", "- end"),
    "dashes with slashes and a word after": (find(DASHES), "", "-/", "-x"),
    "forms that end in no letter": (find(TAILS), "", "a-/", "b"),
    "forms with slashes": (find(PRONOUNS), "", "he/she/", "xhe"),
    "brackets": (find(_BRACKETS), "", "{[", ""),
    "decoration between two passages": (whole(_DECORATION), "", "> ", "a"),
    "words to compare": (find(_WORD), "", ".", ""),
    "words to compare, with a letter": (find(_WORD), "", "'-a", " "),
    "words of a subject": (find(_TOKEN), "", "a-", "!"),
    "loud marks": (find(_LOUD_MARKS), "", "!?", "."),
    "the words of a picture": (match(_PICTURE), "![", "a ", "]b"),
    "the file of a picture": (match(_PICTURE), "![a](", " ", "("),
    "an image": (match(_IMAGE), "![", "a", "("),
    "a row of a table": (cells, "", "\\|a", "|"),
    "a row of a table in quotes": (cells, "", " > ", "|"),
    "stars of notes": (lambda text: notes(text.split("\n")), "", "a* *a\n", "*"),
    "stars of a note": (lambda text: notes([text]), "", "*a", "*"),
    "Markdown in plain text": (find(IN_PLAIN_TEXT), "", "*a_", "*"),
    "an address": (find(_BARE_ADDRESS), "", "www.", " "),
    **{
        f"markup of another dialect, {name}": (
            dialect,
            before,
            again,
            after,
        )
        for name, before, again, after in (
            *(
                (again, "a ", again, " b")
                for again in ("*", "_", "~a", "=", "==a ", "++a ", "^", ":a", "`", "\\", "&nbs")
            ),
            *((again, "a ", again, " b") for again in ("||a", "%%a", "$$a", "'''a", "!a.png", "<@a", "***")),
            *(
                (f"lines of {again!r}", "", again, "|\n")
                for again in ("-|", " ", "\n", "\n- ", "\n(a", "\n!!! ", "\n\u00a0")
            ),
        )
    },
    "a placeholder of spaces": (match(_PLACEHOLDER), "{{", " ", "}"),
    "a placeholder of words": (match(_PLACEHOLDER), "{{", "a ", "}"),
    "placeholders": (find(_PLACEHOLDER), "", "{{ ", ""),
    "an unclosed placeholder": (match(_UNCLOSED), "{{", " a", ""),
    "too many braces": (match(_TOO_MANY), "", "{", "a"),
    "brackets apart": (match(_ALMOST_TARGETS[0][0]), "", " ", "["),
    "open brackets": (match(_OPEN), "[", " [", "a"),
    "an address in angle brackets": (match(_ADDRESS), "<", "a@", ">"),
    "a container": (match(_MARKER), "", ":", " "),
    "a key or an item in a text": (find(_LINE_IN_TEXT), "", "\n ", "a"),
    "an end of front matter": (match(_ALMOST), "--", " ", "a"),
    "an entry": (match(_ENTRY), "", " ", "a"),
    "curly quotes": (whole(CURLY), "\u201c", "\u201d\u201c", "a"),
    "a comment": (match(_CUT_OFF), " #a", " ", ""),
    "a comment of spaces": (match(_CUT_OFF), "", " ", "a"),
    "a placeholder in a URL": (find(PLACEHOLDER), "", "{{ a.", " "),
    "an email address": (whole(PATTERNS["email"]), "a@", "a.", "!"),
    "an email address of dots": (whole(PATTERNS["email"]), "", "a.", "a"),
    "a URL": (whole(PATTERNS["url"]), "http://", "a", " "),
    "the start of a line": (match(_START), "", " ", "a"),
    "text to show": (visible, "", "\x1b##", "["),
    "JSON to show": (visible_json, "", "\u202e##", "["),
    "a number in base 60": (lambda text: parse(TextFile("a.yml", text), []), "a: 1", ":1", "\n"),
    "a number of many digits": (lambda text: parse(TextFile("a.yml", text), []), "a: ", "1_", "1\n"),
    **{
        f"a value of {part!r}": (lambda text: unfilled(text, TOKENS), "", part, "")
        for part in ("{{", "[", "[]", "_ ", "%%", "*|", "\u200b", "é")
    },
    **{
        f"slip {number}, {name}": (match(pattern), before, again, after)
        for number, (pattern, *_) in enumerate(_REPAIRS + _VALUES)
        for name, before, again, after in (
            ("spaces", "", " ", "x"),
            ("a key and spaces", "a:", " ", "x"),
            ("items", "", "- ", "\u00a0"),
            ("a key and items", "a: ", "- ", "\u00a0"),
            ("colons", "a: ", "b:", ""),
            ("quotes", "a: '", "\\'", ""),
            ("brackets", "a: ", "[]{}", "]"),
            ("words", "", "a-", "!"),
        )
    },
}
"""Each rule, and its worst input: a text to begin with, one to repeat, one to end with."""


def seconds(rule: Rule, text: str) -> float:
    start = time.process_time()
    rule(text)
    return time.process_time() - start


class Endless(Exception):
    pass


def stop(number: int, frame: FrameType | None) -> None:
    raise Endless


def grows_in_proportion(rule: Rule, make: Callable[[int], str]) -> bool:
    """True unless four times the text takes nearly sixteen times as long, where the time can be measured.

    A linear rule takes 4 times as long, or some 9 where the text no longer fits into the processor's cache.
    """
    count = 30
    while seconds(rule, make(count)) < LEAST:
        count *= 2
        if len(make(count)) > MOST:
            return True
    for _ in range(12):  # another process can only make it slower
        once = min(seconds(rule, make(count)) for _ in range(3))
        if seconds(rule, make(4 * count)) < 12 * once:
            return True
    return False


@pytest.fixture
def alarm() -> Iterator[None]:
    """A pattern that never ends is stopped."""
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", RULES)
def test_the_time_grows_with_the_text_and_not_with_its_square(name: str, alarm: None) -> None:
    rule, before, again, after = RULES[name]
    assert grows_in_proportion(rule, lambda count: before + again * count + after)


def test_tokens_of_platforms_are_found_in_proportion_to_the_text(alarm: None) -> None:
    shapes = token_shapes(catalog_of(ROOT / "tests/cases/good/tideline"))
    starts = {pattern.pattern.split("[^")[0].replace("\\", "") for pattern, _ in shapes}
    assert starts
    for start in starts:
        assert grows_in_proportion(lambda text: list(tokens(text, shapes)), start.__mul__)


def test_marks_that_the_text_does_not_have_are_found_in_proportion_to_it(alarm: None) -> None:
    catalog = catalog_of(ROOT / "tests/cases/good/tideline")

    def every(count: int) -> str:
        """Every mark up to a length, so that the first that is free is a long one."""
        longest = int((2 * count) ** 0.5)
        return " ".join("q" + "z" * length + "1" for length in range(1, longest))

    assert marks_for(catalog, ["qz1 qzz1 qzzzz1"]).prefix == "qzzz"
    assert grows_in_proportion(lambda text: marks_for(catalog, [text]), every)
