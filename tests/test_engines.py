"""Every export, filled in as its platform fills it in, has the words and links of the preview with the same values.

Where others wrote an engine, it reads the whole file; elsewhere the grammar of the tokens is held, and no more.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from handover.check.platforms import fallbacks
from handover.cli.pipeline import PipelineResult, run_pipeline
from handover.model.base import located_texts
from handover.model.document import Artifact
from handover.model.pattern import patterns_in
from handover.model.platform import Platform
from handover.render.exports import form_of
from handover.render.spelling import FilledSpelling, PlatformSpelling, PreviewSpelling, fill
from tests.conftest import ROOT
from tests.engines import ENGINES, ESCAPING, GRAMMARS
from tests.test_line_length import read
from tests.test_platforms import PLATFORMS, lay_out

SYNTAX = "O'Neil \\ {{ x }} %%x%% *|X|* {!x} #end $x 漢"
VALUES = {
    "sample": "Dana",
    "missing": None,
    "hostile": f'Dana "Dee" {SYNTAX} <b>&amp; Co</b>',
}


@dataclass(frozen=True)
class Profile:
    """The value of each field of a platform, and what it makes of each placeholder."""

    fields: Mapping[str, str]
    placeholders: Mapping[str, str]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[PipelineResult]:
    """What is shipped, and a message of each kind with placeholders in every place."""
    case = lay_out(tmp_path_factory.mktemp("engines") / "root")
    made = [run_pipeline(ROOT), run_pipeline(case)]
    assert not any(result.has_errors for result in made), [str(each) for each in made[1].diagnostics]
    return made


def profile(platform: Platform, placeholders: Mapping[str, Any], value: str | None) -> Profile:
    """The same value in each field, with the number of the field, so that no two fields can be mistaken."""
    fields: dict[str, str] = {}
    shown: dict[str, str] = {}
    for name, token in platform.tokens.items():
        written = next((text for _, text in patterns_in(token.write)), None)
        names = re.findall(r"[\w.]+", written) if written else [str(token.name)]
        placeholder = placeholders.get(name)
        is_email = placeholder is not None and placeholder.type == "email"
        for each in names:
            if value is not None:
                fields.setdefault(each, f"dana.{len(fields)}@example.com" if is_email else f"{value} {len(fields)}")
        has_fallback = placeholder is not None and platform.key_of(placeholder) == "fallback"
        fallback = str(placeholder.fallback) if placeholder and has_fallback else ""
        shown[name] = " ".join(fields.get(each) or fallback for each in names)
    return Profile(fields, shown)


def exported(result: PipelineResult, platform: Platform) -> Iterator[tuple[Artifact, Any]]:
    """The files of a platform, each with the message or snippet as rendered."""
    rendered = {(each.document.id, each.document.variant): each for each in result.rendered}
    for artifact in result.artifacts:
        if artifact.platform == platform.id and artifact.format in ("html", "text", "subject"):
            yield artifact, rendered[artifact.message or artifact.block, artifact.variant]


def expected(artifact: Artifact, rendered: Any, platform: Platform, result: PipelineResult, values: Profile) -> str:
    """The preview's way of the same file."""
    assert result.catalog
    assert result.marks
    forms = {"html": rendered.fragment, "text": rendered.text, "subject": rendered.subject}
    if platform.format == "document" and artifact.format != "subject":
        email = rendered.emails[form_of(platform)]
        forms = {"html": email.html, "text": email.text}
    spelling = FilledSpelling(
        PlatformSpelling(platform, result.catalog, rendered.document),
        PreviewSpelling(result.catalog, values.placeholders),
    )
    return fill(forms[artifact.format], artifact.format, result.marks, spelling)


def without_foot(text: str, platform: Platform) -> str:
    """The text with words for the tokens of the foot, which have no counterpart in the preview."""
    for number, token in enumerate(located_texts(platform.footer)):
        text = text.replace(token, f"foot{number}")
    return text


def filled_in(result: PipelineResult, platform: Platform, values: Profile) -> Iterator[tuple[str, Any, Any]]:
    """Each file of a platform: its path, what the engine makes of it, and what the preview says."""
    engine = ENGINES.get(platform.id) or GRAMMARS[platform.id]
    for artifact, rendered in exported(result, platform):
        filled = engine(without_foot(artifact.content.decode(), platform), values.fields)
        wanted = without_foot(expected(artifact, rendered, platform, result, values), platform)
        is_html = artifact.format == "html"
        yield artifact.path, read(filled) if is_html else filled, read(wanted) if is_html else wanted


def test_every_platform_has_an_engine_or_a_grammar() -> None:
    assert sorted({*ENGINES, *GRAMMARS}) == PLATFORMS
    assert not ENGINES.keys() & GRAMMARS.keys()


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("name", PLATFORMS)
def test_a_filled_in_export_says_what_the_preview_says(results: list[PipelineResult], name: str, kind: str) -> None:
    value = SYNTAX if kind == "hostile" and name not in ESCAPING else VALUES[kind]
    count = 0
    for result in results:
        assert result.catalog
        platform = result.catalog.platforms[name]
        values = profile(platform, result.catalog.placeholders, value)
        for path, filled, wanted in filled_in(result, platform, values):
            assert filled == wanted, path
            count += 1
    assert count >= 3, "nothing was exported"


@pytest.mark.parametrize(
    "fallback",
    ["Tom & Co", "<b>you</b>", "O'Neil", 'my "friend"', "end\\", "back\\nslash", "a | b", "100%", "a }", "*|"],
)
def test_a_fallback_is_told_or_arrives_as_it_is(tmp_path: Path, fallback: str) -> None:
    root = lay_out(tmp_path / "root")
    file = root / "data/placeholders.yml"
    file.write_text(file.read_text().replace("  fallback: there\n", f"  fallback: {json.dumps(fallback)}\n"))
    result = run_pipeline(root)
    assert result.catalog
    wrong = []
    for platform in result.catalog.platforms.values():
        values = profile(platform, result.catalog.placeholders, None)
        alone = replace(result.catalog, platforms={platform.id: platform})
        if not list(fallbacks(alone)):
            wrong += [path for path, filled, wanted in filled_in(result, platform, values) if filled != wanted]
    assert wrong == []
