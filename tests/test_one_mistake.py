"""One mistake, planted anywhere in any file: one error, at that place, with a hint that mends it, and nothing else.

The mistakes are those that people make: a letter too many, a key that is lost or stands twice, the wrong kind of
value, a quote or bracket that never closes, an address in the text. Each is planted at places spread over each file.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from handover.cli.pipeline import read
from handover.model.diagnostic import Diagnostic
from tests.conftest import ROOT, copy_sources

TIDELINE = ROOT / "tests/cases/good/tideline"
BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
A_FILE = 10
"""How many mistakes are planted in each file; with --every-mistake all of them, which takes half an hour."""


@dataclass(frozen=True)
class Plant:
    """A file with one mistake in it. `mended` is a word that the hint has to have; None for any hint."""

    what: str
    text: str
    line: int
    column: int | None = None
    mended: str | None = None
    lines: int = 1
    """On how many lines, from `line` on, the error may stand, where it cannot be told which of them is wrong."""


@dataclass(frozen=True)
class Entry:
    """A key of a file and its value; `way` leads to it."""

    way: tuple[str | int, ...]
    key: Any
    value: Any
    flow: bool
    end: int


class Sheet:
    """A file as it ships: its text, and where in it YAML starts and ends."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.start, self.end = 0, len(text)
        if path.endswith(".md"):
            self.start, self.end = (4, text.index("\n---\n", 3) + 1) if text.startswith("---\n") else (0, 0)
        self.yaml = text[self.start : self.end]

    @property
    def body(self) -> int:
        """Where the prose of a content file starts."""
        return self.end + 4 if self.end else 0

    def with_(self, start: int, end: int, new: str) -> str:
        """The text with another part."""
        return self.text[:start] + new + self.text[end:]

    def at(self, position: int) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.text.count("\n", 0, position) + 1, position - self.text.rfind("\n", 0, position)

    def entries(self) -> list[Entry]:
        """Every key with its value."""
        return list(self._entries(yaml.compose(self.yaml), (), False)) if self.yaml else []

    def _entries(self, node: Any, way: tuple[str | int, ...], flow: bool) -> Iterator[Entry]:
        if isinstance(node, yaml.MappingNode):
            inside = flow or bool(node.flow_style)
            for key, value in node.value:
                last = value
                while isinstance(last, yaml.CollectionNode) and last.value and not last.flow_style:
                    last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
                end = self.yaml.find("\n", max(last.end_mark.index - 1, key.end_mark.index)) + 1
                yield Entry((*way, key.value), key, value, inside, end or len(self.yaml))
                yield from self._entries(value, (*way, key.value), inside)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                yield from self._entries(item, (*way, number), flow or bool(node.flow_style))


def misspelt(word: str) -> str:
    """A letter of it twice."""
    middle = len(word) // 2
    return word[: middle + 1] + word[middle] + word[middle + 1 :]


def keys(sheet: Sheet) -> Iterator[Plant]:
    """Keys that are misspelt, in capitals, with a letter that looks alike, or twice there."""
    schema = schema_of(sheet.path)
    for entry in sheet.entries():
        start, end = sheet.start + entry.key.start_mark.index, sheet.start + entry.key.end_mark.index
        line, column = sheet.at(start)
        name = entry.key.value
        if name in node_at(schema, entry.way[:-1]).get("properties", {}):
            for what, wrong in (
                ("a key misspelt", misspelt(name)),
                ("a key in capitals", name.upper()),
                ("a key with a mark that nobody sees", name[:1] + "\u200f" + name[1:]),
                ("a key with a letter that looks alike", name.replace("e", "\u0435", 1)),
            ):
                if wrong != name:
                    yield Plant(what, sheet.with_(start, end, wrong), line, column, name)
        if not entry.flow and sheet.text[sheet.text.rfind("\n", 0, start) + 1 : start].strip() == "":
            row = sheet.text.rfind("\n", 0, start) + 1
            whole = sheet.text[row : sheet.start + entry.end]
            twice = sheet.with_(row, row, whole)
            yield Plant("a key that stands twice", twice, line + whole.count("\n"), column, "Keep one")


