"""Steps in time: durations, days, sequences and threads, from the data to the page, catalog.json and the export.

The company is tests/cases/good/glasswing.
"""

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handover.cli import cli
from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from handover.load.catalog import load
from handover.model.located import Duration, Prose
from handover.model.scenario import Scenario
from handover.model.timeline import occasions, sequence, timeline
from tests.conftest import ROOT

GLASSWING = ROOT / "tests/cases/good/glasswing"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("glasswing") / "out"
    result = call("build", "--no-site", "--root", GLASSWING, "--out", out)
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="module")
def catalog(built: Path) -> dict[str, Any]:
    return dict(json.loads((built / "catalog.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("written", "amount", "unit", "words", "iso"),
    [
        ("30 minutes", 30, "minute", "30 minutes", "PT30M"),
        ("24 hours", 24, "hour", "24 hours", "PT24H"),
        ("1 days", 1, "day", "1 day", "P1D"),
        ("2 business days", 2, "business day", "2 business days", None),
        ("1 week", 1, "week", "1 week", "P1W"),
        ("12 month", 12, "month", "12 months", "P12M"),
    ],
)
def test_a_duration_has_its_parts(written: str, amount: int, unit: str, words: str, iso: str | None) -> None:
    duration = Duration(written)
    assert (duration.amount, duration.unit, duration.words, duration.iso) == (amount, unit, words, iso)


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("24h", "24 hours"), ("2 working days", "2 business days"), ("3-day", "3 days"), ("1 Week", "1 week"),
        ("90 mins", "90 minutes"), ("2 busines days", "2 business days"), ("4 wks", "4 weeks"),
        ("2 years", "24 months"), ("two days", "2 days"), ("a quarter", "3 months"),
    ],
)  # fmt: skip
def test_a_duration_in_other_words_is_corrected(written: str, fix: str) -> None:
    assert Duration.cure(written) == f"Write '{fix}'."


@pytest.mark.parametrize("written", ["soon", "5000 years", "1.5 hours", "-3 days", "3", "99999 days", "some days"])
def test_what_is_no_duration_gets_the_form(written: str) -> None:
    assert Duration.cure(written) == Duration.CURE


def scenario(*steps: dict[str, Any]) -> Scenario:
    whole = [{"who": "A", "do": "acts", **step} for step in steps]
    made = Scenario.model_validate({"id": "s", "title": "S", "steps": whole})
    assert isinstance(made.steps[0].do, Prose)
    return made


FIRST = {"message": "first"}


@pytest.mark.parametrize(
    ("steps", "labels"),
    [
        ([FIRST, {"after": "3 days"}, {"message": "b", "after": "3 days"}], ["Day 0", "Day 3", "Day 6"]),
        ([FIRST, {"after": "1 week"}, {"message": "c", "after": "36 hours"}], ["Day 0", "Day 7", "Day 8"]),
        ([FIRST, {"message": "b", "after": "2 business days"}], ["Day 0", "Business day 2"]),
        ([FIRST, {"after": "1 month"}, {"message": "c", "after": "1 month"}], ["Day 0", "Month 1", "Month 2"]),
        # Months, business days and days cannot be added to each other.
        ([FIRST, {"after": "1 month"}, {"message": "c", "after": "2 days"}], ["Day 0", "Month 1", "2 days later"]),
        ([FIRST, {"message": "b"}, {"message": "c", "after": "2 days"}], ["Day 0", None, "2 days later"]),
        (
            [
                {"message": "a", "before": "2 weeks", "of": "the renewal"},
                {"message": "b", "after": "3 days"},
                {"message": "c", "after": "11 days"},
                {"message": "d", "after": "1 day"},
            ],
            ["2 weeks before the renewal", "11 days before the renewal", "At the renewal", "1 day after the renewal"],
        ),
        # What comes before an event goes on from the event of the step before.
        (
            [{"message": "a", "before": "1 month", "of": "the renewal"}, {"message": "b", "before": "2 weeks"}],
            ["1 month before the renewal", "2 weeks before the renewal"],
        ),
        ([{}, {"after": "3 days"}, {"message": "a", "after": "4 days"}], [None, "Day 3", "Day 7"]),
        # The day of a deadline is not known, and so none that counts from it.
        ([FIRST, {"within": "2 days"}, {"message": "b", "after": "1 day"}], ["Day 0", None, "1 day later"]),
        ([{"within": "2 days"}, FIRST, {"message": "b", "after": "1 day"}], [None, "Day 0", "Day 1"]),
    ],
    ids=[
        "days", "weeks and hours", "business days", "months", "units that do not add", "no time", "event", "same event",
        "no email", "deadline", "deadline before the first email",
    ],
)  # fmt: skip
def test_days_count_from_the_first_message_or_an_event(steps: list[dict[str, Any]], labels: list[str | None]) -> None:
    assert [event.label for event in timeline(scenario(*steps))] == labels


