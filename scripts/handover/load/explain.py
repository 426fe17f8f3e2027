"""The problems that pydantic found, in the words of the people who write the files."""

import re
import typing
from typing import Any

from pydantic_core import ErrorDetails

from handover.load.shape import Part, is_model, keys_needed
from handover.load.yaml_tree import Loc
from handover.model.diagnostic import Diagnostic, error
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
_MOVED: dict[str, dict[str, str]] = {
    "Brand": {"direction": "Delete it: the direction follows from 'language'."},
    "Cell": {
        "order_type": "Write 'row: …'.",
        "team": "Write 'column: …'.",
        "text": "Write 'summary: …' beside a scenario, or 'not_applicable: …' with the reason why there is none.",
        "reason": "Write 'not_applicable: …'.",
    },
    "About": {"order_type": "Write 'row: …'.", "team": "Write 'column: …'."},
    "Playbook": {
        "order_types": "Write them under 'matrix': 'rows:' with 'label: Order type' and 'entries:'.",
        "teams": "Write them under 'matrix': 'columns:' with 'label: Team' and 'entries:'.",
    },
    "Step": {
        "does": "Write 'do: …'.",
        "deadline": "Write 'within: 24 hours', and the event that it counts from: 'of: the purchase'.",
        "wait": "Write 'after: 3 days'.",
        "delay": "Write 'after: 3 days'.",
        "owner": "Write 'who: …'.",
        "then": "It belongs to the scenario: write it beside 'steps'.",
    },
    "Item": {
        "post": "Write 'message: <id>', the id of a message with 'kind: post' in content/messages.",
        "who": "Write 'owner: …'.",
        "deadline": "Write 'within: 2 days', and the event that it counts from: 'of: the call'.",
        "after": "An item has a deadline: write 'within: …' and 'of: …'. A step can have 'after'.",
        "before": "An item has a deadline: write 'within: …' and 'of: …'. A step can have 'before'.",
        "heading": "Write a checklist of its own for each part, with a 'title'.",
        "phase": "Write a checklist of its own for each phase, with a 'title'.",
    },
    "Checklist": {
        "steps": "Write 'items:'.",
        "heading": "Write 'title: …'.",
        "who": "Write 'owner: …'.",
        "phase": "Write it as the 'title': each phase is a checklist of its own.",
        "phases": "Write a checklist of its own for each phase, with a 'title'.",
    },
    "Scenario": {
        "flow": "Write 'steps:', each with 'who: …' and 'do: …'.",
        "messages": "Name each message in its step under 'steps': 'message: <id>'.",
        "deadline": "Write it in its step under 'steps': 'within: 24 hours' and 'of: the purchase'.",
        "checklist": "Write 'checklists:', a list; each has an 'id', a 'title' and 'items'.",
        "phases": "Write a checklist of its own for each phase, under 'checklists'.",
    },
}
"""By model: keys of other places, other words for keys and those of version 0.1, each with what to write instead."""
_HINTS = {
    "string_too_long": "Shorten it.",
    "too_long": "Remove some.",
    "url_parsing": "Write the whole URL, starting with https://.",
    "url_scheme": "Write the whole URL, starting with https://.",
}


def explain(part: Part, detail: ErrorDetails, way: Loc, missing: list[str], can_guess: bool) -> Diagnostic:
    """The problem that pydantic found in a part; the `way` to it leads as far as the file has it.

    `missing` are the keys that are missing beside it. Without `can_guess`, an unknown word is not compared with others.
    """
    kind, name = detail["type"], key_name(detail)
    if kind == "extra_forbidden":
        return _unknown_key(part, name, way, missing if can_guess else None)
    if kind == "missing":
        what, hint = f"the key '{name}' is", f"Add a line '{name}: …'."
        if len(missing) > 1:
            *others, last = (f"'{each}'" for each in missing)
            what, hint = f"the keys {', '.join(others)} and {last} are", "Add a line for each."
        return error(part.place(way), "missing-key", f"{what} missing.", hint)
    if name == "[key]" or (name == "id" and kind not in _EXPECTED):
        keys = typing.get_args(part.type(way[:-1])) if name == "[key]" else ()
        cure = getattr(next(iter(keys), None), "CURE", None)
        if cure is None:
            return _bad_id(part, detail, way)
        return error(part.place(way), "invalid-value", f"'{way[-1]}' is not allowed here.", cure, len(str(way[-1])))
    if kind in _EXPECTED:
        return _wrong_type(part, detail, way)
    if kind == "value_error":  # of a validator of ours
        fault = detail["ctx"]["error"]
        place = part.place(way + fault.key, of_value=bool(part.base + way) and not fault.at_key)
        return error(place, "invalid-value", f"{fault}.", fault.hint or "Write another value.")
    return _bad_value(part, detail, way, can_guess)


