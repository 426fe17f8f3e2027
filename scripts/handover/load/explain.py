"""The problems that pydantic found, in the words of the people who write the files."""

import re
import typing
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from handover.load.shape import is_model, is_required, keys_at, keys_needed, kind_at
from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Id
from handover.model.spelling import fold, guess, nearest
from handover.model.text import strange

_TEXT = ("text", "Write a text, not a list or keys.")
_YES_OR_NO = ("true or false", "Write true or false, without quotes.")
_NUMBER = ("a whole number", "Write digits only, without quotes.")
_LIST = ("a list", "Begin each item with '- ' on a line of its own, or write [one, two].")
_KEYS = ("a group of keys", "Write its keys below it, indented: 'title: …'.")
_DATE = ("a date", "Write year, month and day, without quotes: 2026-11-24.")
_EXPECTED = {
    "string_type": _TEXT,
    "bool_type": _YES_OR_NO,
    "int_type": _NUMBER,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "date_type": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_parsing": _DATE,
}
_HINTS = {
    "string_too_long": "Shorten it.",
    "too_long": "Remove some.",
    "url_parsing": "Write the whole URL, starting with https://.",
    "url_scheme": "Write the whole URL, starting with https://.",
}


def explain(
    model: type[BaseModel], detail: ErrorDetails, loc: Loc, tree: Tree, base: Loc, missing: list[str], can_guess: bool
) -> Diagnostic:
    """The problem that pydantic found in a `model`; `loc` is as far as the file has the way to it.

    `missing` are the keys that are missing beside it. Without `can_guess`, an unknown word is not compared with others.
    """
    kind = detail["type"]
    name = key_name(detail)
    if kind == "extra_forbidden":
        return _unknown_key(model, name, loc, tree, base, missing if can_guess else None)
    if kind == "missing":
        what, hint = f"the key '{name}' is", f"Add a line '{name}: …'."
        if len(missing) > 1:
            *others, last = (f"'{each}'" for each in missing)
            what, hint = f"the keys {', '.join(others)} and {last} are", "Add a line for each."
        return error(_place(tree, loc), "missing-key", f"{what} missing.", hint)
    if name == "[key]" or (name == "id" and kind not in _EXPECTED):
        keys = typing.get_args(kind_at(model, loc[len(base) : -1])) if name == "[key]" else ()
        cure = getattr(next(iter(keys), None), "CURE", None)
        if cure is None:
            return _bad_id(detail, loc, tree)
        return error(tree.keys[loc], "invalid-value", f"'{loc[-1]}' is not allowed here.", cure, len(str(loc[-1])))
    wanted = kind_at(model, loc[len(base) :])
    if kind in _EXPECTED:
        return _wrong_type(detail, loc, tree, _below(wanted) if _EXPECTED[kind] is _KEYS else None)
    return _fault(detail, loc, tree) if kind == "value_error" else _bad_value(detail, loc, tree, wanted, can_guess)


