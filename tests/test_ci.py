"""What CI and pre-commit run: make targets that exist, released versions, and no more rights than needed."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from handover.cli import cli
from tests.conftest import ROOT

GITLAB = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
GITHUB = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
KEYWORDS = {"workflow", "stages", "variables", "default"}


def gitlab_jobs() -> dict[str, Any]:
    return {name: job for name, job in GITLAB.items() if name not in KEYWORDS and not name.startswith(".")}


def github_steps() -> Iterator[dict[str, Any]]:
    for job in GITHUB["jobs"].values():
        yield from job["steps"]


def gitlab_calls() -> list[str]:
    return [job["script"] for job in gitlab_jobs().values()]


def github_calls() -> list[str]:
    return [step["run"] for step in github_steps() if "run" in step]


@pytest.mark.parametrize("calls", [gitlab_calls(), github_calls()], ids=["gitlab", "github"])
def test_every_job_is_one_make_target_that_exists(calls: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    for call in calls:
        make, target, *variables = shlex.split(call)
        assert make == "make"
        assert target in phony
        for variable in variables:
            assert f"override {variable.partition('=')[0]} := " in makefile
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


def test_both_do_the_same() -> None:
    assert {call.split()[1] for call in gitlab_calls()} == {call.split()[1] for call in github_calls()}
    assert set(GITHUB["jobs"]) == {*gitlab_jobs(), "deploy"}


def test_what_is_used_is_a_released_version() -> None:
    assert re.fullmatch(r"python:3\.\d+\.\d+-bookworm", GITLAB["default"]["image"])
    for job in gitlab_jobs().values():
        assert "image" not in job
    for job in GITHUB["jobs"].values():
        assert job.get("container", GITLAB["default"]["image"]) == GITLAB["default"]["image"]
    for step in github_steps():
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@v\d+\.\d+\.\d+", step["uses"]), step
            version = step.get("with", {}).get("python-version", "3.12.8")
            assert GITLAB["default"]["image"] == f"python:{version}-bookworm"


def test_no_job_may_do_more_than_it_has_to() -> None:
    assert GITHUB["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in GITHUB["jobs"].items() if "permissions" in job}
    assert rights == {"deploy": {"pages": "write", "id-token": "write"}}
    for step in github_steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # A value of an event inside a script would be run as one.
        assert "${{" not in step.get("run", "")


def test_a_merge_request_sees_what_was_found() -> None:
    reports = {name: set(job.get("artifacts", {}).get("reports", {})) for name, job in gitlab_jobs().items()}
    assert reports == {
        "check": {"codequality", "junit"},
        "test": {"junit"},
        "browsers": set(),
        "links": {"codequality", "junit"},
        "diff": set(),
        "all-links": {"codequality", "junit"},
        "pages": set(),
    }
    assert all(job.get("artifacts", {}).get("when", "always") == "always" for job in gitlab_jobs().values())


def test_links_are_compared_with_what_the_merge_request_starts_from() -> None:
    job = GITLAB["links"]
    assert job["script"] == "make links"
    assert job["variables"].items() >= {"GIT_DEPTH": "0", "SINCE": "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}.items()
    (step,) = [step for step in github_steps() if step.get("run") == "make links"]
    assert step["env"] == {"SINCE": "HEAD^1"}


def test_what_a_change_does_is_compared_with_what_the_merge_request_starts_from() -> None:
    job = GITLAB["diff"]
    assert job["script"] == "make diff"
    assert job["variables"] == {"GIT_DEPTH": "0", "SINCE": "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}
    assert job["artifacts"]["paths"] == ["reports/diff.md"]
    (step,) = [step for step in github_steps() if step.get("run") == "make diff"]
    assert step["env"] == {"SINCE": "HEAD^1"}


STANDS_IN = """#!/bin/sh
printf '%s\\0' "$@" > arguments
mkdir -p reports && echo words > reports/diff.md
"""
"""Instead of the engine: shows what make called it with."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which make calls a program that only notes its arguments."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for stamp in (".runtime", ".installed"):
        (tmp_path / ".venv" / stamp).touch()
    (tmp_path / ".venv/bin/handover").write_text(STANDS_IN)
    (tmp_path / ".venv/bin/handover").chmod(0o755)
    return tmp_path


def make(checkout: Path, target: str, *variables: str, **environment: str) -> list[str]:
    """The arguments that `make` calls the engine with."""
    command = ["make", "--silent", target, *variables]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True, env={**os.environ, **environment})
    return (checkout / "arguments").read_text().split("\0")[:-1]


