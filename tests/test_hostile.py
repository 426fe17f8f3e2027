"""Hostile input: an error with a place for each, never a traceback, never a wait."""

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.cli import cli
from handover.load.files import names, read
from handover.model.diagnostic import Diagnostic
from tests.conftest import FUZZING, ROOT

GOOD = ROOT / "tests/cases/good/tideline"
FILES = sorted(path.relative_to(GOOD).as_posix() for path in GOOD.rglob("*") if path.is_file())
SECONDS = 4.0
"""Of a processor, for one check, on a machine that is busy with other tests; test_linear.py asks how time grows."""
Make = Callable[[Path], None]

HEAD = b"---\ntitle: T\nsubject: S\nkind: personal\nlayout: letter\nfrom: F\nto: { name: N }\n---\n"
LAUGHS = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 9)) for level in range(9)
)
LINKS = [
    b"link-%d:\n  title: Number %d\n  url: https://example.com/%d\n  audience: everyone\n  owner: Somebody\n"
    % (n, n, n)
    for n in range(2_000)
]
UNKNOWN = b"".join(b"a [b][lonk-%d] " % n for n in range(2_000)) + b"\n"
QUESTIONS = b"questions:\n" + b"".join(b"- { id: a%d, questio: b }\n" % n for n in range(2_000))
SLASHES = (
    (GOOD / "data/placeholders.yml").read_bytes()
    + b"""
dash:
  { label: D, description: D, type: choice, filled_by: team, neutral: a, sample: a, forms: { form: F },
    options: { a: { form: "-" }, b: { form: "-/-" } } }
"""
)
CHOICES = b"{{ engineer_pronouns.subject }}" * 30

ANYWHERE: dict[str, bytes] = {
    "nothing": b"",
    "only a line end": b"\n",
    "zero bytes": b"\x00" * 100,
    "latin-1": "title: Grüße\n".encode("latin-1"),
    "utf-16": "title: x\n".encode("utf-16"),
    "lone surrogate": b"title: \xed\xa0\x80\n",
    "byte order mark": b"\xef\xbb\xbfa: b\n",
    "carriage returns": b"a: b\r\nc: d\r\n",
    "right to left": "title: \u202eevil\n".encode(),
    "a line of ten megabytes": b"title: " + b"x" * 10_000_000,
    "just under the limit": b"title: " + b"x" * 990_000,
    "many lines": b"a\n" * 400_000,
    "front matter without an end": b"---\ntitle: x\n",
    "front matter of a list": b"---\n- a\n---\nx\n",
}
"""Written over a data file, a message and a block."""
YAML: dict[str, bytes] = {
    "billion laughs": LAUGHS,
    "a tag that runs code": b"!!python/object/apply:os.system ['touch /tmp/never']\n",
    "deep flow": b"a: " + b"[" * 1000 + b"]" * 1000 + b"\n",
    "deep block": b"".join(b" " * level + b"a:\n" for level in range(1000)),
    "a list on one line": b"a: [" + b"x," * 400_000 + b"x]\n",
    "20,000 keys": b"".join(b"a%d: A\n" % n for n in range(20_000)),
    "a key 20,000 times": b"a: A\n" * 20_000,
    "a quote that opens late": b"- a: b\n" * 12_000 + b"- x: 'abc\n" + b"- c: d\n" * 12_000,
    "groups out of line": b"a:\n   b: c\n  d: e\n" * 25_000,
    "tabs": b"a:\n\tb: c\n",
    "a number in base 60": b"a: " + b"1:" * 240_000 + b"1\n",
    "a number of 480,000 digits": b"a: " + b"1" * 480_000 + b"\n",
    "a number with many underscores": b"a: " + b"1_" * 240_000 + b"1\n",
    "2,000 unknown keys": b"".join(b"title%d: A\n" % n for n in range(2_000)),
    "2,000 groups with an unknown key": b"cc:\n" + b"".join(b"- { nam: a%d }\n" % n for n in range(2_000)),
    "2,000 names that are no ids": b"variants:\n" + b"".join(b"  A%d: A\n" % n for n in range(2_000)),
    "a key and 400,000 spaces": b"a b\n" + b"a: " + b" " * 400_000 + b"\xc2\xa0b\n",
    "400,000 spaces": b"a b\n" + b" " * 400_000 + b"x\n",
}
"""Written over a data file, and between the lines of front matter."""
PROSE: dict[str, bytes] = {
    "deep quotes": b">" * 1000 + b" a\n",
    "deep lists": b"- " * 1000 + b"a\n",
    "deep brackets": b"[" * 5000 + b"a" + b"]" * 5000 + b"\n",
    "open brackets": b"[a](" * 5000 + b"\n",
    "deep emphasis": b"*" * 5000 + b"a" + b"*" * 5000 + b"\n",
    "alternating emphasis": b"*a **b " * 3000 + b"\n",
    "a placeholder of spaces": b"{{" + b" " * 400_000 + b"\n",
    "marks of a quote in the text": b"a\n\n" + b"\\> " * 60 + b"a\n",
    "open braces": b"{{ " * 5000 + b"\n",
    "braces in braces": b"{{ {{ a }} }}" * 1000 + b"\n",
    "backticks": b"".join(b"`" * (level % 60 + 1) + b"a" for level in range(3000)) + b"\n",
    "angle brackets": b"<a " * 5000 + b"\n",
    "comments": b"<!-- " * 3000 + b"\n",
    "entities": b"&#x110000; &#0; &bogus; &amp;" * 1000 + b"\n",
    "a line of placeholders": b"{{ skipper }} " * 2_800,
    "a line of escapes": b"\\[ " * 8_000,
    "a line of links": b"[a][fitting-guide] " * 2_000,
    "quotes in quotes": (b"> " * 11 + b"a\n\n") * 490,
    "open bold": b"**a* " * 7_900,
    "stray brackets": b"[ " * 5_000,
    "a row of open brackets": b"[" * 19_000,
    "words between open brackets": b"x [" * 13_000,
    "100,000 items": b"- a\n" * 100_000,
    "containers": b"::: only a\n" * 2000,
    "ends": b":::\n" * 2000,
    "includes": b"::: include fitting\n" * 5000,
    "marks of our own": b"qz1q qz0q qzz1q qzy3q {{ skipper }}\n",
}
"""Written into a message and into a block."""

