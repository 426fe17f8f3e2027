"""`handover new`: files that are whole as they are, and say what is still to be written."""

import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from handover.cli import cli
from tests.conftest import ROOT, Run

KINDS = ["message", "scenario", "block", "platform", "playbook"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small repository of another company."""
    return Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "tideline"))


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def files(root: Path) -> dict[str, str]:
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


MESSAGES = [("message", "--kind", kind) for kind in ("personal", "marketing", "post", "script")]


@pytest.mark.parametrize(
    ("kind", "options"), [(kind, []) for kind in KINDS] + [(kind, more) for kind, *more in MESSAGES]
)
def test_what_is_written_passes_the_check_and_says_what_is_left(root: Path, kind: str, options: list[str]) -> None:
    before = files(root)
    made = call("new", kind, "emea-smb", *options, "--root", str(root))
    assert made.exit_code == 0, made.output
    written = {path for path, text in files(root).items() if before.get(path) != text}
    assert {path for path in written if f"{root}/{path}." in made.output} == written
    checked = call("check", "--root", str(root))
    assert checked.exit_code == 0, checked.output
    codes = {line.split()[2] for line in checked.output.splitlines()[:-1]}
    assert "to-fill-in:" in codes <= {"to-fill-in:", f"unused-{kind}:"}
    for path in written:
        marks = sum("FILL IN" in line and not line.lstrip().startswith("#") for line in files(root)[path].splitlines())
        assert marks == checked.output.count(f"{path}:") - checked.output.count(f"{path}:1:1: warning unused-")
        assert "\n# " in files(root)[path] or "\n  # " in files(root)[path] or path == "data/playbooks/harbour.yml", (
            f"{path} explains nothing"
        )


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_overwritten(root: Path, kind: str) -> None:
    call("new", kind, "spring", "--root", str(root))
    before = files(root)
    again = call("new", kind, "spring", "--root", str(root))
    assert again.exit_code == 2
    assert "there is already a file" in again.output
    assert files(root) == before


def test_a_name_may_be_taken_in_another_kind_and_be_a_number_or_a_yes_to_yaml(root: Path) -> None:
    for kind in KINDS:
        for name in ("crew-list", "2026", "on"):
            more = ["--playbook", "harbour"] if kind == "scenario" else []
            assert call("new", kind, name, *more, "--root", str(root)).exit_code == 0
    assert call("check", "--root", str(root)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["message", "Spring Letter"], "'Spring Letter' cannot be an id: lowercase letters a to z, digits"),
        (["message", "../escape"], "cannot be an id"),
        (["block", "a" * 81], "80 at most"),
        (["message", "index"], "a message cannot be called 'index'"),
        (["platform", "preview"], "a platform cannot be called 'preview'"),
        (["playbook", "links"], "a playbook cannot be called 'links'"),
        (["scenario", "spring", "--playbook", "harbor"], "Did you mean 'harbour'?"),
        (["message", "spring", "--playbook", "harbour"], "--playbook is for a scenario"),
        (["letter", "spring"], "is not one of"),
        (["message", "spring", "--kind", "chat"], "'chat' is not one of 'personal', 'marketing', 'post', 'script'"),
        (["block", "spring", "--kind", "post"], "--kind is for a message, and this is a block."),
    ],
)
def test_a_wrong_call_is_explained_and_writes_nothing(root: Path, arguments: list[str], said: str) -> None:
    before = files(root)
    result = call("new", *arguments, "--root", str(root))
    assert result.exit_code == 2
    assert said in result.output
    assert files(root) == before


def test_a_folder_without_a_handover_is_refused(tmp_path: Path) -> None:
    assert "there is no folder 'data'" in call("new", "message", "spring", "--root", str(tmp_path)).output


def test_a_scenario_is_added_to_the_playbook_and_nothing_else_is_touched(root: Path) -> None:
    path = root / "data/playbooks/harbour.yml"
    before = path.read_text(encoding="utf-8")
    call("new", "scenario", "winter-storage", "--root", str(root))
    after = path.read_text(encoding="utf-8")
    start = after.index("\n  - id: winter-storage\n")
    end = start + len(after) - len(before)
    assert after[:start] + after[end:] == before
    assert "steps:" in after[start:end]


def test_with_several_playbooks_the_scenario_asks_for_its_own(root: Path) -> None:
    call("new", "playbook", "shipyard", "--root", str(root))
    asked = call("new", "scenario", "spring", "--root", str(root))
    assert asked.exit_code == 2
    assert "add --playbook harbour or --playbook shipyard" in asked.output
    assert call("new", "scenario", "spring", "--playbook", "shipyard", "--root", str(root)).exit_code == 0
    assert "id: spring" in (root / "data/playbooks/shipyard.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("scenarios", "added"),
    [
        (
            "scenarios:\r\n- id: crew-change\r\n  title: Crew change\r\n  steps: [{ who: A, do: b }]\r\n"
            "\r\n# Note.\r\nquestions: []\r\n",
            True,
        ),
        (
            "scenarios: # all of them\n    - id: crew-change\n      title: Crew change\n      steps:\n"
            "        - who: A\n          within: 1 day\n          of: the sale\n          do: >-\n"
            "            Change\n\n            the crew\n",
            True,
        ),
        ("scenarios: [{ id: crew-change, title: Crew change, steps: [{ who: A, do: b }] }]\n", False),
    ],
)
def test_the_entry_fits_the_way_a_playbook_is_written(root: Path, scenarios: str, added: bool) -> None:
    path = root / "data/playbooks/harbour.yml"
    head = path.read_text(encoding="utf-8").split("scenarios:\n")[0]
    path.write_text(head + scenarios, encoding="utf-8", newline="")
    made = call("new", "scenario", "spring", "--root", str(root))
    assert made.exit_code == 0
    text = path.read_bytes().decode()
    assert ("id: spring" in text) is added
    assert ("id: spring" in made.output) is not added, "else it is printed, to be pasted"
    assert text.count("\r\n") in (0, text.count("\n"))
    checked = call("check", "--root", str(root))
    assert checked.exit_code == 0, checked.output
    assert ("unused-scenario" in checked.output) is not added


def test_no_platform_gets_a_draft_and_a_draft_of_a_platform_gets_nothing(root: Path, tmp_path: Path) -> None:
    call("new", "message", "spring", "--root", str(root))
    built = call("build", "--root", str(root), "--out", str(tmp_path / "out"), "--no-site")
    assert built.exit_code == 0, built.output
    made = {path.parent.name for path in (tmp_path / "out/exports").rglob("spring.*")}
    assert made == {"preview"}
    shown = call("show", "spring", "--platform", "mailroom", "--root", str(root))
    assert (shown.exit_code, "'spring' is a draft" in shown.output) == (2, True)
    call("new", "platform", "pigeon", "--root", str(root))
    shown = call("show", "welcome-aboard", "--variant", "sail", "--platform", "pigeon", "--root", str(root))
    assert (shown.exit_code, "'pigeon' is a draft" in shown.output) == (2, True)
    text = (root / "content/messages/spring.md").read_text(encoding="utf-8")
    (root / "content/messages/spring.md").write_text(text.replace("FILL IN", "Say"), encoding="utf-8")
    assert call("show", "spring", "--platform", "mailroom", "--root", str(root)).exit_code == 0


def test_a_template_of_the_team_itself_is_used_and_its_mistake_is_said(root: Path) -> None:
    own = root / "templates/new/block.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text("---\ntitle: {{ title }}\n---\nOur own beginning.\n", encoding="utf-8")
    assert call("new", "block", "first", "--root", str(root)).exit_code == 0
    assert "Our own beginning." in (root / "content/blocks/first.md").read_text(encoding="utf-8")
    own.write_text("---\n{{ title\n", encoding="utf-8")
    result = call("new", "block", "second", "--root", str(root))
    assert (result.exit_code, "templates/new/block.md.j2:" in result.output) == (2, True)


@pytest.mark.usefixtures("mkdocs")
def test_a_new_playbook_is_in_the_navigation_and_on_the_front_page(root: Path, tmp_path: Path) -> None:
    call("new", "playbook", "shipyard", "--root", str(root))
    for path in ("data/playbooks/shipyard.yml", "content/scenarios/shipyard-first.md"):
        text = (root / path).read_text(encoding="utf-8")
        (root / path).write_text(text.replace("FILL IN", "Say"), encoding="utf-8")
    assert call("check", "--root", str(root)).output == "All is well.\n"
    built = call("build", "--root", str(root), "--out", str(tmp_path / "out"))
    assert built.exit_code == 0, built.output
    front = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    navigation, article = front.split("<article", 1)
    for playbook in ("harbour", "shipyard"):
        assert f'href="{playbook}/"' in navigation
        assert f'href="{playbook}/"' in article
        assert (tmp_path / "out" / playbook / "index.html").is_file()


PLATFORMS = sorted(path.stem for path in (ROOT / "data/platforms").glob("*.yml"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_new_repository_takes_any_platform_without_the_tokens_that_it_has_no_placeholders_for(
    tmp_path: Path, handover: Run, platform: str
) -> None:
    begun = handover("init", str(tmp_path / "our own"), "--platforms", platform, "--ci", "gitlab")
    assert begun.stdout.endswith(f"Now try: cd '{tmp_path / 'our own'}' && handover build\n")
    checked = handover("check", "--root", str(tmp_path / "our own"))
    assert (checked.stdout, checked.returncode) == ("All is well.\n", 0)
    assert yaml.safe_load((tmp_path / "our own/.gitlab-ci.yml").read_text())["pages"]["artifacts"] == {
        "paths": ["public"]
    }
    source = yaml.safe_load((ROOT / f"data/platforms/{platform}.yml").read_text(encoding="utf-8"))
    copied = yaml.safe_load((tmp_path / f"our own/data/platforms/{platform}.yml").read_text(encoding="utf-8"))
    known = yaml.safe_load((tmp_path / "our own/data/placeholders.yml").read_text(encoding="utf-8"))
    expected = {name: token for name, token in source.get("tokens", {}).items() if name in known}
    assert copied == {
        **{key: value for key, value in source.items() if key != "tokens"},
        **({"tokens": expected} if expected else {}),
    }


def test_a_platform_that_is_not_there_is_explained(tmp_path: Path, handover: Run) -> None:
    refused = handover("init", str(tmp_path / "ours"), "--platforms", "outreach,hubspt")
    assert (refused.returncode, (tmp_path / "ours").exists()) == (2, False)
    assert "Did you mean 'hubspot'?" in " ".join(refused.stderr.split())