HOSTILE = [
    "x'; touch ran; '",
    'x"; touch ran; "',
    "x; touch ran #",
    "$(touch ran)",
    "$$(touch ran)",
    "`touch ran`",
    "$(shell touch ran)",
    "${shell touch ran}",
    "two words",
    "--help",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_from_outside_is_a_part_of_a_command(checkout: Path, value: str) -> None:
    def both(target: str, name: str) -> Iterator[list[str]]:
        yield make(checkout, target, **{name: value})
        yield make(checkout, target, f"{name}={value}")

    for arguments in both("links", "SINCE"):
        assert arguments[:3] == ["links", "--since", value]
    for arguments in both("diff", "SINCE"):
        assert arguments[-2:] == ["--", value]
    for arguments in both("links", "LINK_REPORT"):
        assert f"json={value}" in arguments
    (checkout / value).touch()
    for arguments in both("pages", "LINK_REPORT"):
        assert arguments[-2:] == ["--link-report", value]
    make(checkout, "diff", GITHUB_STEP_SUMMARY=str(checkout / value))
    assert (checkout / value).read_text() == "words\n"
    assert not (checkout / "ran").exists()


def test_without_a_value_make_takes_what_is_usual(checkout: Path) -> None:
    assert "--since" not in make(checkout, "links")
    assert "--fresh" in make(checkout, "links", "FRESH=1")
    assert make(checkout, "diff")[-2:] == ["--", "main"]
    assert "--link-report" not in make(checkout, "pages")
    (checkout / ".cache/links").mkdir(parents=True)
    (checkout / ".cache/links/report.json").touch()
    assert make(checkout, "pages")[-2:] == ["--link-report", ".cache/links/report.json"]


@pytest.mark.parametrize("name", [".venv", "reports"])
def test_make_writes_through_no_link(checkout: Path, name: str) -> None:
    (checkout / name).mkdir(exist_ok=True)
    (checkout / name).rename(checkout / "victim")
    (checkout / name).symlink_to("victim")
    before = sorted((checkout / "victim").rglob("*"))
    result = subprocess.run(["make", "check"], cwd=checkout, capture_output=True, text=True)
    assert result.returncode == 2
    assert f"{name} is a symbolic link" in result.stdout
    assert sorted((checkout / "victim").rglob("*")) == before


def test_each_cache_is_keyed_by_what_it_depends_on() -> None:
    packages = GITLAB["default"]["cache"]
    assert packages["key"]["files"] == ["requirements.lock", "requirements-test.lock"]
    keys = {
        name: [cache["key"] for cache in job["cache"] if cache != packages]
        for name, job in gitlab_jobs().items()
        if "cache" in job
    }
    assert keys == {
        "links": ["links-$CI_COMMIT_REF_SLUG"],
        "all-links": ["links-$CI_DEFAULT_BRANCH"],
        "pages": ["links-$CI_DEFAULT_BRANCH"],
    }
    setups = [step for step in github_steps() if step.get("uses", "").startswith("actions/setup-python@")]
    assert {step["with"]["cache-dependency-path"] for step in setups} == {"requirements*.lock"}


def test_the_results_of_links_are_kept_whatever_happens_to_the_job() -> None:
    for name in ("links", "all-links"):
        job = gitlab_jobs()[name]
        assert job["timeout"]
        assert job["variables"]["RUNNER_SCRIPT_TIMEOUT"]
        cache = next(cache for cache in job["cache"] if str(cache["key"]).startswith("links-"))
        assert (cache["when"], cache["unprotect"]) == ("always", True)
        steps = GITHUB["jobs"][name]["steps"]
        run = next(step for step in steps if "make links" in step.get("run", ""))
        assert run["timeout-minutes"] < GITHUB["jobs"][name]["timeout-minutes"]
        after = steps[steps.index(run) + 1 :]
        assert {step["uses"].partition("@")[0] for step in after} == {"actions/cache/save", "actions/upload-artifact"}
        assert {step["if"] for step in after} == {"always()"}
    pages = next(cache for cache in GITLAB["pages"]["cache"] if str(cache["key"]).startswith("links-"))
    assert pages["unprotect"] is True


def test_the_hooks_run_what_exists() -> None:
    own = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"][0]
    others = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    assert shlex.split(own["entry"]) == ["make", "--silent", "check"]
    script, command = shlex.split(others["entry"])
    assert script == "handover"
    assert command in cli.list_commands(None)  # type: ignore[arg-type]
    for hook in (own, others):
        assert hook["pass_filenames"] is False
        assert re.search(hook["files"], "data/links.yml")
        assert re.search(hook["files"], "content/blocks/priority-support.md")
        assert not re.search(hook["files"], "README.md")
