"""Edits of YAML: the value asked for changes, every other byte stays, and what cannot be edited is refused."""

import pytest

from handover.write.yaml_edit import CannotEdit, append_entry, append_keys, replace_value

OLD, NEW, HARD = "https://a.example/old", "https://a.example/new", "https://a.example/?a='1',2&b=[3]"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "# Größe: 1 — 🧭\n"])
@pytest.mark.parametrize(
    ("style", "old", "new", "hard"),
    [
        ("plain", OLD, NEW, f'"{HARD}"'),
        ("single", f"'{OLD}'", f"'{NEW}'", f"'{HARD.replace(chr(39), chr(39) * 2)}'"),
        ("double", f'"{OLD}"', f'"{NEW}"', f'"{HARD}"'),
        ("double on two lines", '"https://a.example/\\\n    old"', f'"{NEW}"', f'"{HARD}"'),
        ("folded", f">-\n    {OLD}", f">-\n    {NEW}", f">-\n    {HARD}"),
        ("literal", f"|- # note\n    {OLD}\n", f"|- # note\n    {NEW}\n", f"|- # note\n    {HARD}\n"),
    ],
)
def test_a_value_is_replaced_in_its_own_style(ends: str, start: str, style: str, old: str, new: str, hard: str) -> None:
    def file(address: str) -> str:
        text = f"{start}a:   {{url: {OLD}, title: '{OLD}'}}\nb:\n  url:   {address}\n  end: true # {OLD}\n"
        return text.replace("\n", ends)

    assert replace_value(file(old), ("b", "url"), NEW) == file(new)
    assert replace_value(file(old), ("b", "url"), HARD) == file(hard)


@pytest.mark.parametrize(
    "text",
    [
        f"b: {{url: &x {OLD}}}\nc: *x\n",
        f"b: &x {{url: {OLD}}}\nc: *x\n",
        f"b: {{url: !!str {OLD}}}\n",
        f"b: {{url: {OLD}}}\nb: {{url: {OLD}}}\n",
        f"c: {{url: {OLD}}}\n",
        "b: [\n",
        "b: 1\n",
    ],
)
def test_what_would_change_something_else_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        replace_value(text, ("b", "url"), NEW)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k:\n  - a: 1\n    b: |\n      text\n\n      more\n\n# margin\nz: []\n",
         "k:\n  - a: 1\n    b: |\n      text\n\n      more\n\n  - n: 1\n    m: 2\n\n# margin\nz: []\n"),
        ("k: # all\n- a\n# margin", "k: # all\n- a\n\n- n: 1\n  m: 2\n# margin\n"),
        ("k:\n    - a\n    # inside\n", "k:\n    - a\n    # inside\n\n    - n: 1\n      m: 2\n"),
        ('"k":\n- "a\n\n  b"\nz: 1\n', '"k":\n- "a\n\n  b"\n\n- n: 1\n  m: 2\nz: 1\n'),
    ],
)  # fmt: skip
def test_an_entry_is_added_at_the_end_of_a_list(before: str, after: str, ends: str) -> None:
    assert append_entry(before.replace("\n", ends), "k", "- n: 1\n  m: 2\n") == after.replace("\n", ends)


@pytest.mark.parametrize("text", ["k: []\n", "k: [{a: 1}]\n", "k: x\n", "k:\n", "other:\n- a\n", "- k\n", "", "k: [\n"])
def test_a_list_without_a_line_for_each_entry_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        append_entry(text, "k", "- n: 1\n")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("", "", "c: 3\n"),
        ("# Links\n", "", "# Links\n\nc: 3\n"),
        ("a: 1 # one\n\n\n", "", "a: 1 # one\n\nc: 3\n"),
        ("a:\n  b: 2\n\n# next\nd: 4\n", "a", "a:\n  b: 2\n  c: 3\n\n# next\nd: 4\n"),
        ("a:\n    b: 2\n", "a", "a:\n    b: 2\n    c: 3\n"),
        ("d: 4\n", "a", "d: 4\n\na:\n  c: 3\n"),
    ],
)
def test_keys_are_added_at_the_end_of_a_mapping(ends: str, text: str, key: str, expected: str) -> None:
    assert append_keys(text.replace("\n", ends), "c: 3\n", key).replace("\r\n", "\n") == expected


@pytest.mark.parametrize(
    ("text", "key"), [("{a: 1}\n", ""), ("c: 1\n", ""), ("- a\n", ""), ("a: {b: 2}\n", "a"), ("a: [\n", "")]
)
def test_a_mapping_without_a_line_for_each_key_is_refused(text: str, key: str) -> None:
    with pytest.raises(CannotEdit):
        append_keys(text, "c: 3\n", key)
