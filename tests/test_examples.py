"""Every diagnostic code is explained, and its two examples are true: the bad one gives the code, the good one does not.

The examples are those of templates/handbook/diagnostics.md, which `handover explain` prints. They are about the
repository tests/cases/good/tideline, and tests/cases/examples.yml says where each of them is planted in it.
"""

import re
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Run, known
from tests.test_cases import BAD, CASES, TIDELINE

PAGE = (ROOT / "templates/handbook/diagnostics.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([a-z0-9-]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
EXAMPLE = re.compile(r"^(?:Bad|Good)(?:, in `(?P<path>[^`]+)`)?:\n\n(?P<text>(?:(?:    .*)?\n)+)", re.MULTILINE)
PLANTED = yaml.safe_load((CASES / "examples.yml").read_text(encoding="utf-8"))
UNTRIED = PLANTED["untried"]
FRAMES = {code: frame for frame in PLANTED["frames"] for code in frame["codes"]}
GOOD_ELSEWHERE = {frame["file"]: frame for frame in PLANTED["good_elsewhere"]}
LETTER = "templates/email/letter.mjml.j2"
MORE = {
    "data/brand.yml": ("sender:", "clients: [outlook]\nsender:"),
    "data/playbooks/harbour.yml": ("owner: The", "review_days: 365\nowner: The"),
    "content/messages/season-letter.md": ("layout:", "reviewed: 2027-01-01\nlayout:"),
    "content/scenarios/crew-change.md": ("The deckhand", "---\nreviewed: 2027-01-01\n---\nThe deckhand"),
}
"""What Tideline needs besides for some of the examples: an email client to heed, and reviews that expire."""


def repository(target: Path) -> Path:
    shutil.copytree(TIDELINE, target)
    (target / LETTER).parent.mkdir(parents=True)
    shutil.copy(ROOT / LETTER, target / LETTER)
    for path, (old, new) in MORE.items():
        file = target / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = repository(tmp_path_factory.mktemp("examples") / "root")
    with known(root):
        yield root


@contextmanager
def restored(file: Path) -> Iterator[str]:
    """What is in a file, if there is one; at the end of the block that is in it again."""
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield before or ""
    finally:
        file.unlink() if before is None else file.write_text(before, encoding="utf-8")


def plant(example: str, frame: dict[str, Any], file: Path, before: str) -> None:
    match = re.search(frame.get("over", r"(?s).*"), before)
    assert match, f"{frame['over']} is not in {file}"
    text = re.sub(r"<U\+([0-9A-F]{4})>", lambda code: chr(int(code[1], 16)), example)
    start, end = frame.get("around", "{}").split("{}")
    column = len((before[: match.start()] + start).rpartition("\n")[2])
    planted = f"{start}{textwrap.indent(text, ' ' * column).lstrip(' ')}{end}"
    encoding = "latin-1" if "Latin-1" in example else "utf-8"
    file.write_text(before[: match.start()] + planted + before[match.end() :], encoding=encoding)


def test_only_what_has_no_example_in_words_is_not_tried() -> None:
    assert set(UNTRIED) <= set(SECTIONS)
    assert set(FRAMES) <= set(SECTIONS) - set(UNTRIED)


@pytest.mark.parametrize("code", SECTIONS)
def test_each_code_is_explained_with_a_bad_and_a_good_example(code: str) -> None:
    assert re.search(r"^\*(?:Error|Warning)\.\* \S", SECTIONS[code], re.MULTILINE)
    assert re.search(r"^Fix: \S", SECTIONS[code], re.MULTILINE)
    bad, good = EXAMPLE.finditer(f"{SECTIONS[code]}\n")
    assert bad["text"].strip()
    assert good["text"].strip()
    assert bad[0] != good[0]


@pytest.mark.parametrize("code", [code for code in SECTIONS if code not in UNTRIED])
def test_the_bad_example_gives_the_code_and_the_good_one_does_not(root: Path, code: str, handover: Run) -> None:
    severities = re.findall(r"\*(error|warning)\b", SECTIONS[code], re.IGNORECASE)
    problem = re.compile(rf": ({'|'.join(severities)}) {code}: ", re.IGNORECASE)
    with ExitStack() as planted:
        for example, is_bad in zip(EXAMPLE.finditer(f"{SECTIONS[code]}\n"), (True, False), strict=True):
            text = textwrap.dedent(example["text"]).strip("\n")
            elsewhere = None if is_bad else GOOD_ELSEWHERE.get(example["path"])
            if elsewhere is None:
                planted.close()
            own = {"file": example["path"]} if example["path"] else PLANTED["words_of_a_message"]
            frame = elsewhere or FRAMES.get(code) or own
            file = root / frame["file"]
            plant(text, frame, file, planted.enter_context(restored(file)))
            printed = handover("check", "--root", str(root), "--today", "2027-03-02").stdout
            assert (problem.search(printed) is not None) == is_bad, printed


def test_each_code_has_a_bad_case() -> None:
    expected = "".join((case / "expected.txt").read_text(encoding="utf-8") for case in BAD)
    seen = set(re.findall(r": (?:error|warning) ([a-z0-9-]+):", expected))
    assert set(SECTIONS) - seen == set(PLANTED["without_a_case"])