def test_a_scenario_without_times_is_no_sequence() -> None:
    assert sequence(scenario(FIRST, {"message": "b"})) == []
    assert sequence(scenario(FIRST, {"after": "3 days"})) == []
    assert [event.number for event in sequence(scenario({}, FIRST, {}, {"message": "b", "after": "1 day"}))] == [2, 4]
    visit = scenario(FIRST, {"within": "2 days"}, {"message": "b", "after": "1 day"})
    assert [event.number for event in sequence(visit)] == [1, 2, 3], "a deadline is a task of the sequence"


def test_a_time_away_from_its_step_says_what_it_counts_from() -> None:
    catalog = load(GLASSWING, ROOT / "templates", {}).catalog
    assert catalog is not None
    times = {str(each.message): each.time for each in occasions(catalog)}
    assert times["plan-of-the-greenhouse"] == "3 days after “Meet your installer” or “The call about the date”"
    assert times["invoice-question"] == "3 days after “Before the first invoice”"
    assert times["renewal-soon"] == "2 weeks before the renewal"


def test_catalog_json_has_durations_in_parts_and_the_sequence(catalog: dict[str, Any]) -> None:
    scenarios = {each["id"]: each for each in catalog["scenarios"]}
    order = scenarios["order-to-installation"]
    assert order["steps"][1]["within"] == {"amount": 1, "unit": "business day", "words": "1 business day", "iso": None}
    assert order["steps"][2]["after"] == {"amount": 3, "unit": "day", "words": "3 days", "iso": "P3D"}
    assert order["sends"] == ["meet-your-installer", "call-about-the-date", "plan-of-the-greenhouse"]
    assert [(each["step"], each["day"], each["who"]) for each in order["sequence"]] == [
        (2, 0, "Seller"), (3, 3, "Installer"), (4, 10, "Installer"),
    ]  # fmt: skip
    assert order["sequence"][1]["messages"] == [
        {"id": "plan-of-the-greenhouse", "channel": "Email", "replies_to": "meet-your-installer"}
    ]
    assert [each["label"] for each in scenarios["renewal"]["sequence"]] == [
        "1 month before the renewal", "2 weeks before the renewal", "2 weeks before the first invoice",
        "11 days before the first invoice",
    ]  # fmt: skip
    assert scenarios["first-season"]["sequence"] == []
    assert sum(len(each["items"]) for each in scenarios["first-season"]["checklists"]) == 15
    replies = {each["id"]: each["replies_to"] for each in catalog["messages"] if each["replies_to"]}
    assert replies == {
        "plan-of-the-greenhouse": "meet-your-installer",
        "renewal-soon": "renewal-ahead",
        "invoice-question": "first-invoice",
    }


def test_a_reply_says_whose_thread_it_is_everywhere(built: Path) -> None:
    subject = "Re: Your next year with Glasswing"
    assert (built / "exports/thread/renewal-soon.subject.txt").read_text() == f"{subject}\n"
    assert f"Subject: {subject}\n" in (built / "exports/preview/renewal-soon.eml").read_text()
    page = (built / "exports/handbook/handovers.md").read_text(encoding="utf-8")
    view = page.split("### The email: The renewal is two weeks away")[1].split("###")[0]
    assert f"**Subject:** {subject}" in view
    assert "-   **Preheader:** A short reminder" in view
    assert "**Thread:** a reply to [The renewal is a month away](#message-renewal-ahead)" in view


