"""The shipped platforms: each writes every blank as it should in every place where one can stand.

`tests/platforms/` has a message of each kind with blanks everywhere, and in `golden/` what each platform gets.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from handover.cli import cli
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT
from tests.test_cases import TIDELINE

CASE = ROOT / "tests/platforms"
GOLDEN = CASE / "golden"
PLATFORMS = sorted(path.stem for path in (ROOT / "data/platforms").glob("*.yml"))


def lay_out(target: Path) -> Path:
    """The case with the shipped platforms, placeholders and brand."""
    shutil.copytree(CASE, target, ignore=shutil.ignore_patterns("golden"))
    shutil.copytree(ROOT / "data/platforms", target / "data/platforms")
    for name in ("brand.yml", "placeholders.yml"):
        shutil.copy(ROOT / "data" / name, target / "data" / name)
    return target


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("platforms")
    result = run("build", "--no-site", "--out", str(folder / "out"), root=lay_out(folder / "root"))
    assert result.exit_code == 0, result.stderr
    return folder / "out/exports"


def run(*arguments: str, root: Path) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--root", str(root)], catch_exceptions=False)


def shown(folder: Path) -> str:
    """What a platform gets, without what a layout is made of."""
    made = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix != ".zip"):
        text = path.read_text(encoding="utf-8")
        if "<mjml" in text or "<html" in text:
            parts = re.findall(
                r'<(h1|p|mj-button)\b(.*?)</\1>|(<div class="mkto[^>]*>)|(<a\b[^>]*>\s*Open)', text, re.S
            )
            text = "".join(
                f"<{name}{inside}</{name}>\n" if name else f"{div}{link}\n" for name, inside, div, link in parts
            )
        made.append(f"=== {path.name}\n{text}")
    return "\n".join(made)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_blank_is_written_as_the_golden_file_says(
    exports: Path, platform: str, request: pytest.FixtureRequest
) -> None:
    made = shown(exports / platform)
    if request.config.getoption("--update-golden"):
        (GOLDEN / f"{platform}.txt").write_text(made, encoding="utf-8")
    assert made == (GOLDEN / f"{platform}.txt").read_text(encoding="utf-8")


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)
        case str():
            yield value


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_but_its_own_tokens_is_syntax_in_what_it_gets(dist: Path, exports: Path, platform: str) -> None:
    data = yaml.safe_load((ROOT / f"data/platforms/{platform}.yml").read_text(encoding="utf-8"))
    written = [re.escape(text) for text in strings(data.get("footer"))]
    for pattern in strings(data["write"]):
        written.append(re.sub(r"<[a-z_]+>", "[^|%{}]+?(?:[{][a-z_]+[}])?", re.escape(pattern)))
    tokens = re.compile("|".join(sorted(written, key=len, reverse=True)))
    paths = [*(dist / "exports").glob(f"{platform}/**/*.*"), *exports.glob(f"{platform}/**/*.*")]
    for path in (path for path in paths if path.suffix != ".zip"):
        rest = tokens.sub(" ", path.read_text(encoding="utf-8"))
        assert [sequence for sequence in data["syntax"] if sequence in rest] == [], path
        assert not re.search(r"prospect\.|sender\.firstName", path.read_text(encoding="utf-8")), path
        assert "example.com/unsubscribe" not in rest, "an address of the preview"


@pytest.mark.parametrize(("subject", "labels"), [("The season", ["The season"]), ("{{ skipper }}, hello", [])])
def test_no_attribute_repeats_a_subject_with_a_value(tmp_path: Path, subject: str, labels: list[str]) -> None:
    """A platform may write a value as it is, and a quote in it would end the attribute."""
    root = shutil.copytree(TIDELINE, tmp_path / "root")
    letter = root / "content/messages/season-letter.md"
    letter.write_text(re.sub("subject: .*", f'subject: "{subject}"', letter.read_text()))
    made = {each.path: each.content.decode() for each in run_pipeline(root).artifacts}
    for platform in ("preview", "beacon"):
        html = made[f"exports/{platform}/season-letter.html"]
        assert re.findall(' (?:aria-label|title|alt)="([^"]*)"', html) == labels, platform


def test_every_fact_says_where_it_is_written_and_whether_it_is_sure(dist: Path) -> None:
    page = (dist / "platforms/index.html").read_text(encoding="utf-8")
    for platform in json.loads((dist / "catalog.json").read_text())["platforms"]:
        assert platform["sources"], platform["id"]
        assert all(token.get("source") for token in platform["tokens"].values()), platform["id"]
        facts = [*platform["sources"], *platform["tokens"].values()]
        assert platform["verified"] == all(fact["verified"] for fact in facts)
        section = page.split(f'id="{platform["id"]}"')[1].split("<h2")[0]
        assert len(re.findall("<li>", section.split("<ol>")[1].split("</ol>")[0])) == len(platform["steps"]) > 1
        assert section.count("(not in the vendor's documentation)") == len(
            [fact for fact in platform["sources"] if not fact["verified"]]
            + [
                token
                for name, token in platform["tokens"].items()
                if not token["verified"] and name != "customer_email"
            ]
        )


PIGEON = """
label: Pigeon
format: fragment
takes: [personal]
steps: [Catch the pigeon., "Tie the *letter* to it."]
write: { token: "^<name>^", fill_in: "^!<label>^" }
"""


def test_a_snippet_goes_where_an_email_goes(tmp_path: Path) -> None:
    root = shutil.copytree(TIDELINE, tmp_path / "root")
    (root / "data/platforms/pigeon.yml").write_text(PIGEON)
    message = root / "content/messages/welcome-aboard.md"
    text = message.read_text()
    for platforms in (["mailroom"], ["mailroom", "pigeon"]):
        message.write_text(text.replace("variants:", f"platforms: [{', '.join(platforms)}]\nvariants:"))
        built = run("build", "--no-site", "--out", str(tmp_path / "out"), root=root)
        assert built.exit_code == 0, built.stderr
        assert sorted(path.parts[-3] for path in tmp_path.glob("out/exports/*/snippets/fitting.txt")) == platforms


def test_the_page_has_the_steps_in_order(tmp_path: Path) -> None:
    root = shutil.copytree(TIDELINE, tmp_path / "root")
    (root / "data/platforms/pigeon.yml").write_text(PIGEON)
    page = handbook(run_pipeline(root)).render("handbook/platforms.md.j2")
    section = page.split("## Pigeon")[1]
    assert "1. Catch the pigeon.\n2. Tie the &#42;letter&#42; to it.\n" in section


def test_a_blank_that_a_platform_cannot_write_is_an_error_that_names_the_file_and_the_place(root: Path) -> None:
    message = root / "content/messages/personal.md"
    message.write_text(message.read_text() + "\nMeet {{ expand_ae }}, and read [this][named].\n")
    marketing = root / "content/messages/marketing.md"
    marketing.write_text(marketing.read_text() + "\nRead [this][named].\n")
    result = run("check", root=root)
    assert result.exit_code == 1
    found = re.findall(
        r"^content/messages/(\w+)\.md:\d+:\d+: error platform-cannot-express: (.*?)\.(?= [A-Z]).* (data/[\w./-]+\.yml)",
        result.stdout,
        re.MULTILINE,
    )
    in_url = "cannot write '{}' as a part of a URL"
    names = ("customer_name", "first_name")
    marketers = {
        "Account Engagement": "account-engagement",
        "HubSpot": "hubspot",
        "Klaviyo": "klaviyo",
        "Mailchimp": "mailchimp",
        "Marketo": "marketo",
    }
    sellers = {
        "Apollo": "apollo",
        "Salesforce Classic": "salesforce-classic",
        "Salesforce Lightning": "salesforce-lightning",
    }
    assert set(found) == {
        *(
            ("personal", f"{label} {problem}", f"data/platforms/{file}.yml")
            for label, file in sellers.items()
            for problem in ("has no token for 'expand_ae'", *map(in_url.format, names))
        ),
        ("personal", f"Outreach {in_url.format('customer_name')}", "data/platforms/outreach.yml"),
        *(
            ("marketing", f"{label} {in_url.format(name)}", f"data/platforms/{file}.yml")
            for label, file in marketers.items()
            for name in names
        ),
    }


MISREAD = {
    "Look at #settings": "Marketo",
    "See #endpoints, please": "Marketo",
    "Tag it #FOtoFYEhandoff": None,
    "Tag it #forever and #change-your-payment-method": None,
    "One #foreach": "Marketo",
    "Number #1, and C# if you like": None,
    "A ## comment": "Marketo",
    "It costs ${5}": None,  # a placeholder that nobody filled in, which is told alone
    "It costs $5, or $5!": None,
    "100%% sure": "Account Engagement and Salesforce Marketing Cloud",
    "100%{{ first_name }}": "Salesforce Marketing Cloud",
    "A star *| here": "Mailchimp",
    "{% if %} we knew": None,
    "A {# comment": None,
    "Only {{ first_name }}}": None,
    "Only {!first}": None,  # of a platform that takes no such message
}


def test_what_a_platform_would_misread_is_found_and_nothing_else(root: Path) -> None:
    message = root / "content/messages/marketing.md"
    text = message.read_text() + "\n" + "\n\n".join(MISREAD) + "\n"
    message.write_text(text)
    found = re.findall(
        r"^content/messages/marketing\.md:(\d+):\d+: error platform-syntax: (.*?) reads? '",
        run("check", root=root).stdout,
        re.MULTILINE,
    )
    lines = text.splitlines()
    assert {lines[int(line) - 1]: label for line, label in found} == {
        line: label for line, label in MISREAD.items() if label
    }
    assert len(found) == len([label for label in MISREAD.values() if label]), "one mistake, one finding"
