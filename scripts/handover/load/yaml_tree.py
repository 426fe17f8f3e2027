"""YAML to plain Python with the place of every key and value.

Read from the parser's events, not from its objects: no tag, anchor or alias is ever followed, so a file can
neither run code nor grow while it is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from handover.load.files import TextFile
from handover.load.slips import COMMENT, CURLY, CURLY_QUOTES, NO_VALUE, Parser, explain_stop
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Day, Located
from handover.model.text import UNWANTED, describe

MAX_DEPTH = 30
"""Levels of nesting; ours need seven."""

MAX_VALUES = 15_000
"""Values in a file: those of 3,000 links."""

MAX_PLAIN = 1_000
"""Characters of a number or date; anything longer is text, as a resolver could take long to read it."""

_resolver: Any = yaml.resolver.Resolver()
_constructor: Any = yaml.constructor.SafeConstructor()

_TEXT = "tag:yaml.org,2002:str"
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|0o[0-7]+")
"""Numbers of YAML 1.2, which other programs read, that are text in YAML 1.1, which this parser reads."""

_ESCAPE = re.compile(r"\\(?:x..|u....|U........|.)")
"""An escape in double quotes."""

_CUT_OFF = re.compile(r" +(#(?![ #]).*\S)")

Loc = tuple[str | int, ...]


@dataclass(slots=True)
class Tree:
    """`value` is the plain Python of a file; text in it is `Located`.

    `values` and `keys` hold the place of each value and key by the way that leads to it; `scalars` the source
    of what YAML read as something other than text.
    """

    value: Any
    values: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)
    scalars: dict[Loc, str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, place: Place, message: str, hint: str, code: str = "yaml-feature") -> None:
        self.found = error(place, code, message, hint)


def parse(file: TextFile, found: list[Diagnostic], first_line: int = 1) -> Tree | None:
    """The tree of a file, or None and a problem in `found`. `first_line` is the number of its first line."""
    try:
        return _Builder(file, first_line, found).build()
    except yaml.MarkedYAMLError as trouble:
        found.append(explain_stop(file, trouble, first_line))
    except yaml.YAMLError as trouble:
        message = f"this is not YAML: {trouble}."
        found.append(error(Place(file.path, first_line), "yaml-syntax", message, "Type the text again."))
    except _Refused as refused:
        found.append(refused.found)
    return None


class _Builder:
    def __init__(self, file: TextFile, first_line: int, found: list[Diagnostic]) -> None:
        self.file = file
        self.first_line = first_line
        self.found = found
        self.tree = Tree(None)
        self.count = 0
        self.events: Iterator[Any] = yaml.parse(file.text, Loader=Parser)

    def place(self, mark: Any) -> Place:
        return Place(self.file.path, self.first_line + mark.line, mark.column + 1)

    def build(self) -> Tree:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message, hint = "a second document starts here.", "Delete the line '---'."
                    raise _Refused(self.place(event.start_mark), message, hint)
            elif isinstance(event, yaml.NodeEvent):
                self.tree.value = self.node(event, ())
        return self.tree

    def node(self, event: yaml.Event, loc: Loc) -> Any:
        self.refuse(event, loc)
        self.tree.values[loc] = self.place(event.start_mark)
        self.count += 1
        if self.count > MAX_VALUES:
            message = f"the file has more than {MAX_VALUES:,} values."
            raise _Refused(self.tree.values[loc], message, "Delete unused entries.")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(loc)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(loc)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - aliases are refused above
        return self.scalar(event, loc)

    def refuse(self, event: yaml.Event, loc: Loc) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message, hint = (
                "anchors (&) and aliases (*) are not supported.",
                "Put the value in quotes, or write it out.",
            )
        elif getattr(event, "tag", None):
            message, hint = "tags (!) are not supported.", "Put the value in quotes."
        elif len(loc) > MAX_DEPTH:
            message, hint = f"this is nested deeper than {MAX_DEPTH} levels.", "Look at brackets and indentation."
        else:
            return
        raise _Refused(self.place(event.start_mark), message, hint)

    def located(self, event: yaml.ScalarEvent) -> Located:
        """A text. Refuses an escape of YAML, as in `"\\e"`, that puts in what the file itself must not have."""
        text = Located(
            event.value.rstrip("\n"), self.place(event.start_mark), self.text(event.start_mark, event.end_mark)
        )
        for escape in _ESCAPE.finditer(text.raw) if event.style == '"' and "\\" in text.raw else ():
            character = yaml.safe_load(f'"{escape[0]}"')
            if character == "\t" or UNWANTED.match(character):
                place = text.at(escape[0], text.raw[: escape.start()].count(escape[0]))
                message = f"'{escape[0]}' in double quotes is {describe(character)}."
                raise _Refused(place, message, "Delete it; for a backslash itself, write two.", "control-character")
        return text

    def mapping(self, loc: Loc) -> dict[str, Any]:
        group: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self.refuse(event, loc)
            if not isinstance(event, yaml.ScalarEvent):
                hint = "Put text that starts with [ or { in quotes."
                raise _Refused(self.place(event.start_mark), "a key must be a word.", hint)
            key = self.located(event)
            if "\n" in event.value and event.style:  # without quotes, a brace does not close: the parser will tell
                raise _Refused(key.place, "a key must be on one line.", "Join its lines.")
            is_known = key in group
            # A duplicate keeps the places of the first.
            value_event = next(self.events)
            if "\n" not in key.raw and not self.text(event.end_mark, value_event.start_mark).strip(" "):
                raise _Refused(key.place, *NO_VALUE, "yaml-syntax")
            value = self.node(value_event, (*loc, f"{key} again") if is_known else (*loc, str(key)))
            if key == "<<" and event.implicit[0]:
                raise _Refused(key.place, "merge keys (<<) are not supported.", "Write the values out.")
            if is_known:
                first = self.tree.keys[(*loc, str(key))]
                message = f"'{key}' is already on line {first.line}."
                self.found.append(error(key.place, "duplicate-key", message, "Keep one of the two.", len(key)))
            else:
                group[key] = value
                self.tree.keys[(*loc, str(key))] = key.place
        return group

    def sequence(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, (*loc, len(items))))
        return items

    def scalar(self, event: yaml.ScalarEvent, loc: Loc) -> Any:
        value = event.value
        if event.implicit[0]:
            self.refuse_comment(event.end_mark)
        if event.implicit[0] and len(value) <= MAX_PLAIN:
            tag = _resolver.resolve(yaml.ScalarNode, value, (True, False))
            if tag == _TEXT and _NUMBER.fullmatch(value):
                tag = "tag:yaml.org,2002:float"
            if tag != _TEXT:
                self.tree.scalars[loc] = value
                plain = _plain(value, tag)
                return Day.at(plain, self.place(event.start_mark)) if isinstance(plain, date) else plain
        text = self.located(event)
        if event.implicit[0] and CURLY.fullmatch(value):
            self.found.append(error(text.place, "yaml-syntax", *CURLY_QUOTES, len(value)))
        return text

    def refuse_comment(self, end: Any) -> None:
        """Refuse a comment that cuts a value off, as in `Offer #1`; one that is meant has a space after its mark."""
        cut = _CUT_OFF.match(self.file.text, end.index)
        if cut is not None:
            raise _Refused(self.place(end).after(cut.start(1) - end.index), *COMMENT, "yaml-syntax")

    def text(self, start: Any, end: Any) -> str:
        return self.file.text[start.index : end.index]


def _plain(value: str, tag: str) -> Any:
    """What is not text. A number or date that is none stays as it was written."""
    kind = tag.rpartition(":")[2]
    try:
        if kind == "null":
            return None
        if kind == "timestamp":
            return date.fromisoformat(value)
        return _constructor.construct_object(yaml.ScalarNode(tag, value))
    except (ValueError, OverflowError, yaml.YAMLError):
        return Located(value)
