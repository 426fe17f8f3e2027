"""Where a finding stands, whatever stands before it: `§` marks the line and the column that have to be told."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT

GOOD = ROOT / "tests/cases/good/tideline"
MESSAGE = "content/messages/welcome-aboard.md"
PLAYBOOK = "data/playbooks/harbour.yml"
STEP = "Tick the boat off on the [board][harbour-board]."
DEEP = "\n" + " " * 12
"""A new line of a value in the playbook's checklist."""

HEAD = "---\ntitle: T\nsubject: S\nkind: personal\nlayout: letter\nfrom: F\nto: { name: N }\n---\n"

IN_MARKDOWN = {
    "entities": "a &amp; b &eacute; {{ §x9 }}\n",
    "escapes": "a \\* b \\# c {{ §x9 }}\n",
    "emphasis": "**a** *b* **c *d* {{ §x9 }}**\n",
    "code": "`a` ``b`` {{ §x9 }}\n",
    "wide, joined and combining characters": "日本語 \U0001f469\u200d\U0001f680 e\u0301 {{ §x9 }}\n",
    "a placeholder": "{{ skipper }} {{ §x9 }}\n",
    "a placeholder right before": "{{skipper}}{{§x9}}\n",
    "blanks inside": "{{   skipper}} {{    §x9   }}\n",
    "a link": "[a][fitting-guide] [b][§x9]\n",
    "words of a link": "a [b {{ §x9 }} c][fitting-guide]\n",
    "a bold link": "**[b][§x9]**\n",
    "a link of bold words": "[**b**][§x9]\n",
    "an item's second line": "- a\n  b {{ §x9 }}\n",
    "an item's second line, not indented": "- a\nb {{ §x9 }}\n",
    "an item's second paragraph": "1. a\n\n   b\n   {{ §x9 }}\n",
    "a quote": "> a\n> b {{ §x9 }}\n",
    "a quote's second line without its mark": "> a\nb {{ §x9 }}\n",
    "a quote in an item": "- > a\n  > b {{ §x9 }}\n",
    "an item in an item in an item": "- a\n    - b\n        - c\n          d {{ §x9 }}\n",
    "an item with a tab": "-\ta\n\tb {{ §x9 }}\n",
    "a heading": "## a {{ §x9 }} ##\n",
    "an underlined heading": "a {{ §x9 }}\n===\n",
    "an indented paragraph": "   a\n      b {{ §x9 }}\n",
    "hard breaks": "a  \nb\\\nc {{ §x9 }}\n",
    "the same words above": "a {{ skipper }} a\na {{ §x9 }} a\n",
    "the same word before": "x x9 x9 {{ §x9 }}\n",
}

IN_FRONT_MATTER = {
    "plain": "Hi {{ skipper }}, {{ §x9 }}",
    "double quotes and escapes": '"\\u00e9 \\" {{ §x9 }}"',
    "single quotes": "'it''s {{ §x9 }}'",
    "folded": ">-\n  a b\n  c {{ §x9 }}",
    "literal": "|\n  a {{ §x9 }}",
    "plain on two lines": "a\n  b {{ §x9 }}",
    "the same word behind": '"{{ §x9 }} x9"',
}

IN_DATA = {
    "plain": f"{STEP} {{{{ §x9 }}}}",
    "double quotes and escapes": f'"\\u00e9 \\" {STEP} {{{{ §x9 }}}}"',
    "a link after escapes": f'"\\x41\\x42 {STEP} [b][§x9] c"',
    "single quotes": f"'it''s {STEP} {{{{ §x9 }}}}'",
    "folded": f">-{DEEP}a b{DEEP}c {STEP} {{{{ §x9 }}}}{DEEP}d",
    "folded paragraphs": f">-{DEEP}a b\n{DEEP}c {STEP} {{{{ §x9 }}}}{DEEP}d",
    "literal": f"|{DEEP}a {STEP}{DEEP}b {{{{ §x9 }}}}",
    "literal list": f"|{DEEP}a {STEP}\n{DEEP}- b{DEEP}- c {{{{ §x9 }}}}",
    "plain on three lines": f"a {STEP}{DEEP}b {{{{ §x9 }}}}{DEEP}c",
    "double quotes on three lines": f'"a {STEP}{DEEP}b {{{{ §x9 }}}}{DEEP}c"',
    "a line that goes on behind a backslash": f'"a {STEP} \\{DEEP}b {{{{ §x9 }}}}"',
    "the same word before": f"x9 {STEP} x9 {{{{ §x9 }}}}",
    "the same word on the line above": f">-{DEEP}x9 {STEP}{DEEP}x9 {{{{ §x9 }}}}",
}


def expect(tmp_path: Path, path: str, source: str, **others: str) -> None:
    root = tmp_path / "root"
    shutil.copytree(GOOD, root)
    for other, text in others.items():
        (root / other).write_text(text, encoding="utf-8")
    plain = source.removeprefix("\ufeff").replace("\r\n", "\n")
    before = plain[: plain.index("§")]
    (root / path).write_bytes(source.replace("§", "").encode())
    said = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False).stdout
    found = [line for line in said.splitlines() if "'x9' is not in" in line]
    place = f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    assert [line.split(": ")[0] for line in found] == [place], said


@pytest.mark.parametrize("name", IN_MARKDOWN)
def test_in_a_message(tmp_path: Path, name: str) -> None:
    expect(tmp_path, MESSAGE, HEAD + IN_MARKDOWN[name])


@pytest.mark.parametrize("name", IN_FRONT_MATTER)
def test_in_front_matter(tmp_path: Path, name: str) -> None:
    expect(tmp_path, MESSAGE, HEAD.replace("subject: S", f"subject: {IN_FRONT_MATTER[name]}") + "a\n")


@pytest.mark.parametrize("name", IN_DATA)
def test_in_a_value_of_a_data_file(tmp_path: Path, name: str) -> None:
    text = (GOOD / PLAYBOOK).read_text(encoding="utf-8")
    assert STEP in text
    expect(tmp_path, PLAYBOOK, text.replace(STEP, IN_DATA[name]))


def test_in_files_of_windows(tmp_path: Path) -> None:
    expect(tmp_path / "ends", MESSAGE, (HEAD + "a\n\nb {{ §x9 }}\n").replace("\n", "\r\n"))
    expect(tmp_path / "mark", MESSAGE, "\ufeff" + HEAD + "a {{ §x9 }}\n")
    expect(tmp_path / "head", MESSAGE, "\ufeff" + HEAD.replace("subject: S", "subject: a {{ §x9 }}") + "a\n")


def test_in_a_block_that_is_included_in_an_item(tmp_path: Path) -> None:
    block = "content/blocks/fitting.md"
    text = (GOOD / block).read_text(encoding="utf-8")
    expect(tmp_path, block, f"{text}&amp; {{{{ §x9 }}}}\n", **{MESSAGE: HEAD + "- a\n\n  ::: include fitting\n"})