def lost_keys(sheet: Sheet) -> Iterator[Plant]:
    """Keys that have to be there, and are not."""
    schema = schema_of(sheet.path)
    for entry in sheet.entries():
        start = sheet.start + entry.key.start_mark.index
        row = sheet.text.rfind("\n", 0, start) + 1
        is_alone = not entry.flow and sheet.text[row:start].strip() == ""
        if is_alone and str(entry.way[-1]) in node_at(schema, entry.way[:-1]).get("required", []):
            lost = sheet.with_(row, sheet.start + entry.end, "")
            yield Plant(f"without the key {entry.way[-1]}", lost, 1, None, str(entry.way[-1]), lines=999)


def wrong_values(sheet: Sheet) -> Iterator[Plant]:
    """Values of another kind than is meant."""
    schema = schema_of(sheet.path)
    for entry in sheet.entries():
        node = node_at(schema, entry.way)
        if not isinstance(entry.value, yaml.ScalarNode) or node.get("type") != "string" or "\n" in entry.value.value:
            continue
        start, end = sheet.start + entry.value.start_mark.index, sheet.start + entry.value.end_mark.index
        end = len(sheet.text[:end].rstrip())  # that of a text over several lines is the start of the next key
        line, column = sheet.at(start)
        for wrong in ("12", "true", "yes", "on", "1e3", "1_000", "0x1F", "12:30:00", "2026-11-24", ".inf"):
            if node.get("format") != "date":
                yield Plant(f"{wrong} for text", sheet.with_(start, end, wrong), line, column)
        for wrong in ("[a, b]", "{ a: b }", "~", '""', '"  "'):
            yield Plant(f"{wrong} for text", sheet.with_(start, end, wrong), line, column)
        if not entry.flow and "\n" not in sheet.text[start:end]:
            for wrong in ('"a', "'a", "[a", "{a", "*a", "&a b", "!a b", "@a", "`a", "a: b"):
                spot = column + 1 if wrong == "a: b" else column
                yield Plant(f"{wrong} for text", sheet.with_(start, end, wrong), line, spot)


def indents(sheet: Sheet) -> Iterator[Plant]:
    """A line that starts a space or a step too far to the left, or to the right."""
    for entry in sheet.entries():
        start = sheet.start + entry.key.start_mark.index
        row = sheet.text.rfind("\n", 0, start) + 1
        before = sheet.text[row:start]
        if entry.flow or before.strip() not in ("", "-"):
            continue
        depth = len(before) - len(before.lstrip())
        # Of an item's first two lines it cannot always be told which is wrong.
        above = sheet.text[:row].rpartition("\n")[0].rpartition("\n")[2].lstrip().startswith("- ")
        line, lines = (sheet.at(start)[0] - above, 2) if above or "-" in before else (sheet.at(start)[0], 1)
        for step in (-2, -1, 1, 2):
            if depth + step < 0:
                continue
            text = sheet.with_(row, row + depth, " " * (depth + step))
            if not means_the_same(Sheet(sheet.path, text), sheet):
                yield Plant(f"{step:+} spaces", text, line, None, "ndent", lines)


def means_the_same(one: Sheet, other: Sheet) -> bool:
    """True if both are YAML and say the same."""
    try:
        return bool(yaml.load(one.yaml, Loader=BaseLoader) == yaml.load(other.yaml, Loader=BaseLoader))  # noqa: S506
    except yaml.YAMLError:
        return False


def wrong_yaml(sheet: Sheet) -> Iterator[Plant]:
    """A colon, a space or a step of indentation too few, and a tab."""
    for entry in sheet.entries():
        start, end = sheet.start + entry.key.start_mark.index, sheet.start + entry.key.end_mark.index
        row = sheet.text.rfind("\n", 0, start) + 1
        line, column = sheet.at(start)
        if entry.flow or sheet.text[row:start].strip() or isinstance(entry.value, yaml.CollectionNode):
            continue
        if len(entry.way) > 1:
            yield Plant("a tab", sheet.with_(row, start, sheet.text[row:start] + "\t"), line, None, "tab")
        if not isinstance(entry.value, yaml.ScalarNode) or entry.value.style in (">", "|"):
            continue
        if sheet.at(sheet.start + entry.value.end_mark.index)[0] == line:
            yield Plant("a colon lost", sheet.with_(end, end + 1, ""), line, column, ":")


