"""HTML in short lines: nothing that a reader or a platform reads is different."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from handover.render.line_length import MAX_LINE, with_gaps, wrapped
from tests.test_platforms import lay_out, run

MANY = 200
LINK = '<a href="https://example.com/?a=1&amp;b=2" title=\'two words\' style="color: red">x</a>'
LONG = {
    "words": f"<p>{'one or two words ' * MANY}</p>",
    "tags alone": f"<ul>{'<li>one</li>' * MANY}</ul>",
    "inline tags": f"<p>{'<strong>a</strong><em>b</em> ' * MANY}</p>",
    "attributes": f"<p>{LINK * MANY}</p>",
    "no spaces at all": f"<p>{'漢字かな。' * MANY}</p>",
    "code": f'<p><code style="white-space:pre-wrap;">{"a  b<br>" * MANY}</code> after it</p>',
    "code in one line": f'<p><code style="white-space:pre-wrap;">{"git clone  it " * MANY}</code> after it</p>',
    "pre": f"<pre>{'<b>a b</b>' * MANY}</pre>",
    "a quote that keeps spaces": f'<div style="white-space: pre">{"<b>a b</b>" * MANY}<div>c</div> d</div>',
    "for Word alone": f'<!--[if mso | IE]><table role="none"><tr><td><![endif]-->{"<p>a b</p>" * MANY}',
    "for all but Word": f"<!--[if !mso]><!-->{'<p>a b</p>' * MANY}<!--<![endif]--><p>after</p>",
    "a comment": f"<!-- {'a note ' * 20} --><p>{'a b ' * MANY}</p>",
    "a style": f"<style>{'.a { color: red; } ' * MANY}</style>",
    "a title": f"<title>{'漢字 a ' * 10}</title><p>{'a b ' * MANY}</p>",
}
BLOCKS = {"p", "ul", "ol", "li", "table", "tbody", "tr", "td", "br", "hr", "div", "blockquote", "body", "html", "head"}


class Reader(HTMLParser):
    """Tags with their attributes, and words; white space is one space, but where an element keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []
        self.open: list[bool] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "hr", "meta", "img"):
            self.open.append(tag == "pre" or "white-space" in str(attributes) or self.open[-1:] == [True])
        self.seen.append((tag, str(attributes)))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()
        self.seen.append((tag, "/"))

    def handle_data(self, data: str) -> None:
        before = self.seen.pop()[1] if self.seen and not self.seen[-1][0] else ""
        text = before + data
        self.seen.append(("", text if self.open[-1:] == [True] else re.sub(r"\s+", " ", text)))

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.seen.append(("!", " ".join(data.split())))


def read(html: str) -> list[tuple[str, str]]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    tags = ["p", *(tag for tag, _ in reader.seen), "p"]
    beside_block = [tags[index] in BLOCKS or tags[index + 2] in BLOCKS for index in range(len(reader.seen))]
    return [each for each, beside in zip(reader.seen, beside_block, strict=True) if not (beside and each == ("", " "))]


@pytest.mark.parametrize("html", LONG.values(), ids=LONG)
def test_a_long_line_is_wrapped_and_reads_the_same(html: str) -> None:
    short = wrapped(with_gaps(html))
    assert "\n" in short
    assert max(len(line.encode()) for line in short.split("\n")) <= MAX_LINE
    assert read(short) == read(html)


def test_what_cannot_be_wrapped_stays_whole() -> None:
    address = f"https://example.com/{'a' * 1000}"
    assert address in wrapped(with_gaps(f'<p>one two <a href="{address}">x</a> three</p>'))
    assert wrapped(with_gaps("<p>漢字</p>\n<p>a b</p>")) == "<p>漢字</p>\n<p>a b</p>"


def test_every_exported_line_is_short_and_every_token_is_whole(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "root")
    for path in (root / "content/messages").glob("*.md"):
        named = "{{ first_name }}, " if "first_name" in path.read_text() else "{{ customer_name }}, "
        path.write_text(path.read_text() + "\n" + named * 300 + "\n\n" + "漢字かな交じり文。" * 100 + "\n")
    result = run("build", "--no-site", "--out", str(tmp_path / "out"), root=root)
    assert result.exit_code == 0, result.stderr
    for path in (tmp_path / "out/exports").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert max(len(line.encode()) for line in text.split("\n")) < 900, path
        for before, after in (("{{", "}}"), ("%%", "%%"), ("*|IF", "END:IF|*"), ("{!", "}")):
            for token in re.findall(f"{re.escape(before)}.*?{re.escape(after)}", text, re.DOTALL):
                assert "\n" not in token, path
