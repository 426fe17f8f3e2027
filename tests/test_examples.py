"""Every diagnostic code is explained, and its two examples are true: the bad one gives the code, the good one does not.

The examples are those of templates/handbook/diagnostics.md, which `handover explain` prints. They speak of the
repository tests/cases/good/tideline, and each is planted into a copy of it.
"""

import re
import shutil
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT
from tests.test_cases import BAD

PAGE = (ROOT / "templates/handbook/diagnostics.md").read_text(encoding="utf-8")
CODES = re.findall(r"^## ([a-z0-9-]+)$", PAGE, re.MULTILINE)
EXAMPLE = re.compile(r"^(?:Bad|Good)(?:, in `(?P<path>[^`]+)`)?:\n\n(?P<text>(?:(?:    .*)?\n)+)", re.MULTILINE)

NOT_TRIED = {
    "email-too-large": "the example would be 80 kB long; the case is email-that-is-cut-off",
    "outside-root": "a symbolic link is no text; the case is link-out-of-the-repository",
    "stale-picture": "nobody writes a checksum by hand; the case is pictures-of-an-older-email",
    "site-error": "`check` builds no site; test_site.py does",
    "too-long": "the example would be 1,000 lines long; the case is blocks-that-multiply",
    "too-many-files": "the example would be 20,001 files; test_hostile.py writes them",
}
"""The codes whose examples only say in words what is wrong, and where that is tried instead."""

NOT_SEEN_BY_CHECK = {"site-error", "too-many-files", "unreadable-file"}

MESSAGE = "content/messages/welcome-aboard.md"
LETTER_OF_MARKETING, STORY = "content/messages/season-letter.md", "content/scenarios/crew-change.md"
LETTER = "templates/email/letter.mjml.j2"
LINKS, GLOSSARY, BRAND = "data/links.yml", "data/glossary.yml", "data/brand.yml"
PLAYBOOK = "data/playbooks/harbour.yml"
BEACON = "data/platforms/beacon.yml"


@dataclass(frozen=True)
class Frame:
    """Where an example is planted: it takes the place of what `old` matches in the file; of all of it without one."""

    path: str
    old: str = r"(?s).*"
    around: str = "{}"


BODY = Frame(MESSAGE, r"(?s)(?<=---\n)Hello .*")
COLUMN = Frame(LETTER, r"(?=      </mj-column>)", "{}\n")
WORDS = Frame(LETTER, r"<mj-text css-class=.*")
AT_THE_END = r"\Z"
TEAMS = "teams: [{ id: engineers, name: Engineers }]"
TERM = Frame(GLOSSARY, around="deckhand:\n  {}\n")

FRAMES = {
    **dict.fromkeys(("client-support", "empty-address", "left-over", "missing-alt", "parts-differ"), COLUMN),
    **dict.fromkeys(("template-error", "unsupported-image"), COLUMN),
    **dict.fromkeys(("missing-headline", "not-conserved"), WORDS),
    **dict.fromkeys(("duplicate-address", "exception-ended", "missing-key", "unused-link"), Frame(LINKS, AT_THE_END)),
    **dict.fromkeys(("duplicate-key", "yaml-feature", "yaml-syntax"), TERM),
    **dict.fromkeys(("invalid-value", "unknown-key"), Frame(LINKS, "audience: team")),
    **dict.fromkeys(
        ("preheader-length", "subject-length", "shouted-words", "to-fill-in"), Frame(MESSAGE, "subject: .*")
    ),
    "duplicate-id": Frame(PLAYBOOK, r"teams:\n  - .*"),
    "empty-file": Frame(GLOSSARY),
    "front-matter": Frame(MESSAGE),
    "include-cycle": Frame("content/blocks/fitting.md", "Everything .*"),
    "insecure-link": Frame(LINKS, "url: https:.*"),
    "invalid-id": Frame(LINKS, "harbour-board:"),
    "low-contrast": Frame(BRAND, 'surface: "#ffffff", .*muted: "#506060"', '{}, text: "#1d2b2b"'),
    "missing-cell": Frame(PLAYBOOK, r"(?s)order_types:.*(?=scenarios:)", f"{TEAMS}\n{{}}\n"),
    "missing-language": Frame(LETTER, "<mjml .*"),
    "missing-owner": Frame(PLAYBOOK, "owner: The harbour office"),
    "missing-required-token": Frame(BEACON, r"(?s)footer: .*?\]"),
    "missing-subject": Frame(MESSAGE, r"title: .*\nsubject: .*"),
    "missing-title": Frame(LETTER, r"\{\{ common.head\(\) \}\}"),
    "open-question": Frame(PLAYBOOK, AT_THE_END),
    "platform-cannot-express": Frame(BEACON, r"tokens:\n  .*"),
    "preheader-length": Frame(MESSAGE, "preheader: .*"),
    "review-overdue": Frame(MESSAGE, "(?<=layout: letter\n)", "{}\n"),
    "unknown-client": Frame(BRAND, "clients: .*"),
    "unknown-layout": Frame(MESSAGE, "layout: .*"),
    "unknown-message": Frame(PLAYBOOK, "messages: .*"),
    "unknown-order-type": Frame(PLAYBOOK, "order_type: .*"),
    "unknown-platform": Frame(MESSAGE, "(?<=layout: letter\n)", "{}\n"),
    "unknown-scenario": Frame(PLAYBOOK, "scenario: .*"),
    "unknown-team": Frame(PLAYBOOK, "team: .*"),
    "unknown-term": Frame(PLAYBOOK, "readers: .*"),
    "unsupported-css": Frame(LETTER, r"(?=\{\{ common.foot)", "{}\n"),
    "unused-message": Frame(PLAYBOOK, "messages: .*"),
    "unused-placeholder": Frame("data/placeholders.yml", AT_THE_END),
    "wrong-kind": Frame(MESSAGE, "kind: .*"),
    "wrong-token": Frame("data/platforms/mailroom.yml", r"tokens:\n  .*"),
    "wrong-type": Frame(BEACON, "label: .*"),
}
"""Where examples go that are no words of a message."""

