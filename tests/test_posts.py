"""Posts and scripts: text to copy, checked and filled in like an email, and for no email platform."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handover.cli import cli
from handover.cli.pipeline import handbook, run_pipeline
from handover.compose.documents import Composed, Composer
from handover.load.catalog import load
from handover.model.catalog import Catalog
from handover.model.marks import marks_for
from handover.render.composer import Composer as Form
from handover.render.fragment import fragment
from handover.render.site import message_page
from handover.render.spelling import HandbookSpelling, PreviewSpelling, fill
from handover.render.text import text
from tests.conftest import ROOT

POST = """---
title: To the quay
kind: post
variants: { sail: Sailing boats, motor: Motor boats }
---
**{{ skipper }}** is on the [board][harbour-board].

::: only sail
- Look at the mast.
:::
::: only motor
- Look at the engine.
:::

::: include fitting
"""
SCRIPT = """---
title: Call the skipper
kind: script
---
Hello {{ skipper }}, this is {{ engineer }}.
"""
TEXT = """Ada is on the board: https://crew.tideline.example/boards/harbour/.

- Look at the mast.

Everything about fitting is in our fitting guide: https://tideline.example/fitting?step=1&boat=any.
"""
HTML = """\
<p><strong>Ada</strong> is on the <a href="https://crew.tideline.example/boards/harbour/">board</a>.</p>
<ul><li>Look at the mast.</li></ul>
<p>Everything about fitting is in our <a href="https://tideline.example/fitting?step=1&amp;boat=any">fitting guide</a>.</p>
"""  # noqa: E501


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another company's repository, with a post and a script; only to be read."""
    root = tmp_path_factory.mktemp("posts") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    (root / "content/messages/quay-post.md").write_text(POST, encoding="utf-8")
    (root / "content/messages/quay-call.md").write_text(SCRIPT, encoding="utf-8")
    return root


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)


def test_they_are_previews_of_their_own_words_and_nothing_else(root: Path, tmp_path: Path) -> None:
    built = call("build", "--no-site", "--root", root, "--out", tmp_path / "out")
    assert built.exit_code == 0, built.output
    exports = tmp_path / "out/exports"
    assert sorted(path.relative_to(exports).as_posix() for path in exports.rglob("quay-*")) == [
        "preview/quay-call.html",
        "preview/quay-call.txt",
        "preview/quay-post.motor.html",
        "preview/quay-post.motor.txt",
        "preview/quay-post.sail.html",
        "preview/quay-post.sail.txt",
    ]
    assert (exports / "preview/quay-post.sail.txt").read_text(encoding="utf-8") == TEXT
    assert (exports / "preview/quay-post.sail.html").read_text(encoding="utf-8") == HTML
    assert (exports / "preview/quay-call.txt").read_text(encoding="utf-8") == "Hello Ada, this is Noor Haddad.\n"
    listed = json.loads((tmp_path / "out/catalog.json").read_text(encoding="utf-8"))
    kinds = {entry["id"]: entry["kind"] for entry in listed["messages"]}
    assert (kinds["quay-post"], kinds["quay-call"]) == ("post", "script")
    artifact = next(each for each in listed["artifacts"] if each["path"] == "exports/preview/quay-post.sail.html")
    assert (artifact["placeholders"], artifact["links"]) == (["skipper"], ["harbour-board", "fitting-guide"])
    assert not any("brand" in source or "templates" in source for source in artifact["sources"])


def test_their_words_are_checked_like_all_others(root: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(root, tmp_path / "copy"))
    body = "Read it [here][fitting-guide].\n\nHe/she is there.\n\nIt is <b>at</b>\n\n[the quay].\n\n{{ skiper }}\n"
    (copy / "content/messages/quay-call.md").write_text(SCRIPT + body, encoding="utf-8")
    (copy / "content/messages/quay-post.md").write_text("---\ntitle: T\nkind: post\n---\n", encoding="utf-8")
    found = call("check", "--root", copy).output
    for code in ("vague-link-text", "slash-choice", "raw-html", "stray-bracket", "unknown-placeholder"):
        assert f" {code}: " in found
    (copy / "content/messages/quay-call.md").write_text(SCRIPT, encoding="utf-8")
    assert (
        "content/messages/quay-post.md:5:1: error empty-body: the post is empty."
        in call("check", "--root", copy).output
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "quay-call", "--format", "subject"], "'quay-call' is a script: --format html or text."),
        (["show", "quay-call", "--format", "eml"], "'quay-call' is a script: --format html or text."),
        (["show", "quay-call", "--platform", "mailroom"], "'quay-call' is a script, which goes to no platform"),
        (["send", "quay-call", "--to", "a@b.example", "--smtp", "localhost"], "'quay-call' is a script, not an email."),
        (["export", "mailroom", "quay-post", "--out", "none.zip"], "'quay-post' is not exported to mailroom."),
    ],
)
def test_what_only_an_email_has_is_refused(root: Path, arguments: list[str], said: str) -> None:
    result = call(*arguments, "--root", root)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_show_prints_it_with_the_values_given(root: Path) -> None:
    shown = call("show", "quay-call", "--format", "text", "--set", "skipper=Grace", "--root", root)
    assert shown.output == "Hello Grace, this is Noor Haddad.\n"
    shown = call("show", "quay-post", "--variant", "sail", "--platform", "handbook", "--root", root)
    assert shown.output.startswith("<p><strong>[Skipper]</strong> is on the ")