def test_a_reply_fills_in_what_the_subject_of_its_thread_needs(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    path = root / "content/messages/renewal-ahead.md"
    own = (
        "placeholders: { house: { label: House, description: Which one., filled_by: sender, sample: Orchid house } }\n"
    )
    text = path.read_text(encoding="utf-8").replace("with Glasswing", "in the {{ house }}")
    path.write_text(text.replace("preheader:", f"{own}preheader:"), encoding="utf-8")
    assert call("check", "--root", root).output == "All is well.\n"
    shown = call("show", "renewal-soon", "--format", "subject", "--set", "house=Fern house", "--root", root)
    assert shown.output == "Re: Your next year in the Fern house\n"


def test_the_portable_page_has_what_follows_from_the_steps(built: Path) -> None:
    page = (built / "exports/handbook/handovers.md").read_text(encoding="utf-8")
    assert "| From ↓ / To → | Sales | Installation | Advice |" in page
    assert "| **Sales** | Does not apply: A team does not hand over to itself. |" in page
    assert "[From the installation to the adviser](#installation-to-advice) |" in page  # a cell without a summary
    assert "> **Deadline: within 1 business day of the order.** **Seller** introduces the installer" in page
    assert "3.  Day 3: **Installer** asks for the plan of the greenhouse, unless the plan is there" in page
    assert "5.  **Then** it goes on with [From the installation to the adviser](#installation-to-advice)" in page
    assert "calls, 1 week after “The plan of the greenhouse”, unless the plan is there\n" in page
    assert "| Day 10 | Installer | Task | calls | the plan is there |" in page
    season = (built / "exports/handbook/first-season.md").read_text(encoding="utf-8")
    assert "## Who takes over" not in season, "a playbook needs no matrix"
    assert season.count("-   [ ] ") == 15
    assert "> **A visit, please**, to the [Greenhouse]:\n" in season, "no entity where the colon ends no label"
    assert "-   [ ] Read the plan.\n\n    Installer, within 2 days of the plan\n" in season
    assert "    -   [Week 2, the wiring](#first-season--week-two): 1 of 3 items" in season


def test_the_portable_page_has_a_message_of_two_scenarios_once(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    path = root / "data/playbooks/handovers.yml"
    steps = "- { who: The next adviser, do: takes the grower on, message: meet-your-installer, after: 1 day }"
    text = path.read_text(encoding="utf-8").replace("- { who: The next adviser, do: takes the grower on }", steps)
    path.write_text(text, encoding="utf-8")
    assert call("build", "--no-site", "--root", root, "--out", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out/exports/handbook/handovers.md").read_text(encoding="utf-8")
    further = page.split('<a id="message-meet-your-installer--new-adviser"></a>')[1]
    assert "-   **Text:** the same as [above](#message-meet-your-installer)\n" in further
    assert page.count("thank you for your order.") == 1


def sheet(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_a_sequence_is_exported_as_numbered_files_and_a_sheet(tmp_path: Path) -> None:
    out = tmp_path / "renewal.zip"
    assert call("export", "thread", "--sequence", "renewal", "--root", GLASSWING, "--out", out).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        files = ["01-renewal-ahead.html", "02-renewal-soon.html"]
        files += [
            f"{step}.{variant}.html"
            for step in ("03-first-invoice", "04-invoice-question")
            for variant in ("english", "german")
        ]
        assert archive.namelist() == [f"renewal/{name}" for name in (*files, "sequence.csv")]
        assert b"Hello ((first))," in archive.read("renewal/01-renewal-ahead.html")
        head, *rows = sheet(archive, "renewal/sequence.csv")
    assert head == ["step", "day", "time", "who", "channel", "title", "subject", "file", "stop condition"]
    assert [row[7] for row in rows] == files
    assert rows[5][6] == "Re: Ihre erste Rechnung, Zeile für Zeile", (
        "the reply's variant has the subject of that variant"
    )
    assert rows[1] == [
        "2", "2 weeks before the renewal", "2 weeks before the renewal", "Seller", "Email (reply)",
        "The renewal is two weeks away", "Re: Your next year with Glasswing", "02-renewal-soon.html",
        "the grower has answered",
    ]  # fmt: skip


def test_a_choice_a_task_and_a_script_have_rows_of_their_own(tmp_path: Path) -> None:
    out = tmp_path / "order.zip"
    result = call("export", "thread", "--sequence", "order-to-installation", "--root", GLASSWING, "--out", out)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(out) as archive:
        rows = sheet(archive, "order-to-installation/sequence.csv")[1:]
    assert [(row[0], row[1], *row[4:6], row[7]) for row in rows] == [
        ("1", "0", "Email", "Meet your installer", "01-meet-your-installer.html"),
        ("1", "0", "Call", "The call about the date", ""),
        ("2", "3", "Email (reply)", "The plan of the greenhouse", "02-plan-of-the-greenhouse.html"),
        ("3", "10", "Task", "calls", ""),
    ]


def test_a_task_of_the_sheet_is_plain_text(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    file = root / "data/playbooks/handovers.yml"
    words = "calls {{ grower_name }} **again** &amp; sends [*invoice* help][invoice-help], [it][message:renewal-ahead]"
    file.write_text(file.read_text(encoding="utf-8").replace("do: calls", f'do: "{words}"'), encoding="utf-8")
    result = call(
        "export", "thread", "--sequence", "order-to-installation", "--root", root, "--out", tmp_path / "a.zip"
    )
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        rows = sheet(archive, "order-to-installation/sequence.csv")
    assert rows[-1][5] == "calls [Grower] again & sends invoice help: https://help.glasswing.example/invoice, it"


def test_no_cell_of_the_sheet_is_a_formula(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    for path, old, new in (
        (
            "data/playbooks/handovers.yml",
            "unless: the grower has answered",
            "unless: '=HYPERLINK(\"https://a.example\")'",
        ),
        ("content/messages/renewal-ahead.md", "subject: Your next year", 'subject: "@SUM(1) Your next year'),
        ("content/messages/renewal-ahead.md", "with Glasswing", 'with Glasswing"'),
        ("content/messages/first-invoice.md", "subject: Your", "subject: -1 Your"),
    ):
        file = root / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = call("export", "thread", "--sequence", "renewal", "--root", root, "--out", tmp_path / "out.zip")
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        cells = [cell for row in sheet(archive, "renewal/sequence.csv") for cell in row]
    assert '\'=HYPERLINK("https://a.example")' in cells
    assert "'@SUM(1) Your next year with Glasswing" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["thread", "--sequence", "renewall"], "there is no scenario 'renewall'. Did you mean 'renewal'?"),
        (["thread", "--sequence", "first-season"], "'first-season' is not a sequence."),
        (["thread", "renewal-ahead", "--sequence", "renewal"], "Leave the message out."),
        (["tread", "--sequence", "renewal"], "Did you mean 'thread'?"),
    ],
)
def test_a_wrong_call_for_a_sequence_is_explained(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = call("export", *arguments, "--root", GLASSWING, "--out", tmp_path / "out.zip")
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert not (tmp_path / "out.zip").exists()


def test_an_email_that_the_platform_does_not_get_is_named(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    shutil.copy(root / "data/platforms/thread.yml", root / "data/platforms/other.yml")
    for name in ("renewal-ahead", "renewal-soon"):
        path = root / f"content/messages/{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("layout:", "platforms: [other]\nlayout:", 1))
    result = call("export", "thread", "--sequence", "renewal", "--root", root, "--out", tmp_path / "out.zip")
    assert result.exit_code == 0, result.output
    assert "Not exported to thread, so without a file: renewal-ahead, renewal-soon." in result.output
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "renewal/03-first-invoice.english.html" in archive.namelist()
        assert [row[7] for row in sheet(archive, "renewal/sequence.csv")][:4] == [
            "file", "", "", "03-first-invoice.english.html",
        ]  # fmt: skip


def test_a_second_load_gives_the_same_messages_but_for_a_reply_whose_thread_changed(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    cache: dict[str, Any] = {}

    def messages() -> dict[str, Any]:
        catalog = load(root, ROOT / "templates", cache).catalog
        assert catalog is not None
        return dict(catalog.messages)

    first, second = messages(), messages()
    assert all(first[name] is second[name] for name in first)
    assert first["season-post"].is_of_checklist
    path = root / "content/messages/renewal-ahead.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Your next year", "The next year"), encoding="utf-8")
    third = messages()
    assert {name for name in first if third[name] is not first[name]} == {"renewal-ahead", "renewal-soon"}
    assert third["renewal-soon"].answers is third["renewal-ahead"]


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("handovers", "message: renewal-soon", "mesage: renewal-soon", "unknown-key"),
        ("handovers", "message: renewal-soon", "message: renewal-son", "unknown-message"),
        ("handovers", "scenarios:", "scenarios", "yaml-syntax"),
        ("first-season", "message: season-post", "message: season-pots", "unknown-message"),
        ("first-season", "items:", "itmes:", "unknown-key"),
    ],
)
def test_a_mistake_in_a_playbook_is_one_error_and_none_in_its_messages(
    tmp_path: Path, path: str, old: str, new: str, code: str
) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    file = root / f"data/playbooks/{path}.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = call("check", "--root", root).output.splitlines()
    assert [line.split()[2] for line in found[:-1]] == [f"{code}:"], "\n".join(found)


def test_a_variant_in_another_language_says_so_in_its_tab(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GLASSWING, tmp_path / "root"))
    result = run_pipeline(root)
    pages = site_pages(result, handbook(result), root / "build")
    page = pages.parts.fill(pages.files["handovers/index.md"].decode())
    assert '=== "Deutsch"\n' in page
    assert re.findall(r'^ *<div class="email-text" lang="de" dir="ltr">$', page, re.MULTILINE)
    # MkDocs reads what is indented as Markdown by itself, and would leave the attribute in the page.
    assert not re.findall(r'^ {4,}<.* markdown="1"', page, re.MULTILINE)
