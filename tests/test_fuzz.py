"""Random content, for a few seconds, or for as many as FUZZ_SECONDS says (`make fuzz`: 60).

No exception, but a finding; and where there is no error, every token that was written is in every output.
"""

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.cli.pipeline import PipelineResult, run_pipeline
from tests.conftest import ROOT
from tests.test_conservation import body
from tests.test_hostile import ALPHABET

GOOD = ROOT / "tests/cases/good/tideline"
SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))

BLANK = "{{ skipper }}"
pieces = st.sampled_from([
    BLANK, "{{engineer}}", "{{ engineer_pronouns.Subject }}", "[a guide][fitting-guide]", "[when][engineer-calendar]",
    "::: include fitting\n", "\n::: only fitted\n", "\n:::\n", "# ", "\n\n", "\n- ", "\n1. ", "> ", "**", "*", "`",
    "\n```\n", "---\n", "\\", "&amp;", "<b>", "{{", "}}", "[", "](", "][", "qz1q", "\t",
])  # fmt: skip
text = st.one_of(body, st.lists(pieces | st.text(ALPHABET, max_size=12), max_size=25).map("".join))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("fuzz") / "root"))


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(message=text, block=st.none() | text)
def look(repository: Path, message: str, block: str | None) -> None:
    """One random message and block."""
    path = repository / "content/messages/season-letter.md"
    head = (GOOD / "content/messages/season-letter.md").read_text(encoding="utf-8").split("---\n")[1]
    path.write_text(f"---\n{head}---\n{message}\n", encoding="utf-8")
    fitting = (GOOD / "content/blocks/fitting.md").read_text(encoding="utf-8")
    (repository / "content/blocks/fitting.md").write_text(fitting if block is None else block, encoding="utf-8")
    result = run_pipeline(repository)
    if not result.has_errors:
        every_token_is_there(result, message)


def every_token_is_there(result: PipelineResult, message: str) -> None:
    """The blanks that stand in the message itself, counted in what was written and in what came of it."""
    code = re.findall(r"`|\\|^(?: {4}|\t)|^ *(?:```|~~~)", message, flags=re.MULTILINE)
    if code or ":::" in message:
        return  # what is code, escaped or left out is no blank: other tests look at these
    for artifact in result.artifacts:
        if (artifact.message, artifact.platform) == ("season-letter", "beacon") and artifact.format != "subject":
            assert artifact.content.count(b"$(FIRST|skipper)") >= message.count(BLANK), artifact.path


@pytest.mark.slow
@pytest.mark.sample
def test_nothing_that_anybody_writes_is_a_crash(repository: Path) -> None:
    end = time.process_time() + SECONDS
    while time.process_time() < end:
        look(repository)