MENDED_ELSEWHERE = {
    MESSAGE: Frame(MESSAGE, AT_THE_END, "\n{}\n"),
    "templates/email/letter.txt.j2": Frame("templates/email/letter.txt.j2"),
    PLAYBOOK: Frame(PLAYBOOK, r"scenarios:\n", "{}\n"),
}
"""Where the good examples go that stand in another file than the bad ones."""


def section_of(code: str) -> str:
    return PAGE.split(f"\n## {code}\n")[1].split("\n## ")[0]


def a_repository(target: Path) -> Path:
    """A copy of Tideline's, with a layout of its own, a mail client to heed, and reviews that end."""
    shutil.copytree(ROOT / "tests/cases/good/tideline", target)
    (target / "templates/email").mkdir(parents=True)
    shutil.copy(ROOT / LETTER, target / LETTER)
    for path, place, more in (
        (BRAND, "sender:", "clients: [outlook]\nsender:"),
        (PLAYBOOK, "owner: The", "review_days: 365\nowner: The"),
        (LETTER_OF_MARKETING, "layout:", "reviewed: 2027-01-01\nlayout:"),
        (STORY, "The deckhand", "---\nreviewed: 2027-01-01\n---\nThe deckhand"),
    ):
        (target / path).write_text((target / path).read_text(encoding="utf-8").replace(place, more), encoding="utf-8")
    return target


def plant(example: str, frame: Frame, root: Path) -> None:
    """Put an example where it belongs."""
    file = root / frame.path
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    match = re.search(frame.old, before)
    assert match, f"{frame.old} is not in {frame.path}"
    text = re.sub(r"<U\+([0-9A-F]{4})>", lambda found: chr(int(found[1], 16)), example)
    start, end = frame.around.split("{}")
    column = len((before[: match.start()] + start).rpartition("\n")[2])
    made = f"{start}{textwrap.indent(text, ' ' * column).lstrip(' ')}{end}"
    file.parent.mkdir(parents=True, exist_ok=True)
    encoding = "latin-1" if "Latin-1" in example else "utf-8"
    file.write_text(before[: match.start()] + made + before[match.end() :], encoding=encoding)


def test_only_what_has_no_example_in_words_is_not_tried() -> None:
    assert set(NOT_TRIED) <= set(CODES)
    assert set(FRAMES) <= set(CODES) - set(NOT_TRIED)


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_explained_with_a_bad_and_a_good_example(code: str) -> None:
    section = section_of(code)
    assert re.search(r"^\*(?:Error|Warning)\.\* \S", section, re.MULTILINE)
    assert re.search(r"^Fix: \S", section, re.MULTILINE)
    bad, good = EXAMPLE.finditer(f"{section}\n")
    assert bad["text"].strip()
    assert good["text"].strip()
    assert bad[0] != good[0]


@pytest.mark.parametrize("code", [code for code in CODES if code not in NOT_TRIED])
def test_the_bad_example_gives_the_code_and_the_good_one_does_not(tmp_path: Path, code: str) -> None:
    severities = re.findall(r"\*(error|warning)\b", section_of(code), re.IGNORECASE)
    finding = re.compile(rf": ({'|'.join(severities)}) {code}: ", re.IGNORECASE)
    examples = list(EXAMPLE.finditer(f"{section_of(code)}\n"))
    root = tmp_path / "bad"
    for example, is_bad in zip(examples, (True, False), strict=True):
        text = textwrap.dedent(example["text"]).strip("\n")
        elsewhere = None if is_bad else MENDED_ELSEWHERE.get(example["path"] or "")
        if is_bad or elsewhere is None:
            root = a_repository(tmp_path / str(is_bad))
        plant(text, elsewhere or FRAMES.get(code) or (Frame(example["path"]) if example["path"] else BODY), root)
        arguments = ["check", "--root", str(root), "--today", "2027-03-02"]
        said = CliRunner().invoke(cli, arguments, catch_exceptions=False).stdout
        assert (finding.search(said) is not None) == is_bad, said


def test_each_code_has_a_bad_case() -> None:
    seen = set()
    for case in BAD:
        expected = (case / "expected.txt").read_text(encoding="utf-8")
        seen |= set(re.findall(r": (?:error|warning) ([a-z0-9-]+):", expected))
    assert set(CODES) - seen - NOT_SEEN_BY_CHECK == set()