def names(sheet: Sheet) -> Iterator[Plant]:
    """Names that lead nowhere, as one letter in them is wrong."""
    patterns: tuple[str, ...] = (
        r"\]\[([a-z0-9-]+)\]",
        r"::: include ([\w-]+)",
        r"::: only ([\w-]+)",
        r"::: (only|include)\b",
    )
    if not sheet.path.startswith("data/platforms/"):
        patterns += (r"\{\{ ([a-z_]+)[ .]", r"\{\{ [a-z_]+\.(\w+)")
    for pattern in patterns:
        for match in re.finditer(pattern, sheet.text):
            if "#" not in sheet.text[sheet.text.rfind("\n", 0, match.start()) + 1 : match.start()].replace("FOto", ""):
                yield name(sheet, match.start(1), match[1])
    for entry in sheet.entries():
        if entry.way[-1] in REFERENCES and (sheet.path.startswith("data/playbooks") or entry.way[-1] == "layout"):
            values = entry.value.value if isinstance(entry.value, yaml.SequenceNode) else [entry.value]
            for value in values:
                if isinstance(value, yaml.ScalarNode) and " " not in value.value:
                    yield name(sheet, sheet.start + value.start_mark.index, value.value)


REFERENCES = ("order_type", "team", "scenario", "message", "variant", "report", "link", "messages", "readers", "layout")


def name(sheet: Sheet, position: int, right: str) -> Plant:
    """A name with a letter twice."""
    line, column = sheet.at(position)
    wrong = sheet.with_(position, position + len(right), misspelt(right))
    return Plant(f"{right} misspelt", wrong, line, column, right)


def slips(sheet: Sheet) -> Iterator[Plant]:
    """What a sentence may not have in it, between two words of each line of prose."""
    if not sheet.path.endswith(".md"):
        return
    wrong = {
        "<b>": "Markdown",
        "<br>": "Markdown",
        "<!-- x -->": "Markdown",
        "[text](https://a.example/x)": "data/links.yml",
        "<https://a.example>": "data/links.yml",
        "https://a.example/x?y=1": "data/links.yml",
        "www.a.example": "data/links.yml",
        "{{ name": "{{ name }}",
        "{{name": "{{ name }}",
        "{{ }}": "{{ name }}",
        "{{{ name }}}": "{{ name }}",
        "[Customer Name]": "{{ name }}",
        "[text": "[text][link-id]",
        "![x](y.png)": "words",
        "`{{ name }}`": "backticks",
        "**so": "**bold**",
        "~~so~~": "Leave it out",
        "x ::: only": "line of its own",
    }
    prose = sheet.text[sheet.body :]
    for match in re.finditer(r"(?<=[a-z] )(?=[a-z]{3})", prose):
        row = prose[prose.rfind("\n", 0, match.start()) + 1 : match.start()]
        before = prose[prose.rfind("\n\n", 0, match.start()) + 1 : match.start()]
        is_inside = any(before.count(a) != before.count(b) for a, b in ("[]", ("{{", "}}"))) or before.count("**") % 2
        if is_inside or ":::" in row:
            continue
        position = sheet.body + match.start()
        line, column = sheet.at(position)
        for slip, mended in wrong.items():
            offset = 2 if slip == "x ::: only" else 3 if slip == "`{{ name }}`" else 0
            is_exact = slip not in ("`{{ name }}`", "{{ }}")
            spot = column + offset if is_exact else None
            yield Plant(f"{slip} in the text", sheet.with_(position, position, f"{slip} "), line, spot, mended)