DATA, MESSAGE, BLOCK = "data/links.yml", "content/messages/welcome-aboard.md", "content/blocks/fitting.md"
HOSTILE = {
    **{f"{name}, in {path}": {path: text} for name, text in ANYWHERE.items() for path in (DATA, MESSAGE, BLOCK)},
    "2,000 links": {DATA: b"".join(LINKS)},
    "2,000 unknown links beside 500 known ones": {DATA: b"".join(LINKS[:500]), MESSAGE: HEAD + UNKNOWN},
    "2,000 questions with unknown keys": {"data/playbooks/harbour.yml": QUESTIONS},
    "choices of slashes": {"data/placeholders.yml": SLASHES, MESSAGE: HEAD + b"x" + b"-/" * 60 + b"- end\n"},
    "choices of slashes for ever": {"data/placeholders.yml": SLASHES, MESSAGE: HEAD + b"x" + b"-/" * 240_000 + b"-\n"},
    "thirty choices in a URL": {DATA: b"a: { title: A, audience: everyone, url: 'https://a.example/%s' }\n" % CHOICES},
    **{name: {DATA: text} for name, text in YAML.items()},
    **{f"{name}, in front matter": {MESSAGE: b"---\n" + text + b"---\n"} for name, text in YAML.items()},
    **{f"{name}, in prose": {MESSAGE: HEAD + text, BLOCK: text} for name, text in PROSE.items()},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "root"))


def check(root: Path) -> tuple[str, int, float]:
    start = time.process_time()
    result = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)
    return result.stdout, result.exit_code, time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_an_error_in_no_time(root: Path, name: str) -> None:
    for path, text in HOSTILE[name].items():
        (root / path).write_bytes(text)
    printed, code, seconds = check(root)
    assert code in (0, 1)
    assert printed.endswith(".\n")
    assert seconds < SECONDS or check(root)[2] < SECONDS  # a machine can be slow for some seconds
    assert not Path("/tmp/never").exists()  # noqa: S108 - what the tag would create
    for line in printed.splitlines()[:-1]:
        path, number, column, _ = line.split(":", 3)
        assert (root / path).exists() or path.startswith("templates/")
        assert int(number) >= 1
        assert int(column) >= 1


