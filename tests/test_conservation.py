"""Whatever an author writes, every word, placeholder and link of it is in every output, in its order.

Documents are generated as Markdown, and what is expected is taken from the generated words, not from the engine.
"""

import html
import re
import shutil
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.check.outputs import conserved
from handover.cli.pipeline import run_pipeline
from handover.model.nodes import Placeholder
from tests.conftest import FUZZING, ROOT

words = st.text("abcdefghijklmnopqrstuvwxyzäßéłжЯ中—»\"'&.,!?%€", min_size=1, max_size=9).filter(
    lambda word: word.strip("\"'&;.,!?%€—»")
)
plain = st.lists(words, min_size=1, max_size=6).map(" ".join)
placeholders = st.sampled_from(
    ["{{ skipper }}", "{{engineer}}", "{{ engineer_pronouns.Subject }}", "{{ engineer_pronouns.be }}"]
)
links = plain.map(lambda text: f"[{text}][fitting-guide]") | plain.map(lambda text: f"[{text}][engineer-calendar]")
inline = plain | placeholders | links | plain.map(lambda text: f"**{text}**") | plain.map(lambda text: f"*{text}*")
sentence = st.lists(inline, min_size=1, max_size=5).map(" ".join)
bullets = st.lists(sentence, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items))
numbers = st.lists(sentence, min_size=1, max_size=4).map(
    lambda items: "\n".join(f"1. {item}\n\n    More: {item}" for item in items)
)
nested = st.tuples(sentence, sentence).map(lambda pair: f"- {pair[0]}\n    - {pair[1]}")
heading = st.tuples(st.sampled_from(["##", "###"]), plain).map(" ".join)
quote = sentence.map(lambda text: f"> {text}")
body = st.lists(
    sentence | bullets | numbers | nested | heading | quote | st.just("::: include fitting"), min_size=1, max_size=8
).map("\n\n".join)


def expected_words(markdown: str) -> list[str]:
    """What a reader reads, by the rules of the language, without the engine."""
    text = re.sub(
        r"^::: include fitting$",
        "Everything about fitting is in our [fitting guide][fitting-guide].",
        markdown,
        flags=re.M,
    )
    text = re.sub(r"^[ >#]*(?:- |1\. |#+ |> )?", "", text, flags=re.M)
    text = re.sub(r"\]\[[\w-]+\]", "]", text).replace("[", "").replace("]", "").replace("*", "")
    text = text.replace("{{ skipper }}", "SKIPPER").replace("{{engineer}}", "ENGINEER")
    text = text.replace("{{ engineer_pronouns.Subject }}", "They").replace("{{ engineer_pronouns.be }}", "are")
    return re.findall(r"\w+", text)


