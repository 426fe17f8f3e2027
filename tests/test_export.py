"""`handover export`, and the archives that the site offers."""

import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handover.cli import cli
from tests.conftest import ROOT


def export(*arguments: object, root: Path = ROOT) -> Result:
    return CliRunner().invoke(cli, ["export", "--root", str(root), *map(str, arguments)], catch_exceptions=False)


def test_the_site_offers_an_archive_for_each_platform_that_a_message_goes_to(dist: Path) -> None:
    page = (dist / "platforms/index.html").read_text(encoding="utf-8")
    folders = [folder for folder in (dist / "exports").iterdir() if folder.name != "handbook"]
    assert len(folders) == 8
    for folder in folders:
        assert f'href="../exports/{folder.name}/{folder.name}.zip"' in page
        with zipfile.ZipFile(folder / f"{folder.name}.zip") as archive:
            assert archive.testzip() is None
            files = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".zip"}
            expected = {f"{folder.name}/{path.relative_to(folder).as_posix()}" for path in files}
            assert {*expected, f"{folder.name}/README.txt"} == set(archive.namelist())
            for path in files:
                assert archive.read(f"{folder.name}/{path.relative_to(folder).as_posix()}") == path.read_bytes()


def test_an_archive_says_nothing_of_when_and_where_it_was_made(dist: Path) -> None:
    with zipfile.ZipFile(dist / "exports/preview/preview.zip") as archive:
        assert archive.namelist() == sorted(archive.namelist())
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_STORED
            assert (entry.external_attr >> 16, entry.create_system, entry.extra) == (0o100644, 3, b"")


@pytest.mark.parametrize("platform", ["preview", "marketo", "outreach"])
def test_export_writes_the_archive_that_the_site_offers(dist: Path, tmp_path: Path, platform: str) -> None:
    result = export(platform, "--out", tmp_path / "made.zip")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "made.zip").read_bytes() == (dist / f"exports/{platform}/{platform}.zip").read_bytes()
    again = export(platform, "--out", tmp_path / "made.zip")
    assert (again.exit_code, os.listdir(tmp_path)) == (0, ["made.zip"])


def test_export_of_one_message_has_its_files_alone(tmp_path: Path) -> None:
    result = export("preview", "pooled-welcome", "--out", tmp_path / "made.zip")
    assert result.stdout == f"Wrote 6 files for preview into {tmp_path / 'made.zip'}.\n"
    with zipfile.ZipFile(tmp_path / "made.zip") as archive:
        assert [name.split(".", 1) for name in archive.namelist()] == [
            ["preview/README", "txt"],
            *(["preview/pooled-welcome", ending] for ending in ("eml", "html", "mjml", "subject.txt", "txt")),
        ]


def test_the_page_of_a_marketing_email_offers_that_email_for_each_platform(dist: Path, tmp_path: Path) -> None:
    page = (dist / "messages/pooled-welcome/index.html").read_text(encoding="utf-8")
    offered = re.findall(r'href="(?:\.\./)+(exports/[^"]*\.zip)"', page)
    assert offered == [
        f"exports/{name}/pooled-welcome.{name}.zip"
        for name in ("braze", "hubspot", "iterable", "mailchimp", "marketo", "salesforce-marketing-cloud")
    ]
    for path in offered:
        export(path.split("/")[1], "pooled-welcome", "--out", tmp_path / "made.zip")
        assert (tmp_path / "made.zip").read_bytes() == (dist / path).read_bytes()
    listed = {each["path"] for each in json.loads((dist / "catalog.json").read_text(encoding="utf-8"))["artifacts"]}
    assert listed >= set(offered)


def test_the_readme_of_an_archive_says_how_its_files_get_in(dist: Path) -> None:
    with zipfile.ZipFile(dist / "exports/marketo/marketo.zip") as archive:
        words = archive.read("marketo/README.txt").decode()
    assert words.startswith("Files for Marketo.\n\npooled-welcome: ")
    assert "Bring an email in:\n1. In Design Studio, create an email template" in words
    assert "Before you send:\n1. " in words
    with zipfile.ZipFile(dist / "exports/preview/preview.zip") as archive:
        assert archive.read("preview/README.txt").startswith(b"Emails with sample values, to look at. Do not send")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["marketoo"], "Did you mean 'marketo'?"),
        (["marketo", "pooled-welcom"], "Did you mean 'pooled-welcome'?"),
        (["marketo", "expand-welcome"], "It goes to outreach, preview."),
        (["salesforce-classic"], "no message goes to salesforce-classic"),
        (["handbook"], "there is no platform 'handbook'"),
    ],
)
def test_a_wrong_export_is_explained_and_writes_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = export(*arguments, "--out", tmp_path / "made.zip")
    assert (result.exit_code, result.stdout, os.listdir(tmp_path)) == (2, "", [])
    assert said in result.stderr


def test_export_never_overwrites_what_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "letter.zip").write_bytes(b"mine")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as photos:
        photos.writestr("one.png", b"mine")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for name, said in (
        ("letter.zip", "was not written here"),
        ("photos.zip", "was not written here"),
        (".", "is a folder"),
        ("there/made.zip", "there is no folder"),
    ):
        result = export("marketo", "--out", tmp_path / name)
        assert result.exit_code == 2
        assert said in result.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_error_in_the_sources_is_shown_and_nothing_is_written(sources: Path, tmp_path: Path) -> None:
    message = sources / "content/messages/pooled-welcome.md"
    message.write_text(message.read_text() + "\nHello {{ frist_name }}\n")
    result = export("marketo", "--out", tmp_path / "made.zip", root=sources)
    assert result.exit_code == 1
    assert "Did you mean 'first_name'?" in result.stderr
    assert not (tmp_path / "made.zip").exists()


def test_the_catalog_knows_the_archives(dist: Path) -> None:
    catalog = json.loads((dist / "catalog.json").read_text())
    archives = {entry["path"]: entry for entry in catalog["artifacts"] if entry["format"] == "zip"}
    assert set(archives) == {path.relative_to(dist).as_posix() for path in (dist / "exports").rglob("*.zip")}
    email = next(entry for entry in catalog["artifacts"] if entry["path"] == "exports/marketo/pooled-welcome.html")
    for name in ("marketo", "pooled-welcome.marketo"):
        archive = archives[f"exports/marketo/{name}.zip"]
        assert (archive["platform"], archive["links"]) == ("marketo", email["links"])