def test_a_file_that_may_not_be_read_is_an_error() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = Path(folder) / "root"
        shutil.copytree(GOOD, root)
        assert check(root)[1] == 0  # and everything is imported
        (root / "data/links.yml").chmod(0)
        everything = os.geteuid() == 0
        if everything:
            os.seteuid(65534)  # who may read everything becomes, for a moment, one who may not
        try:
            printed, code, _ = check(root)
        finally:
            if everything:
                os.seteuid(0)
    assert code == 1
    assert printed.startswith("data/links.yml:1:1: error unreadable-file: the file cannot be read: Permission denied.")


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    path.unlink(missing_ok=True)
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # the name of a socket may have some hundred bytes only
    try:
        with socket.socket(socket.AF_UNIX) as endpoint:
            endpoint.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def device(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def nowhere(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("nowhere")


NO_FILE = "error unreadable-file: this must be a file. Rename or remove it."
NO_FOLDER = "error unreadable-file: this must be a folder. Rename or remove it."
OUTSIDE = "error outside-root: this symbolic link leads out of the repository. Replace it with a copy of its target."
GONE = "error unreadable-file: there is no such file. Create it; 'handover init' in an empty folder writes an example."
LOST = "error unreadable-file: the file cannot be read: No such file or directory. Fix the link or its permissions."


@pytest.mark.parametrize(
    ("make", "problem"),
    [(fifo, NO_FILE), (socket_file, NO_FILE), (folder, NO_FILE), (device, OUTSIDE), (nowhere, LOST)],
)
@pytest.mark.parametrize(
    "targets",
    [
        ("data/brand.yml", "data/link-check.yml", DATA, "data/platforms/beacon.yml"),
        (BLOCK, "data/playbooks/harbour.yml"),
        (MESSAGE, "content/scenarios/crew-change.md"),
    ],
    ids=lambda targets: targets[0],
)
def test_what_is_no_file_is_one_error(root: Path, targets: tuple[str, ...], make: Make, problem: str) -> None:
    for target in targets:
        make(root / target)
    printed, code, _ = check(root)
    errors = [line for line in printed.splitlines()[:-1] if ": error " in line]
    assert errors == sorted(f"{target}:1:1: {problem}" for target in targets)
    assert code == 1


@pytest.mark.parametrize(("make", "problem"), [(fifo, NO_FILE), (device, OUTSIDE), (nowhere, LOST)])
def test_a_template_that_is_no_file_is_one_error(root: Path, make: Make, problem: str) -> None:
    (root / "templates/email").mkdir(parents=True)
    make(root / "templates/email/letter.mjml.j2")
    assert f"templates/email/letter.mjml.j2:1:1: {problem}" in check(root)[0].splitlines()


@pytest.mark.parametrize("target", ["content/messages", "content/blocks", "data/platforms", "content/scenarios"])
def test_a_folder_that_is_elsewhere_is_one_error(root: Path, target: str) -> None:
    (root / target).rename(root.parent / "elsewhere")
    (root / target).symlink_to(root.parent / "elsewhere")
    assert check(root)[0] == f"{target}:1:1: {OUTSIDE}\n1 error, no warnings.\n"
    (root / target).unlink()
    (root / target).write_text("x")
    assert check(root)[0] == f"{target}:1:1: {NO_FOLDER}\n1 error, no warnings.\n"
    (root / target).unlink()
    (root.parent / "elsewhere").rename(root / "inside")
    (root / target).symlink_to(root / "inside")
    assert check(root)[0] == "All is well.\n"


def test_a_file_that_goes_while_it_is_read_is_an_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: [*look(path), "gone.md"])
    found: list[Diagnostic] = []
    paths = list(names(root, "content/blocks", ".md", found))
    assert [path for path in paths if read(root, path, found)] == ["content/blocks/fitting.md"]
    assert [str(each) for each in found] == [f"content/blocks/gone.md:1:1: {GONE}"]


def test_more_files_than_a_folder_may_have_are_one_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.load.files.MAX_FILES", 1)
    printed, code, _ = check(root)
    assert printed.splitlines()[0] == "content/messages:1:1: error too-many-files: the folder has more than 1 files."
    assert code == 1


ALPHABET = "ab {}[]()<>*_`#:-!|\\\n\t\"'&;.%$0é中\u202e\u00a0~^=+"


@pytest.mark.slow
@pytest.mark.sample
@settings(max_examples=1000 if FUZZING else 40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    target=st.sampled_from(FILES),
    share=st.floats(0, 1),
    junk=st.just(b"") | st.text(ALPHABET, max_size=40).map(str.encode),
    is_cut=st.booleans(),
)
def test_junk_anywhere_and_a_file_cut_off_anywhere_are_no_crash(
    tmp_path_factory: pytest.TempPathFactory, target: str, share: float, junk: bytes, is_cut: bool
) -> None:
    whole = (GOOD / target).read_bytes()
    place = int(share * len(whole))
    root = tmp_path_factory.mktemp("junk") / "root"
    shutil.copytree(GOOD, root)
    (root / target).write_bytes(whole[:place] + junk + (b"" if is_cut else whole[place:]))
    printed, code, seconds = check(root)
    assert code in (0, 1)
    assert (code == 1) == (": error " in printed)
    assert seconds < SECONDS
    shutil.rmtree(root)