def test_the_page_fills_in_and_copies_and_has_nothing_of_an_email(root: Path) -> None:
    book = handbook(run_pipeline(root))
    pages = (message_page(book, book.catalog.messages[name]) for name in ("quay-post", "quay-call"))
    post, script = (page.parts.fill(page.text) for page in pages)
    assert ">Copy post</button>" in post
    assert ">Copy script</button>" in script
    for page in (post, script):
        assert ">Copy plain text</button>" in page
        assert 'id="blank-skipper"' in page
        assert not any(word in page for word in ("Copy subject", "Copy email", "Gmail", "email app", "<iframe", "MJML"))


CHECKLIST_POST = """---
title: Handed over
kind: post
---
**{{ checklist.account }}** is with {{ engineer }}.

{{ checklist.done }}

{{ checklist.open }}
"""


@pytest.fixture(scope="module")
def handed_over(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalog with a post that an item of a checklist names."""
    copy = Path(shutil.copytree(root, tmp_path_factory.mktemp("checklist") / "root"))
    (copy / "content/messages/handed-over.md").write_text(CHECKLIST_POST, encoding="utf-8")
    (copy / "content/messages/all-done.md").write_text(CHECKLIST_POST.replace("{{ engineer }}", "us"), encoding="utf-8")
    catalog = load(copy, ROOT / "templates").catalog
    assert catalog is not None
    named = {
        name: catalog.messages[name].model_copy(update={"is_of_checklist": True})
        for name in ("handed-over", "all-done")
    }
    return replace(catalog, messages={**catalog.messages, **named})


def composed(catalog: Catalog, name: str, more: str = "") -> Composed:
    message = catalog.messages[name]
    body = message.body.model_copy(update={"lines": (*message.body.lines, *more.splitlines())})
    return Composer(catalog).one(message.model_copy(update={"body": body}))


def test_a_post_of_a_checklist_shows_samples_of_what_is_done_and_open(handed_over: Catalog) -> None:
    made = composed(handed_over, "handed-over")
    marks = marks_for(handed_over, [])
    blocks = made.documents[0].blocks
    assert made.diagnostics == ()
    preview = PreviewSpelling(handed_over)
    assert fill(text(blocks, marks), "text", marks, preview) == (
        "Acme is with Noor Haddad.\n\n- The first\n- The second\n\n- The third\n"
    )
    assert "<p>- The first<br>- The second</p>" in fill(fragment(blocks, marks), "html", marks, preview)
    assert "[What is done]" in fill(fragment(blocks, marks), "html", marks, HandbookSpelling(handed_over))


@pytest.mark.parametrize("written", ["checklist.don", "checklist.Done", "checklist", "checklist.items"])
def test_a_checklist_has_three_placeholders(handed_over: Catalog, written: str) -> None:
    (found,) = composed(handed_over, "handed-over", f"\n{{{{ {written} }}}}").diagnostics
    column = 4 + len("checklist.") if "." in written else 4
    assert (found.code, found.place.line, found.place.column) == ("unknown-placeholder", 11, column)
    assert "checklist.done" in (found.hint or "")


def test_the_page_of_the_checklist_copies_the_post_or_opens_its_form(handed_over: Catalog) -> None:
    marks = marks_for(handed_over, [])
    composer = Form(handed_over, marks, None)
    whole, form = (
        composer.post(handed_over.messages[name], list(composed(handed_over, name).documents))
        for name in ("all-done", "handed-over")
    )
    assert form == {"noun": "post", "page": "../messages/handed-over/", "button": "Fill in the post"}
    assert whole["button"] == "Copy post"
    assert whole["text"] == [
        {"blank": "checklist.account"}, " is with us.\n\n", {"blank": "checklist.done"}, "\n\n",
        {"blank": "checklist.open"}, "\n",
    ]  # fmt: skip
    fields = composer.fields(list(composed(handed_over, "handed-over").documents))
    assert [field["id"] for field in fields["customer"] if field["lines"]] == ["checklist.done", "checklist.open"]
