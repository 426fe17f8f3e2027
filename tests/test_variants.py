"""What a message and each of its variants say of themselves: subject, language, sender, who gets it."""

import email
import email.policy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from handover.model.located import Language
from handover.write.site import MkDocs
from tests.conftest import ROOT, Run

FOOT_WORDS = """\
foot_words:
  de: { unsubscribe: Abbestellen, view_online: Im Browser ansehen, preferences: Einstellungen }
  ar: { unsubscribe: إلغاء الاشتراك, view_online: عرض في المتصفح, preferences: التفضيلات }
"""
LETTER = """\
---
title: The season begins
subject: The season begins, {{ skipper }}
preheader: Three things to look at before your sensors go back into the salt water.
kind: marketing
layout: campaign
from: { name: "Tideline, the crew", email: letters@tideline.example }
reply_to: answers@tideline.example
to: { name: "{{ skipper }}", email: "{{ skipper_email }}" }
bcc: [{ email: crm@tideline.example, name: CRM }]
variants:
  english: English
  german:
    label: German
    subject: Die Saison beginnt
    preheader: Drei Dinge, die Sie ansehen sollten, bevor die Sensoren ins Wasser kommen.
    language: de-CH
  arabic: { label: Arabic, subject: بدأ الموسم, language: ar }
---
::: only english
Hello {{ skipper }}.
:::
::: only german
Guten Tag {{ skipper }}.
:::
::: only arabic
مرحبا {{ skipper }}.
:::

**[The fitting guide of Tideline][fitting-guide]**

::: include fitting
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, handover: Run, mkdocs: MkDocs) -> Path:
    folder = tmp_path_factory.mktemp("variants")
    shutil.copytree(ROOT / "tests/cases/good/tideline", folder / "root")
    with (folder / "root/data/brand.yml").open("a", encoding="utf-8") as brand:
        brand.write(FOOT_WORDS)
    (folder / "root/content/messages/season-letter.md").write_text(LETTER, encoding="utf-8")
    result = handover("build", "--root", str(folder / "root"), "--out", str(folder / "out"))
    assert result.returncode == 0, result.stderr
    return folder / "out"


def mail(built: Path, variant: str) -> Any:
    data = (built / f"exports/preview/season-letter.{variant}.eml").read_bytes()
    return email.message_from_bytes(data, policy=email.policy.default)


def parsed(html: str) -> Any:
    return etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))


def text(element: Any) -> str:
    return "".join(element.itertext())


def read(built: Path, name: str) -> str:
    return (built / "exports" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variant", "subject", "language", "direction", "foot"),
    [
        ("english", "The season begins, Ada", "en", "ltr", "Unsubscribe from these emails"),
        ("german", "Die Saison beginnt", "de-CH", "ltr", "Abbestellen"),
        ("arabic", "بدأ الموسم", "ar", "rtl", "إلغاء الاشتراك"),
    ],
)
def test_each_variant_has_its_subject_its_language_and_its_direction(
    built: Path, variant: str, subject: str, language: str, direction: str, foot: str
) -> None:
    page = parsed(read(built, f"preview/season-letter.{variant}.html"))
    assert (page.get("lang"), page.get("dir")) == (language, direction)
    assert {(each.get("lang"), each.get("dir")) for each in page.xpath("body/div")} == {(language, direction)}
    assert page.findtext("head/title") == subject
    assert foot in " ".join(text(page).split())
    assert foot in read(built, f"preview/season-letter.{variant}.txt")
    assert read(built, f"preview/season-letter.{variant}.subject.txt") == f"{subject}\n"
    assert mail(built, variant)["Subject"] == subject
    assert foot in " ".join(read(built, f"beacon/season-letter.{variant}.html").split())  # its lines are folded


def test_the_catalog_says_the_language_of_each(built: Path) -> None:
    catalog = json.loads((built / "catalog.json").read_text(encoding="utf-8"))
    entry = next(each for each in catalog["messages"] if each["id"] == "season-letter")
    assert entry["language"] == "en"
    assert {name: each["language"] for name, each in entry["variants"].items()} == {
        "english": "en",
        "german": "de-CH",
        "arabic": "ar",
    }
    assert entry["variants"]["english"]["label"] == "English"
    assert entry["variants"]["german"]["subject"] == "Die Saison beginnt"
    assert entry["from"] == {"name": "Tideline, the crew", "email": "letters@tideline.example"}


def test_the_head_of_a_draft_has_everyone(built: Path) -> None:
    draft = mail(built, "english")
    assert draft["Reply-To"] == "answers@tideline.example"
    assert draft["Bcc"] == "CRM <crm@tideline.example>"
    assert [each.display_name for each in draft["To"].addresses] == ["Ada"]


def test_the_pages_show_each_variant_in_its_language(built: Path) -> None:
    page = parsed((built / "messages/season-letter/index.html").read_text(encoding="utf-8"))
    shown = [(each.get("lang"), each.get("dir")) for each in page.xpath("//*[@class='composer-text']")]
    assert shown == [("en", "ltr"), ("de-CH", "ltr"), ("ar", "rtl")]
    lines = {text(each.find("dt")): text(each.find("dd")) for each in page.xpath("//*[@class='composer-head']/div")}
    assert (lines["From"], lines["Reply to"], lines["Bcc"]) == ("Tideline, the crew", "answers@tideline.example", "CRM")
    data = json.loads(page.xpath("//@data-composer")[0])
    assert [each["subject"] for each in data["variants"]][1:] == [["Die Saison beginnt"], ["بدأ الموسم"]]
    playbook = parsed((built / "harbour/index.html").read_text(encoding="utf-8"))
    assert playbook.xpath("//*[@class='tabbed-block']//*[@lang='ar']/@dir") == ["rtl"]
    assert "بدأ الموسم" in text(playbook)
    portable = read(built, "handbook/harbour.md")
    assert "**Subject:** Die Saison beginnt" in portable
    assert "**Reply to:** answers@tideline.example" in portable


@pytest.mark.parametrize("tag", ["ar", "ar-EG", "he", "fa-IR", "ur", "ckb", "yi", "az-Arab", "pa-Arab-PK"])
def test_a_language_from_right_to_left(tag: str) -> None:
    assert Language(tag).direction == "rtl"


@pytest.mark.parametrize("tag", ["en", "de-CH", "ar-Latn", "pa", "ku", "zh-Hant-TW"])
def test_a_language_from_left_to_right(tag: str) -> None:
    assert Language(tag).direction == "ltr"
