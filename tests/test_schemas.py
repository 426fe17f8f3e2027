"""The JSON Schemas under data/schema: fresh, true, and as strict as the check."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from jsonschema import Draft7Validator

from handover.load.files import TextFile
from handover.load.front_matter import split
from handover.load.yaml_tree import parse
from handover.render.schemas import KINDS, Kind
from tests.conftest import ROOT, Run
from tests.test_cases import BAD, GOOD, lay_out

STRUCTURE = {"unknown-key", "missing-key", "wrong-type", "empty-file"}
"""Codes that are about structure alone; of `invalid-id` and `invalid-value` some findings are."""


def kind_of(path: str) -> Kind | None:
    """The kind of the file at a path."""
    for kind in KINDS:
        if PurePosixPath(path).match(re.sub(r"<\w+>", "*", kind.files)):
            return kind
    return None


def validator(kind: Kind) -> Draft7Validator:
    schema = json.loads((ROOT / f"data/schema/{kind.name}.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def as_an_editor_reads_it(root: Path, path: str) -> Any:
    """The YAML of a file, or of its front matter; dates as text, as in YAML 1.2."""
    file = TextFile(path, (root / path).read_text(encoding="utf-8"))
    tree = split(file, [], required=False)[0] if path.endswith(".md") else parse(file, [])
    assert tree is not None, path
    return json.loads(json.dumps(tree.value, default=date.isoformat))


def structural(found: str) -> Iterator[str]:
    """The paths of files that have a mistake of structure, by what `handover check` says."""
    for path, code, message in re.findall(r"^(.*?):\d+:\d+: error ([a-z-]+): (.*)$", found, re.MULTILINE):
        about_a_key = code == "invalid-id" and not re.search("Rename the file|cannot be called", message)
        value_alone = "is not allowed for" in message or re.match(r"a (?:post|script) has no '", message)
        if code in STRUCTURE or about_a_key or (code == "invalid-value" and value_alone):
            yield path


def shipped(root: Path = ROOT) -> list[str]:
    paths = [*root.glob("data/*.yml"), *root.glob("data/*/*.yml"), *root.glob("content/*/*.md")]
    return sorted(path.relative_to(root).as_posix() for path in paths)


def test_the_command_writes_what_is_committed(handover: Run, tmp_path: Path) -> None:
    result = handover("schema", "--out", str(tmp_path / "schemas"))
    assert (result.returncode, result.stderr) == (0, "")
    written = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert written == sorted(path.name for path in (ROOT / "data/schema").iterdir())
    for name in written:
        fresh = (tmp_path / "schemas" / name).read_bytes() == (ROOT / "data/schema" / name).read_bytes()
        assert fresh, f"data/schema/{name} is stale: run `make schema` and commit what it writes"


@pytest.mark.parametrize("root", [ROOT, *GOOD, ROOT / "templates/init"], ids=lambda root: root.name)
def test_every_file_that_passes_the_check_is_valid(root: Path) -> None:
    paths = shipped(root)
    assert len(paths) > 5
    for path in paths:
        kind = kind_of(path)
        assert kind is not None, f"no schema is for {path}"
        value = as_an_editor_reads_it(root, path)
        assert [f"{path}: {fault.message}" for fault in validator(kind).iter_errors(value)] == []


CASES = [case for case in BAD if list(structural((case / "expected.txt").read_text(encoding="utf-8")))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_case_of_structure_is_bad_to_the_schema_too(case: Path, tmp_path: Path) -> None:
    root = lay_out(case, tmp_path / "case")
    for path in structural((case / "expected.txt").read_text(encoding="utf-8")):
        kind = kind_of(path)
        assert kind is not None, path
        assert list(validator(kind).iter_errors(as_an_editor_reads_it(root, path))), path


def test_there_are_bad_cases_of_every_structure() -> None:
    text = "".join((case / "expected.txt").read_text(encoding="utf-8") for case in CASES)
    assert {code for code in (*STRUCTURE, "invalid-id", "invalid-value") if f" error {code}: " not in text} == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_schema_helps_to_write(kind: Kind) -> None:
    """Every key has a title, a description and an example; a choice lists what can be chosen."""
    schema = json.loads((ROOT / f"data/schema/{kind.name}.schema.json").read_text(encoding="utf-8"))
    assert schema["title"] == kind.files
    assert schema["description"]
    for part in (schema, *schema["$defs"].values()):
        for name, field in part.get("properties", {}).items():
            assert field.get("description"), f"{kind.name}: {name} has no description"
            assert field.get("title") or "$ref" in field, f"{kind.name}: {name} has no title"
            assert field.get("examples"), f"{name} has no example in templates/{kind.example}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_that_shows_every_key_is_itself_sound(kind: Kind) -> None:
    value = as_an_editor_reads_it(ROOT / "templates", kind.example)
    assert [fault.message for fault in validator(kind).iter_errors(value)] == []
    for name, entry in value.items() if kind.entries else [(kind.name, value)]:
        extra = {"id": name} if "id" in kind.model.model_fields else {}
        kind.model.model_validate({**extra, **entry})


@pytest.mark.parametrize("path", [path for path in shipped() if path.endswith(".yml")])
def test_every_yaml_file_says_which_schema_is_its_own(path: str) -> None:
    first = (ROOT / path).read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (ROOT / path).parent / first.partition("=")[2]
    kind = kind_of(path)
    assert kind is not None
    assert named.resolve() == ROOT / f"data/schema/{kind.name}.schema.json"


def test_the_settings_of_the_editor_cover_every_yaml_file() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    for path in shipped():
        kind = kind_of(path)
        if path.endswith(".yml") and kind is not None:
            pattern = settings["yaml.schemas"][f"data/schema/{kind.name}.schema.json"]
            assert PurePosixPath(path).match(pattern)