def _bad_value(part: Part, detail: ErrorDetails, way: Loc, can_guess: bool) -> Diagnostic:
    """The problem of a value that is of the right type, but that this type refuses."""
    kind, name, value, place = detail["type"], key_name(detail), detail["input"], part.place(way, of_value=True)
    if kind == "too_short":
        return error(place, "invalid-value", f"'{name}' is empty.", "Write at least one.")
    if kind in ("string_too_short", "blank"):
        return error(place, "invalid-value", f"'{name}' is empty.", "Write something, or delete the line.")
    if kind == "line_break":
        what = f"'{name}'" if isinstance(detail["loc"][-1], str) else "this"
        is_escape = value.raw.startswith('"') and "\n" not in value.raw
        hint = "Delete its '\\n'; for a backslash itself, write two." if is_escape else "Remove the line break."
        return error(place, "invalid-value", f"{what} must be one line.", hint)
    written, wanted = str(part.tree.scalars.get(part.base + way, value)), part.type(way)
    message = f"'{written}' is not allowed for '{name}'"
    fix: str | None = wanted.cure(written) if hasattr(wanted, "cure") else getattr(wanted, "CURE", None)
    if kind == "literal_error" and can_guess:
        words = [word.strip("'\" ") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        fix = guess(str(value), words, "Write one of") or fix
    if fix is None:
        message += f": {detail['msg'][:1].lower()}{detail['msg'][1:]}"
        fix = _HINTS.get(kind, "Write another value.")
    return error(place, "invalid-value", f"{message}.", fix, len(written))


def key_name(detail: ErrorDetails) -> str:
    """The key of a mistake as it is written; pydantic names a default by its field, as in `from_`."""
    return str(detail["loc"][-1]).removesuffix("_") if detail["loc"] else ""


def nothing(part: Part, way: Loc) -> Diagnostic:
    """The problem of a key or an item without a value."""
    kind = part.type(way)
    is_list = typing.get_origin(kind) in (list, tuple)
    expected = "a group of keys" if is_model(kind) or typing.get_origin(kind) is dict else "a value"
    message = f"{'a list' if is_list else expected} is missing here."
    is_required = way[-1] in keys_needed(part.type(way[:-1]))
    otherwise = "Write something." if is_required else "Write something, or delete the line."
    hint = getattr(kind, "CURE", None) or _below(kind) or otherwise
    return error(part.place(way, of_value=True), "wrong-type", message, hint)


def _below(kind: Any) -> str | None:
    """The hint for a key that needs a list or a group."""
    if typing.get_origin(kind) in (list, tuple):
        return "Write its items below it, each on a line that begins with '- '."
    keys = ", ".join(f"'{key}: …'" for key in keys_needed(kind))
    return f"Write its keys below it, indented: {keys}." if keys else None


def _unknown_key(part: Part, name: str, way: Loc, missing: list[str] | None) -> Diagnostic:
    place, message = part.place(way), f"the key '{name}' is unknown here."
    moved = _MOVED.get(getattr(part.type(way[:-1]), "__name__", ""), {})
    if missing is None or name in moved:
        return error(place, "unknown-key", message, moved.get(name), len(name))
    known = part.keys(way[:-1])
    hint, near = guess(name, known, "The keys are"), nearest(name, known)
    group = part.value(way[:-1])
    above = list(group)[: list(group).index(name)][-1:]
    if near is None and above and isinstance(group[above[0]], dict | list):
        hint = f"{hint or ''} If it belongs to '{above[0]}' above, indent it like the keys there."
    if missing and near not in missing:
        near = nearest(name, missing)
        hint = f"Did you mean '{near or missing[0]}'? That key is missing."
        if near is None and len(missing) > 1:
            hint = f"The keys here are {', '.join(repr(f'{key}: …') for key in missing)}."
    return error(place, "unknown-key", f"the key '{name}' is unknown here{strange(name)}.", hint, len(name))


def _bad_id(part: Part, detail: ErrorDetails, way: Loc) -> Diagnostic:
    place = part.place(way, of_value=way[-1:] == ("id",))
    written = str(detail["input"])
    hint = "An id has lowercase letters a to z, digits, and single '-' or '_' between them."
    meant = re.sub("[-_]{2,}", lambda marks: marks[0][0], fold(written)).strip("-_")
    if Id.PATTERN.fullmatch(meant):
        hint = f"Write '{meant}'. {hint}"
    return error(place, "invalid-id", f"'{written}' cannot be an id{strange(written)}.", hint, len(written))


def _wrong_type(part: Part, detail: ErrorDetails, way: Loc) -> Diagnostic:
    (expected, hint), value, place = _EXPECTED[detail["type"]], detail["input"], part.place(way, of_value=True)
    written = part.tree.scalars.get(part.base + way)
    if written is not None and detail["type"] == "string_type":
        message = f"{expected} must be here, but YAML does not read '{written}' as text."
        return error(place, "wrong-type", message, f'Put it in quotes: "{written}".', len(written))
    given = "a group of keys" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"'{value}'"
    needed = _below(part.type(way)) if expected == _KEYS[0] else None
    if expected == _TEXT[0] and isinstance(value, dict):
        needed = "Put text that has ': ' in it in quotes."
    return error(place, "wrong-type", f"{expected} must be here, not {given}.", needed or hint)