def read_html(text: str) -> list[str]:
    text = text.replace("<!--\n-->", "")  # the end of a line within words
    text = re.sub(r"<!--.*?-->|<(style|head)\b.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"</?(?:strong|em|a)\b[^>]*>", "", text)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.findall(r"\w+", spelled(text))


def read_text(text: str) -> list[str]:
    text = re.sub(r": (?:https://tideline\.example/\S*?boat=any|<<ask Engineer's calendar>>|\$\(CALENDAR\))", "", text)
    text = re.sub(r"^[ >]*(?:- |1\. |\d+\. |> )?", "", text, flags=re.M)
    return re.findall(r"\w+", spelled(text))


def spelled(text: str) -> str:
    """The tokens of both platforms of the case, named."""
    for token in ("<<first>>", "$(FIRST|skipper)"):
        text = text.replace(token, "SKIPPER")
    return text.replace("<<ask Engineer>>", "ENGINEER").replace("$(ENGINEER)", "ENGINEER")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("conserved") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    beacon = root / "data/platforms/beacon.yml"
    beacon.write_text(
        beacon.read_text().replace(
            "tokens:\n", "tokens:\n  engineer: { name: ENGINEER }\n  engineer_calendar: { name: CALENDAR }\n"
        )
    )
    return root


def contains(found: list[str], expected: list[str]) -> bool:
    return any(found[start : start + len(expected)] == expected for start in range(len(found) - len(expected) + 1))


@pytest.mark.slow
@pytest.mark.sample
@settings(max_examples=600 if FUZZING else 30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body)
def test_nothing_is_lost_in_any_output(repository: Path, markdown: str) -> None:
    for name in ("welcome-aboard", "season-letter"):
        path = repository / "content" / "messages" / f"{name}.md"
        head = (ROOT / "tests/cases/good/tideline/content/messages" / path.name).read_text().split("---\n")[1]
        path.write_text(f"---\n{head}---\n# Ahoy\n\n{markdown}\n", encoding="utf-8")
    made = run_pipeline(repository)
    assert not made.has_errors, [str(found) for found in made.diagnostics]
    expected = ["Ahoy", *expected_words(markdown)]
    source = markdown.replace("::: include fitting", "][fitting-guide]")
    guides, calendars = source.count("][fitting-guide]"), source.count("][engineer-calendar]")
    seen = set()
    for artifact in made.artifacts:
        if artifact.platform == "preview" or artifact.message is None or artifact.format == "subject":
            continue
        seen.add((artifact.platform, artifact.format))
        content = artifact.content.decode()
        if artifact.format == "text":
            found = read_text(content)
            guide = "https://tideline.example/fitting?step=1&boat=any"
        else:
            found = read_html(content)
            guide = 'href="https://tideline.example/fitting?step=1&amp;boat=any"'
        assert contains(found, expected), (artifact.path, expected, found)
        assert content.count(guide) == guides
        assert len(re.findall(r"(?:<<|&lt;&lt;)ask Engineer's calendar|\$\(CALENDAR\)", content)) == calendars
    assert seen == {
        ("mailroom", "html"),
        ("mailroom", "text"),
        ("beacon", "html"),
        ("beacon", "mjml"),
        ("beacon", "text"),
    }


WRONG = {
    "a word less": ("Ahoy, ", ""),
    "a word more": ("Ahoy", "Ahoy there"),
    "another number": ("2. Look", "3. Look"),
    "the number of an item": ('<ol start="7">', "<ol>"),
    "the number of an item in text": ("7. Sail", "1. Sail"),
    "another address": ("fitting?step=1", "fitting?step=2"),
    "a placeholder less": ("{skipper}", ""),
    "a mark of words": ("+5 % (!)", "5 % (!)"),
    "another order": ("one, two", "two, one"),
}
SAID = r"""
# Ahoy, {{ skipper }}

**2. Look** at [it][fitting-guide]: one, two.

7. Sail
8. Moor

+5 % (!) & \<b> 'x'
"""


def test_what_is_lost_in_a_form_is_found(repository: Path) -> None:
    path = repository / "content/messages/welcome-aboard.md"
    head = (ROOT / "tests/cases/good/tideline/content/messages" / path.name).read_text().split("---\n")[1]
    path.write_text(f"---\n{head}---\n{SAID}", encoding="utf-8")
    made = run_pipeline(repository)
    assert made.catalog is not None
    assert made.marks is not None
    rendered = next(each for each in made.rendered if each.document.id == "welcome-aboard")
    skipper = made.marks.placeholder(next(node for node in rendered.document.inlines if isinstance(node, Placeholder)))
    found = set()
    for rendering in rendered.renderings():
        assert list(conserved(rendering, made.marks)) == []
        for name, (old, new) in WRONG.items():
            wrong = rendering.marked.replace(old.replace("{skipper}", skipper), new)
            if wrong != rendering.marked:
                found.add(name)
                assert len(list(conserved(replace(rendering, marked=wrong), made.marks))) == 1, (rendering.form, name)
    assert found == set(WRONG)


def test_the_mail_draft_says_what_the_preview_says(dist: Path) -> None:
    for path in sorted((dist / "exports/preview").glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        parts = {
            part.get_content_type(): part.get_content().replace("\r\n", "\n")
            for part in mail.iter_parts()
            if isinstance(part, EmailMessage)
        }
        assert parts["text/plain"] == path.with_suffix(".txt").read_text()
        preview = re.sub(r'<meta http-equiv="Content-Sec[^>]*>', "", path.with_suffix(".html").read_text())
        without, count = re.subn(r"\s*<div [^>]*mso-hide:all[^>]*>[^<]*</div>", "", preview)
        assert (count, parts["text/html"].split()) == (1, without.split())
        assert mail["Subject"] == path.with_suffix(".subject.txt").read_text().strip()