def passages(sheet: Sheet) -> Iterator[Plant]:
    """Containers that are none, and front matter that is almost there."""
    if not sheet.path.endswith(".md"):
        return
    line = sheet.at(sheet.body)[0]
    for wrong, mended in (
        ("::: warning\nx\n:::\n\n", "include, only"),
        (":::\n\n", "Delete"),
        ("::: only\nx\n:::\n\n", "variant"),
        ("::: include\n\n", "block"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\n", "list"),
        ("<div>\n\n", "Markdown"),
    ):
        spot = line + 1 if wrong.startswith("|") else line
        text = sheet.with_(sheet.body, sheet.body, wrong)
        yield Plant(f"{wrong.splitlines()[0]} before the text", text, spot, None, mended)
    if sheet.end:
        yield Plant("front matter without its first line", sheet.text[4:], 1, 1, "---")
        yield Plant("front matter with a blank line above", "\n" + sheet.text, 2, 1, "first line")
        end = sheet.end
        yield Plant("front matter with a dash too many", sheet.with_(end, end, "-"), sheet.at(end)[0], 1, "three")


KINDS: tuple[Callable[[Sheet], Iterator[Plant]], ...] = (
    keys,
    lost_keys,
    wrong_values,
    indents,
    wrong_yaml,
    names,
    slips,
    passages,
)


def schema_of(path: str) -> dict[str, Any]:
    """The committed schema of a file."""
    folder, _, file = path.removeprefix("data/").removeprefix("content/").rpartition("/")
    kind = folder.removesuffix("s") if folder else file.removesuffix(".yml")
    return dict(json.loads((ROOT / f"data/schema/{kind}.schema.json").read_text(encoding="utf-8")))


def node_at(schema: dict[str, Any], way: tuple[str | int, ...]) -> dict[str, Any]:
    """What a schema says of the value that `way` leads to."""
    node = resolve(schema, schema)
    for step in way:
        below = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        node = resolve(below or node.get("additionalProperties") or {}, schema)
    return node


def resolve(node: Any, schema: dict[str, Any]) -> dict[str, Any]:
    while isinstance(node, dict) and ("$ref" in node or "anyOf" in node):
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["anyOf"][0]
    return node if isinstance(node, dict) else {}


def spread(plants: list[Plant], count: int) -> list[Plant]:
    """So many of them, from the first to the last."""
    step = max(1, -(-len(plants) // count))
    return plants[step // 2 :: step]


FILES = [
    (root, path.relative_to(root).as_posix())
    for root in (ROOT, TIDELINE)
    for path in sorted([*root.glob("data/*.yml"), *root.glob("data/*/*.yml"), *root.glob("content/*/*.md")])
]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, tuple[Path, set[tuple[str, str, str]]]]:
    """A copy of each repository, and what is found in it before anything is planted."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(TIDELINE, folder / "tideline")
    roots = {ROOT: copy_sources(folder / "shipped"), TIDELINE: folder / "tideline"}
    return {root: (copy, {key(found) for found in read(copy).diagnostics}) for root, copy in roots.items()}


def key(found: Diagnostic) -> tuple[str, str, str]:
    return found.place.path, found.code, found.message


@pytest.mark.parametrize(("root", "path"), FILES, ids=lambda value: value if isinstance(value, str) else value.name)
def test_one_mistake_is_one_error_at_its_place_with_its_cure(
    root: Path,
    path: str,
    copies: dict[Path, tuple[Path, set[tuple[str, str, str]]]],
    request: pytest.FixtureRequest,
) -> None:
    copy, before = copies[root]
    text = (root / path).read_text(encoding="utf-8")
    sheet = Sheet(path, text)
    plants = [plant for kind in KINDS for plant in kind(sheet) if plant.text != text]
    if not request.config.getoption("--every-mistake"):
        plants = spread(plants, A_FILE)
    assert plants
    wrong = []
    try:
        for plant in plants:
            (copy / path).write_text(plant.text, encoding="utf-8")
            found = [each for each in read(copy).diagnostics if key(each) not in before]
            fault = complaint(plant, path, found)
            if fault:
                said = "".join(f"\n      {each}" for each in found[:4])
                wrong.append(f"{plant.what}, planted in {path}:{plant.line}:{plant.column}: {fault}{said}")
    finally:
        (copy / path).write_text(text, encoding="utf-8")
    assert not wrong, f"{len(wrong)} of {len(plants)}:\n" + "\n".join(wrong)


def complaint(plant: Plant, path: str, found: list[Diagnostic]) -> str | None:
    """What is wrong with what was `found`; None if nothing is."""
    if [each.severity for each in found] != ["error"]:
        return f"{len(found)} findings"
    (only,) = found
    if only.place.path != path or not plant.line <= only.place.line < plant.line + plant.lines:
        return "at another place"
    if plant.column is not None and only.place.column != plant.column:
        return "at another column"
    if not only.hint:
        return "without a hint"
    return None if plant.mended is None or plant.mended in f"{only.message} {only.hint}" else f"without {plant.mended}"
