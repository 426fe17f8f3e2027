"""The reference on the site leaves nothing out: every key, command, option, code and platform."""

import html
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import click
import pytest
import yaml

from handover.cli import COMMANDS
from handover.model.base import Model
from handover.model.placeholder import Placeholder
from handover.render.schemas import KINDS, Kind, meanings
from tests.conftest import ROOT


def sections(page: Path) -> dict[str, str]:
    """The words of each section of a page, by its anchor."""
    text = page.read_text(encoding="utf-8").split("</article>", 1)[0]
    parts = re.split(r'<h2 id="([^"]+)"', text)
    names, bodies = parts[1::2], parts[2::2]
    made = {}
    for name, body in zip(names, bodies, strict=True):
        # Code and emphasis stand inside words, everything else between them.
        plain = re.sub(r"<[^>]*>", " ", re.sub(r"</?(?:code|strong|em|span)\b[^>]*>", "", body))
        made[name] = " ".join(html.unescape(plain).split())
    return made


def models(kind: Any) -> Iterator[type[Model]]:
    """The models in a type, with those that their fields have."""
    if isinstance(kind, type) and issubclass(kind, Model):
        yield kind
        for field in kind.model_fields.values():
            yield from models(field.annotation)
    elif isinstance(kind, UnionType) or get_origin(kind):
        for part in get_args(kind):
            yield from models(part)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_key_is_there_with_its_meaning(dist: Path, kind: Kind) -> None:
    section = sections(dist / "reference/files/index.html")[kind.name]
    for model in models(kind.model):
        for name, field in model.model_fields.items():
            if name == "id" and model in (kind.model, Placeholder):  # the name of the file, or the key
                continue
            assert re.search(rf"(?:^| |\.){re.escape(field.alias or name)} ", section), f"{model.__name__}.{name}"
            meaning = " ".join(meanings(model)[name].replace("`", "").split())
            assert meaning, f"{model.__name__}.{name}"
            assert meaning in section, f"{model.__name__}.{name}: {meaning}"


def test_the_page_of_a_key_says_type_default_and_example(dist: Path) -> None:
    section = sections(dist / "reference/files/index.html")["platform"]
    assert "format fragment to paste into an editor, document for a full HTML email." in section
    assert "Value: one of fragment, document. Required. Example: document" in section
    assert "tokens.<id>.verified False if the name is not from the vendor's documentation." in section
    assert "Value: true or false. Default: true." in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_with_its_options(dist: Path, name: str) -> None:
    command = import_module(f"handover.cli.{name}_command").command
    section = sections(dist / "reference/commands/index.html")[name]
    assert command.help, f"'handover {name}' says nothing about itself"
    assert " ".join(command.help.replace("`", "").split()) in section
    for parameter in command.params:
        assert parameter.help, f"'handover {name}' does not say what {parameter.name} is for"
        assert " ".join(parameter.help.replace("`", "").split()) in section
        written = (
            parameter.opts if isinstance(parameter, click.Option) else [parameter.make_metavar(click.Context(command))]
        )
        for each in written:
            assert each in section


def test_every_code_is_there(dist: Path) -> None:
    page = (ROOT / "templates/handbook/diagnostics.md").read_text(encoding="utf-8")
    codes = re.findall(r"^## ([a-z0-9-]+)$", page, re.MULTILINE)
    assert len(codes) > 40
    assert list(sections(dist / "diagnostics/index.html")) == codes


@pytest.mark.parametrize("path", sorted((ROOT / "data/platforms").glob("*.yml")), ids=lambda path: path.stem)
def test_every_platform_is_there_with_all_that_its_file_says(dist: Path, path: Path) -> None:
    section = sections(dist / "reference/platforms/index.html")[path.stem]
    values = list(leaves(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert len(values) > 5
    for value in values:
        assert " ".join(str(value).split()) in section


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif not isinstance(value, bool):
        yield value


def test_the_reference_is_in_the_navigation(dist: Path) -> None:
    navigation = (dist / "index.html").read_text(encoding="utf-8").split("<article", 1)[0]
    for address in (
        "reference/writing/",
        "reference/files/",
        "reference/commands/",
        "reference/platforms/",
        "diagnostics/",
    ):
        assert f'href="{address}"' in navigation