def _bad_value(detail: ErrorDetails, loc: Loc, tree: Tree, wanted: Any, can_guess: bool) -> Diagnostic:
    """The problem of a value that is of the right type, but that the type `wanted` refuses."""
    kind, name, value, place = detail["type"], key_name(detail), detail["input"], _place(tree, loc, value=True)
    if kind == "too_short":
        return error(place, "invalid-value", f"'{name}' is empty.", "Write at least one.")
    if kind in ("string_too_short", "blank"):
        return error(place, "invalid-value", f"'{name}' is empty.", "Write something, or delete the line.")
    if kind == "line_break":
        what = f"'{name}'" if isinstance(detail["loc"][-1], str) else "this"
        is_escape = value.raw.startswith('"') and "\n" not in value.raw
        hint = "Delete its '\\n'; for a backslash itself, write two." if is_escape else "Remove the line break."
        return error(place, "invalid-value", f"{what} must be one line.", hint)
    written = tree.scalars.get(loc, value)
    message = f"'{written}' is not allowed for '{name}'"
    fix: str | None = wanted.cure(str(written)) if hasattr(wanted, "cure") else getattr(wanted, "CURE", None)
    if kind == "literal_error" and can_guess:
        words = [word.strip("'\" ") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        fix = guess(str(value), words, "Write one of") or fix
    if fix is None:
        message += f": {detail['msg'][:1].lower()}{detail['msg'][1:]}"
        fix = _HINTS.get(kind, "Write another value.")
    return error(place, "invalid-value", f"{message}.", fix, len(tree.scalars.get(loc, str(value))))


def key_name(detail: ErrorDetails) -> str:
    """The key of a mistake as it is written; pydantic names a default by its field, as in `from_`."""
    return str(detail["loc"][-1]).removesuffix("_") if detail["loc"] else ""


def nothing(model: type[BaseModel], loc: Loc, tree: Tree, base: Loc) -> Diagnostic:
    """The problem of a key or an item without a value."""
    kind = kind_at(model, loc[len(base) :])
    is_list = typing.get_origin(kind) in (list, tuple)
    expected = "a group of keys" if is_model(kind) or typing.get_origin(kind) is dict else "a value"
    message = f"{'a list' if is_list else expected} is missing here."
    hint = getattr(kind, "CURE", None) or _below(kind)
    if hint is None:
        hint = "Write something." if is_required(model, loc[len(base) :]) else "Write something, or delete the line."
    return error(_place(tree, loc, value=True), "wrong-type", message, hint)


def _below(kind: Any) -> str | None:
    """The hint for a key that needs a list or a group."""
    if typing.get_origin(kind) in (list, tuple):
        return "Write its items below it, each on a line that begins with '- '."
    keys = ", ".join(f"'{key}: …'" for key in keys_needed(kind))
    return f"Write its keys below it, indented: {keys}." if keys else None


def _unknown_key(
    model: type[BaseModel], name: str, loc: Loc, tree: Tree, base: Loc, missing: list[str] | None
) -> Diagnostic:
    if missing is None:
        return error(tree.keys[loc], "unknown-key", f"the key '{name}' is unknown here.", None, len(name))
    moved = getattr(kind_at(model, loc[len(base) : -1]), "MOVED", {})
    if name in moved:
        return error(tree.keys[loc], "unknown-key", f"the key '{name}' is unknown here.", moved[name], len(name))
    known = keys_at(model, loc[len(base) : -1])
    hint = guess(name, known, "The keys are")
    if nearest(name, known) is None:
        hint = f"{hint or ''}{_belongs_above(name, loc, tree)}" or None
    if missing and nearest(name, known) not in missing:
        near = nearest(name, missing)
        hint = f"Did you mean '{near or missing[0]}'? That key is missing."
        if near is None and len(missing) > 1:
            hint = f"The keys here are {', '.join(repr(f'{key}: …') for key in missing)}."
    message = f"the key '{name}' is unknown here{strange(name)}."
    return error(tree.keys[loc], "unknown-key", message, hint, len(name))


def _belongs_above(name: str, loc: Loc, tree: Tree) -> str:
    """The hint that a key may belong to the group above it, if there is one."""
    group: Any = tree.value
    for step in loc[:-1]:
        group = group[step]
    above = list(group)[: list(group).index(name)]
    is_group = bool(above) and isinstance(group[above[-1]], dict | list)
    return f" If it belongs to '{above[-1]}' above, indent it like the keys there." if is_group else ""


def _fault(detail: ErrorDetails, loc: Loc, tree: Tree) -> Diagnostic:
    """The problem that a validator of ours raised."""
    fault = detail["ctx"]["error"]
    way = loc + getattr(fault, "key", ())
    place = _place(tree, way, value=bool(loc) and not getattr(fault, "at_key", False))
    hint = getattr(fault, "hint", None) or "Write another value."
    return error(place, "invalid-value", f"{fault}.", hint)


def _place(tree: Tree, loc: Loc, value: bool = False) -> Place:
    """Of the key where there is one, of the value where that is asked for."""
    if not value and loc in tree.keys:
        return tree.keys[loc]
    return tree.values.get(loc) or tree.keys.get(loc) or next(iter(tree.values.values()))


def _bad_id(detail: ErrorDetails, loc: Loc, tree: Tree) -> Diagnostic:
    place = tree.values[loc] if loc and loc[-1] == "id" else _place(tree, loc)
    written = str(detail["input"])
    hint = "An id has lowercase letters a to z, digits, and single '-' or '_' between them."
    meant = re.sub("[-_]{2,}", lambda marks: marks[0][0], fold(written)).strip("-_")
    if Id.PATTERN.fullmatch(meant):
        hint = f"Write '{meant}'. {hint}"
    return error(place, "invalid-id", f"'{written}' cannot be an id{strange(written)}.", hint, len(written))


def _wrong_type(detail: ErrorDetails, loc: Loc, tree: Tree, needed: str | None) -> Diagnostic:
    (expected, hint), value, place = _EXPECTED[detail["type"]], detail["input"], _place(tree, loc, value=True)
    if loc in tree.scalars and detail["type"] == "string_type":
        written = tree.scalars[loc]
        message = f"{expected} must be here, but YAML does not read '{written}' as text."
        return error(place, "wrong-type", message, f'Put it in quotes: "{written}".', len(written))
    given = "a group of keys" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"'{value}'"
    return error(place, "wrong-type", f"{expected} must be here, not {given}.", needed or hint)
