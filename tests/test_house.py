"""The house rules: who may import whom, how large a room may be, and that the engine knows no playbook."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from handover.cli import COMMANDS
from tests.conftest import ROOT

ENGINE = ROOT / "scripts" / "handover"
MODULES = sorted(ENGINE.rglob("*.py"))


def test_every_module_starts_with_a_sentence_of_one_line() -> None:
    for path in MODULES:
        first, *rest = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")
        assert first.endswith("."), f"{path}: `make map` prints the first line of the docstring"
        assert rest[:1] in ([], [""]), f"{path}: a blank line follows the first line of the docstring"


def test_the_map_has_every_module_once_in_its_package() -> None:
    printed = subprocess.run(["make", "--silent", "map"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed, package = {}, ""
    for line in printed.splitlines():
        name, summary = line.split(maxsplit=1)
        name = f"{package}.{name}" if line.startswith(" ") else (package := name)
        assert name not in listed
        listed[name] = summary
    names = {".".join(path.relative_to(ENGINE.parent).with_suffix("").parts): path for path in MODULES}
    assert listed.keys() == {name.removesuffix(".__init__") for name in names}
    for name, summary in listed.items():
        path = names.get(name) or names[f"{name}.__init__"]
        assert f'"""{summary}' in path.read_text(encoding="utf-8").partition("\n")[0], path


def test_no_room_is_too_large() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 250, f"{path} has more than 250 lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 40, f"{path}: {node.name} has {length} lines"


def test_the_engine_is_written_in_the_words_of_its_field() -> None:
    riddles = re.compile(r"\b(?:made|said|nobody|whoever|somebody|had_again|look_of|each_of)\b")
    for path in MODULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not riddles.search(line), f"{path}:{number}: {line}"


def test_the_engine_and_its_templates_know_no_playbook_and_no_platform() -> None:
    names = [path.stem for path in (ROOT / "data/platforms").glob("*.yml")]
    words = re.compile(
        "|".join(
            [
                "gitlab",
                "salesforce",
                "handover-report",
                "amer",
                r"\bFO AE\b",
                "(?<!aria-)expand(?!tabs|user)",
                *map(re.escape, names),
            ]
        ),
        re.IGNORECASE,
    )
    python = {"iterable"}  # a platform, and a word of the language
    for path in [*MODULES, *sorted((ROOT / "templates").rglob("*"))]:
        if path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = [
                    word
                    for word in words.findall(line)
                    if not (path.suffix == ".py" and word.lower() in python) and "parameter" not in line
                ]
                assert not found, f"{path}:{number}: {line}"


def test_every_diagnostic_code_is_explained() -> None:
    page = (ROOT / "templates/handbook/diagnostics.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^## ([a-z0-9-]+)$", page, re.MULTILINE))
    used = set()
    for case in (ROOT / "tests/cases/bad").glob("*/expected.txt"):
        used |= set(re.findall(r": (?:error|warning) ([a-z0-9-]+):", case.read_text(encoding="utf-8")))
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    in_engine = {code for code in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', source) if code in explained}
    assert used <= explained, used - explained
    assert explained == in_engine | {
        code for code in explained if code.startswith("unknown-") or code.startswith("unused-")
    }


def test_every_field_of_a_data_file_says_what_it_is() -> None:
    for path in sorted((ENGINE / "model").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef) or not any(
                isinstance(base, ast.Name) and base.id in ("Model", "Short") for base in node.bases
            ):
                continue
            if node.name in ("Message", "Block", "Story", "Source"):
                continue
            for field, after in zip(node.body, [*node.body[1:], None], strict=True):
                if (
                    isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and not field.target.id.startswith("_")
                ):
                    assert isinstance(after, ast.Expr), f"{path}: {node.name}.{field.target.id} is not described"


def test_every_command_and_every_option_says_what_it_is_for() -> None:
    for name in COMMANDS:
        command = import_module(f"handover.cli.{name}_command").command
        assert command.help, f"'handover {name}' says nothing about itself"
        for parameter in command.params:
            assert parameter.help, f"'handover {name}' does not say what {parameter.name} is for: add help=…"


@pytest.mark.slow
def test_a_command_imports_only_what_it_needs() -> None:
    code = "import sys; from handover.cli import cli; print(sorted(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("'pydantic'", "'jinja2'", "'mkdocs'", "'mjml'", "'aiohttp'"):
        assert heavy not in result.stdout


@pytest.mark.slow
def test_a_check_imports_only_what_it_needs() -> None:
    code = "import atexit, sys; atexit.register(lambda: print(sorted(sys.modules)))"
    command = [sys.executable, "-c", f"{code}; from handover.cli import cli; cli(['check'])"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("'mkdocs'", "'aiohttp'", "'handover.render.pages'"):
        assert name not in result.stdout


def test_what_is_committed_names_no_index_and_no_place_of_one_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in filter(None, tracked):
        path = Path(ROOT / name)
        if path.is_file() and path.suffix not in (".png", ".webp"):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not re.search("--(?:extra-)?index" + "-url|--find" + "-links|file:" + "///", text), name
