"""The engine anywhere: as a wheel, in a fresh environment, in another folder, without this checkout."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.test_serve import Live

Installed = Callable[..., "subprocess.CompletedProcess[str]"]


def run(*command: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has the wheel.

    Its dependencies are those of this environment, by a line of a `.pth` file; the editable install of the
    checkout is not among them, as Python reads no `.pth` file of a folder that another one names.
    """
    folder = tmp_path_factory.mktemp("anywhere")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv/bin/python"
    installed = run(
        sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index", str(wheel),
        cwd=folder,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    (site,) = (folder / "venv/lib").glob("python3*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv/bin"


@pytest.fixture(scope="module")
def installed(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The console script of that environment, run in a folder of its own unless another is given."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    return lambda *arguments, cwd=elsewhere: run(str(fresh / "handover"), *arguments, cwd=cwd)


def test_nothing_of_the_checkout_is_used(fresh: Path, tmp_path: Path) -> None:
    where = run(str(fresh / "python"), "-c", "import handover; print(handover.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(fresh.parent)


def test_an_empty_folder_becomes_a_repository_that_builds(installed: Installed, tmp_path: Path) -> None:
    for name in (".git", ".venv"):
        (tmp_path / name).mkdir()
    (tmp_path / ".DS_Store").touch()
    started = installed("init", "--platforms", "outreach, hubspot", "--ci", "github", cwd=tmp_path)
    assert (started.returncode, started.stderr) == (0, "")
    checked = installed("check", cwd=tmp_path)
    assert (checked.stdout, checked.returncode) == ("All is well.\n", 0)
    built = installed("build", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert "From sale to success" in (tmp_path / "dist/new-customers/index.html").read_text(encoding="utf-8")
    assert "Hi Dana," in (tmp_path / "dist/exports/preview/welcome.txt").read_text(encoding="utf-8")
    assert (tmp_path / "dist/exports/outreach/welcome.html").is_file()
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == {
        ".DS_Store", ".editorconfig", ".git", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml",
        ".venv", ".vscode",
    }  # fmt: skip
    assert {"/build/", "/dist/", "/.venv/", ".DS_Store"} <= set((tmp_path / ".gitignore").read_text().split())
    for path in tmp_path.glob("data/**/*.yml"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).is_file(), path
    written = {path.name: path.read_bytes() for path in (tmp_path / "data/schema").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (ROOT / "data/schema").iterdir()}


def jobs(ci: str, root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """The jobs of a starter: the commands of each, and the files that it keeps."""
    if ci == "gitlab":
        parsed = yaml.safe_load((root / ".gitlab-ci.yml").read_text(encoding="utf-8"))
        before = parsed["default"]["before_script"]
        kept = {name: parsed[name]["artifacts"] for name in ("check", "pages")}
        return {
            name: ([*before, *parsed[name]["script"]], [*each.get("paths", ()), *each.get("reports", {}).values()])
            for name, each in kept.items()
        }
    parsed = yaml.safe_load((root / ".github/workflows/handover.yml").read_text(encoding="utf-8"))
    steps = {name: job["steps"] for name, job in parsed["jobs"].items()}
    return {
        name: (
            [step["run"] for step in each if "run" in step],
            [step["with"]["path"] for step in each if "path" in step.get("with", {})],
        )
        for name, each in steps.items()
    }


def test_each_command_of_the_ci_files_works(fresh: Path, installed: Installed, tmp_path: Path) -> None:
    """In bash, with the wheel in place of the package, and without git, as the image of the jobs has none.

    What both files do in the same words is done once.
    """
    (tmp_path / "bin").mkdir()
    for name, command in (
        ("pip", f"{sys.executable} -m pip --python {fresh}/python"),
        ("handover", fresh / "handover"),
    ):
        (tmp_path / "bin" / name).write_text(f'#!/bin/bash\nexec {command} "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    (wheel,) = fresh.parent.parent.glob("*.whl")
    environment = {"PATH": str(tmp_path / "bin"), "HANDOVER": str(wheel), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
    roots: dict[tuple[str, ...], Path] = {}
    for ci in ("gitlab", "github"):
        assert installed("init", str(tmp_path / ci), "--ci", ci).returncode == 0
        found = jobs(ci, tmp_path / ci)
        assert len(found) == 2
        for name, (commands, kept) in found.items():
            assert commands[0] == 'pip install --quiet "$HANDOVER"'
            assert commands[1].startswith("handover ")
            if (*commands,) not in roots:
                roots[*commands,] = shutil.copytree(tmp_path / ci, tmp_path / f"{ci}-{name}")
                for command in commands:
                    result = subprocess.run(
                        ["/bin/bash", "-eo", "pipefail", "-c", command],
                        cwd=roots[*commands,],
                        env=environment,
                        capture_output=True,
                        text=True,
                        check=False,
                    )
                    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
            assert all((roots[*commands,] / path).exists() for path in kept)
        assert (roots[*commands,] / "public/index.html").is_file()


def test_the_preview_follows_a_repository_elsewhere(fresh: Path, installed: Installed, tmp_path: Path) -> None:
    assert installed("init", str(tmp_path / "ours")).returncode == 0
    (tmp_path / "temporary").mkdir()
    live = Live(tmp_path / "ours", tmp_path / "temporary", fresh / "handover")
    status, page = live.get("/new-customers/")
    code, said = live.stop(signal.SIGINT)
    assert (status, code) == (200, 0), said
    assert "From sale to success" in page


def test_a_repository_of_another_company_builds(installed: Installed, tmp_path: Path) -> None:
    company = ROOT / "tests/cases/good/tideline"
    built = installed("build", "--no-site", "--root", str(company), "--out", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    assert "sensors" in (tmp_path / "out/exports/beacon/season-letter.html").read_text(encoding="utf-8")


def test_init_leaves_a_folder_that_has_something_in_it_alone(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    refused = installed("init", str(tmp_path))
    assert refused.returncode == 2
    assert "is not empty: it has letter.txt" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_engine_explains_and_writes_schemas_without_the_checkout(installed: Installed, tmp_path: Path) -> None:
    assert "A link that only the team can open" in installed("explain", "team-link").stdout
    assert installed("schema", "--out", str(tmp_path)).returncode == 0
    assert (tmp_path / "links.schema.json").read_bytes() == (ROOT / "data/schema/links.schema.json").read_bytes()
