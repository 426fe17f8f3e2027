"""One mistake, planted anywhere in a shipped file, is one error at that place, with a hint that fixes it, and no other.

The mistakes are those that people make: a key misspelt, lost or written twice, a value of the wrong type, an unknown
id, a slip in YAML, a mark that prose may not have. Each is planted in two files, in a place picked at random; by
`make fuzz` in eight, and with `--every-mistake` in every place of every file, which takes half an hour.
"""

import itertools
import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from handover.cli.cache import Cache
from handover.cli.pipeline import run_pipeline
from handover.model.diagnostic import Diagnostic
from tests.conftest import FUZZING, ROOT, copy_sources
from tests.test_cases import TIDELINE

FILES = 8 if FUZZING else 2
BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Entry(NamedTuple):
    """A key of a file and its value, as YAML nodes; `path` leads to it, `end` is where its last line ends."""

    path: tuple[str | int, ...]
    key: Any
    value: Any
    flow: bool
    end: int


class Source:
    """A file as it ships, with its YAML between `start` and `end`."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root, self.path = root, path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.is_prose = self.path.endswith(".md")
        self.start, self.end = 0, len(self.text)
        if self.is_prose:
            self.start, self.end = (4, self.text.index("\n---\n", 3) + 1) if self.text.startswith("---\n") else (0, 0)
        self.body = self.end + 4 if self.end else 0

    @cached_property
    def entries(self) -> list[Entry]:
        """Every key with its value."""
        tree = yaml.compose(self.text[self.start : self.end]) if self.end else None
        return list(self._entries(tree, (), False))

    def _entries(self, node: Any, path: tuple[str | int, ...], flow: bool) -> Iterator[Entry]:
        flow = flow or bool(getattr(node, "flow_style", False))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                last = value
                while isinstance(last, yaml.CollectionNode) and last.value and not last.flow_style:
                    last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
                end = self.text.find("\n", self.start + max(last.end_mark.index - 1, key.end_mark.index)) + 1
                yield Entry((*path, key.value), key, value, flow, end)
                yield from self._entries(value, (*path, key.value), flow)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                yield from self._entries(item, (*path, number), flow)

    def span(self, node: Any) -> tuple[int, int]:
        """Where a YAML node starts and ends in the text."""
        start, end = self.start + node.start_mark.index, self.start + node.end_mark.index
        return start, start + len(self.text[start:end].rstrip())

    def row(self, position: int) -> int:
        """Where the line of a position starts."""
        return self.text.rfind("\n", 0, position) + 1


class Plant(NamedTuple):
    """`new` in the place of a part of a source: `name` says which mistake that is.

    The error has to be at the place of `at`, or of `start` without one, moved by `moved` columns; anywhere on `lines`
    lines from there with `moved=None`. `fix` is a word that its message or hint has to have.
    """

    name: str
    source: Source
    start: int
    end: int
    new: str
    fix: str = ""
    moved: int | None = 0
    lines: int = 1
    at: int | None = None

    @property
    def text(self) -> str:
        return self.source.text[: self.start] + self.new + self.source.text[self.end :]

    @property
    def place(self) -> tuple[int, int]:
        position = self.start if self.at is None else self.at
        return self.text.count("\n", 0, position) + 1, position - self.text.rfind("\n", 0, position)


def values(text: str) -> Any:
    """What the YAML of a file says; None if it is not YAML."""
    try:
        return yaml.load(text.removeprefix("---\n").split("\n---\n")[0], Loader=BaseLoader)  # noqa: S506 - strings alone
    except yaml.YAMLError:
        return None


@cache
def schema_of(path: str) -> dict[str, Any]:
    """The committed schema of a file."""
    folder, _, file = path.removeprefix("data/").removeprefix("content/").rpartition("/")
    kind = folder.removesuffix("s") if folder else file.removesuffix(".yml")
    return dict(json.loads((ROOT / f"data/schema/{kind}.schema.json").read_text(encoding="utf-8")))


def node_at(path: str, way: tuple[str | int, ...]) -> dict[str, Any]:
    """What the schema of a file says of the value that `way` leads to."""
    schema = schema_of(path)
    node: Any = schema
    for step in (None, *way):
        if step is not None:
            below = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
            node = below or node.get("additionalProperties") or {}
        while isinstance(node, dict) and ("$ref" in node or "anyOf" in node):
            if "anyOf" in node:
                is_group = any("$ref" in each or each.get("type") == "object" for each in node["anyOf"])
                node = {**node["anyOf"][0], "or a group": is_group}
            else:
                node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        node = node if isinstance(node, dict) else {}
    return dict(node)


def doubled(word: str) -> str:
    """A word with a letter twice."""
    middle = len(word) // 2
    return word[: middle + 1] + word[middle:]


def misspelt_keys(source: Source) -> Iterator[Plant]:
    for entry in source.entries:
        name = entry.key.value
        if name in node_at(source.path, entry.path[:-1]).get("properties", {}):
            for kind, wrong in (
                ("a key misspelt", doubled(name)),
                ("a key in capitals", name.upper()),
                ("a key with an invisible character", name[:1] + "\u200f" + name[1:]),
                ("a key with a letter that looks alike", name.replace("e", "\u0435", 1)),
            ):
                if wrong != name:
                    yield Plant(kind, source, *source.span(entry.key), wrong, name)


def lost_and_duplicate_keys(source: Source) -> Iterator[Plant]:
    for entry in source.entries:
        start, _ = source.span(entry.key)
        row = source.row(start)
        if entry.flow or source.text[row:start].strip():
            continue
        whole = source.text[row : entry.end]
        yield Plant("a key twice", source, row, row, whole, "Keep one", at=start + len(whole))
        if entry.path[-1] in node_at(source.path, entry.path[:-1]).get("required", []):
            yield Plant("a key lost", source, row, entry.end, "", str(entry.path[-1]), None, 999, at=0)


OTHER_TYPES = ("12", "true", "yes", "on", "1e3", "1_000", "0x1F", "12:30:00", "2026-11-24", ".inf")
A_GROUP = "{ a: b }"
NO_TEXT = ("[a, b]", A_GROUP, "~", '""', '"  "')
NO_YAML = ('"a', "'a", "[a", "{a", "*a", "&a b", "!a b", "@a", "`a", "%a", "a: b", "[a] b", "{% a %}", "{{ a }}", "#a")
QUOTES_INSIDE = {"'a'b'": 2, '"a "b" c"': 3, '"a" b': 2}
"""Values with a quote that ends them too early, and its column in them."""


def wrong_values(source: Source) -> Iterator[Plant]:
    for entry in source.entries:
        schema = node_at(source.path, entry.path)
        if isinstance(entry.value, yaml.SequenceNode) and entry.value.flow_style and not entry.flow:
            yield Plant("words for a list", source, *source.span(entry.value), "one, two", "[one, two]")
        if not isinstance(entry.value, yaml.ScalarNode) or schema.get("type") != "string" or "\n" in entry.value.value:
            continue
        span = source.span(entry.value)
        is_alone = not entry.flow and "\n" not in source.text[slice(*span)]
        types = OTHER_TYPES if schema.get("format") != "date" else ()
        no_text = [wrong for wrong in NO_TEXT if wrong != A_GROUP or not schema.get("or a group")]
        for wrong in (*types, *no_text, *(NO_YAML if is_alone else ())):
            yield Plant(f"{wrong} for text", source, *span, wrong, moved=int(wrong in ("a: b", "{{ a }}")))
        for wrong, column in QUOTES_INSIDE.items() if is_alone else ():
            yield Plant(f"{wrong} for text", source, *span, wrong, "other kind of quotes", column)
        if is_alone and entry.value.style is None and " " in source.text[slice(*span)]:
            cut = source.text.index(" ", span[0]) + 1
            yield Plant("a text cut by #", source, cut, cut, "#", "quotes", None)


def slips_of_items(source: Source, node: Any) -> Iterator[Plant]:
    items = node.value if isinstance(node, yaml.SequenceNode) and not node.flow_style else ()
    for number, item in enumerate(items):
        start = source.span(item)[0]
        row = source.row(start)
        if source.text[row:start].strip() == "-" and isinstance(item, yaml.ScalarNode) and item.style is None:
            dash = source.text.index("-", row)
            if number:
                yield Plant("an item without its dash", source, dash, start, "", "'- '", None)
                yield Plant("an item a step too far in", source, row, row, "  ", "ndent", None)
            yield Plant("an item with another bullet", source, dash, dash + 1, "\u2022", "'- '", None)


def slips_of_yaml(source: Source) -> Iterator[Plant]:
    """A tab, a missing space, a colon too few, a line that is indented too much or too little, and those of items."""
    for entry in source.entries:
        yield from slips_of_items(source, entry.value)
        start, end = source.span(entry.key)
        row = source.row(start)
        before = source.text[row:start]
        if entry.flow or before.strip() not in ("", "-"):
            continue
        is_text = isinstance(entry.value, yaml.ScalarNode) and entry.value.style not in (">", "|")
        is_text = is_text and "\n" not in source.text[start : source.span(entry.value)[1]]
        if "-" in before:
            dash = row + before.index("-") + 1
            yield Plant("no space behind a dash", source, dash, dash + 1, "", "space", None)
        elif len(entry.path) > 1:
            yield Plant("a tab", source, start, start, "\t", "tab", None)
        if is_text and "-" not in before:
            yield Plant("a colon lost", source, end, end + 1, "", ":", None)
        if "-" not in before:
            yield Plant("a dash too many", source, start, start, "- ", "'- '", None)
        if isinstance(entry.value, yaml.MappingNode) and not entry.value.flow_style:
            yield Plant("a value above keys", source, end + 1, end + 1, " word", "Delete the value", None)
        if is_text and entry.value.value:
            yield Plant("no space behind a colon", source, end + 1, end + 2, "", "space", None)
        depth = len(before) - len(before.lstrip())
        # In the first two lines of an item either may be the wrong one.
        second = source.text[source.row(row - 1) : row].lstrip().startswith("- ") and row > 0
        place = source.row(row - 1) if second else row
        for step in (-2, -1, 1, 2):
            if depth + step >= 0:
                new, lines = " " * (depth + step), 2 if second or "-" in before else 1
                yield Plant(f"{step:+} spaces", source, row, row + depth, new, "ndent", None, lines, at=place)


REFERENCES = (
    "row",
    "column",
    "checklist",
    "then",
    "scenario",
    "message",
    "variant",
    "report",
    "link",
    "messages",
    "readers",
    "who",
    "owner",
    "notify",
    "layout",
)


def unknown_ids(source: Source) -> Iterator[Plant]:
    patterns = [r"\]\[([a-z0-9-]+)\]", r"::: include ([\w-]+)", r"::: only ([\w-]+)", r"::: (only|include)\b"]
    if not source.path.startswith("data/platforms/"):
        patterns += [r"\{\{ ([a-z_]+)[ .]", r"\{\{ [a-z_]+\.(\w+)"]
    for pattern in patterns:
        for match in re.finditer(pattern, source.text):
            if not re.search(r"(^|\s)#", source.text[source.row(match.start()) : match.start()]) or source.is_prose:
                yield Plant(f"{pattern} misspelt", source, *match.span(1), doubled(match[1]), match[1])
    for entry in source.entries:
        if entry.path[-1] in REFERENCES and (source.path.startswith("data/playbooks") or entry.path[-1] == "layout"):
            values = entry.value.value if isinstance(entry.value, yaml.SequenceNode) else [entry.value]
            for value in values:
                is_id = isinstance(value, yaml.ScalarNode) and re.fullmatch("[a-z0-9_-]+", value.value)
                if is_id:
                    yield Plant(
                        f"{entry.path[-1]} misspelt", source, *source.span(value), doubled(value.value), value.value
                    )


IN_PROSE = {
    "<b>": "**bold**",
    "[text](https://a.example/x)": "data/links.yml",
    "www.a.example": "data/links.yml",
    "{{ name": "{{ name }}",
    "[text": "[text][link-id]",
    "**so": "**bold**",
}
"""What may not be between two words, and a word of its fix; the case slips-in-prose has more."""


def slips_in_prose(source: Source) -> Iterator[Plant]:
    prose = source.text[source.body :] if source.is_prose else ""
    for match in re.finditer(r"(?<=[a-z] )(?=[a-z]{3})", prose):
        before = prose[prose.rfind("\n\n", 0, match.start()) + 1 : match.start()]
        is_inside = any(before.count(a) != before.count(b) for a, b in ("[]", ("{{", "}}"))) or before.count("**") % 2
        if not is_inside and ":::" not in before.rpartition("\n")[2]:
            position = source.body + match.start()
            for slip, fix in IN_PROSE.items():
                yield Plant(f"{slip} in prose", source, position, position, f"{slip} ", fix)


Kind = Callable[[Source], Iterator[Plant]]
KINDS: tuple[Kind, ...] = (
    misspelt_keys,
    lost_and_duplicate_keys,
    wrong_values,
    slips_of_yaml,
    unknown_ids,
    slips_in_prose,
)
SOURCES = [
    Source(root, path)
    for root in (ROOT, TIDELINE)
    for path in sorted([*root.glob("data/*.yml"), *root.glob("data/*/*.yml"), *root.glob("content/*/*.md")])
]
Problem = tuple[str, str, str]


def key(found: Diagnostic) -> Problem:
    return found.place.path, found.code, found.message


class Copy:
    """A copy of a repository, of which only a file that changes is read again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = Cache()
        self.known = {key(found) for found in run_pipeline(root, cache=self.cache).diagnostics}

    def found(self, plant: "Plant") -> list[Diagnostic]:
        """What is found in it with a mistake and not without."""
        path = self.root / plant.source.path
        path.write_text(plant.text, encoding="utf-8")
        found = run_pipeline(self.root, cache=self.cache).diagnostics
        path.write_text(plant.source.text, encoding="utf-8")
        return [each for each in found if key(each) not in self.known]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Copy]:
    """A copy of each repository."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(TIDELINE, folder / "tideline")
    return {ROOT: Copy(copy_sources(folder / "shipped")), TIDELINE: Copy(folder / "tideline")}


def is_a_mistake(plant: Plant) -> bool:
    """False for spaces that change nothing."""
    return not plant.name.endswith("spaces") or values(plant.text) != values(plant.source.text)


def chosen(kind: Kind, files: int | None) -> Iterator[Plant]:
    """Each mistake of a kind, in one place of each of so many `files` in a random order; everywhere without `files`."""
    planted: dict[str, dict[Source, list[Plant]]] = defaultdict(lambda: defaultdict(list))
    for plant in itertools.chain.from_iterable(map(kind, SOURCES)):
        planted[plant.name][plant.source].append(plant)
    for name, sources in planted.items():
        chance = random.Random(name)  # noqa: S311 - a seed, not a secret
        for source in chance.sample(list(sources), len(sources))[:files]:
            plants = list(filter(is_a_mistake, sources[source]))
            yield from plants if files is None else chance.sample(plants, min(1, len(plants)))


@pytest.mark.slow
@pytest.mark.sample
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.replace("_", " "))
def test_one_mistake_is_one_error_at_its_place_with_its_fix(
    kind: Kind, copies: dict[Path, Copy], request: pytest.FixtureRequest
) -> None:
    wrong = []
    for plant in chosen(kind, None if request.config.getoption("--every-mistake") else FILES):
        found = copies[plant.source.root].found(plant)
        if fault := complaint(plant, found):
            title = f"{plant.name} in {plant.source.path}:{plant.place}: {fault}"
            wrong.append("\n      ".join([title, *map(str, found[:4])]))
    assert not wrong, "\n".join(wrong)


def complaint(plant: Plant, found: list[Diagnostic]) -> str | None:
    """What is wrong with what was `found`; None if nothing is."""
    if [each.severity for each in found] != ["error"]:
        return f"{len(found)} problems"
    (only,) = found
    line, column = plant.place
    if only.place.path != plant.source.path or not line <= only.place.line < line + plant.lines:
        return "at another place"
    if plant.moved is not None and only.place.column != column + plant.moved:
        return "at another column"
    if not only.hint:
        return "without a hint"
    return None if plant.fix in f"{only.message} {only.hint}" else f"without {plant.fix}"
