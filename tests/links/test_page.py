"""Pages as they are in the wild, and pages that are made to take time."""

import html
import time
from urllib.parse import quote

import pytest

from handover.links.page import Page, read_page

SIZE = 512 * 1024


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a x='", '<a x="', "<!--", "<!", "<?", "</", "</a", "<script>", "</script", "<title>", "&amp;", "&#",
     "<a b=c ", "<p id=x>", "<a\n", "<a/", "<a =", "<![CDATA[", "<textarea>", "a", "\x00", "<a x=\"'>\" y='\">'>",
     "<div>", "<ul><li>", "<a><div>", "<b><div>", "<div></p>", "<table><td>", "<svg>", "</x>", "<h1>", "<template>"],
)  # fmt: skip
def test_no_page_takes_long(piece: str) -> None:
    start = time.process_time()
    read_page("<title>T</title>" + piece * (SIZE // len(piece)), "https://a.example/x", whole=True)
    assert time.process_time() - start < 3


def test_a_page_as_a_browser_reads_it() -> None:
    page = read_page(
        "<!DOCTYPE html><HTML><HEAD><TITLE >Caf&eacute; &lt;b&gt;\x1b[31m</TITLE><svg><title>2</title></svg></HEAD>"
        "<body><!-- <p id=no> --><h1 Class='a > b'>One <b id = two>two</b>\n</h1><h1>Later</h1>"
        "<a name=three href=x>3</a><input name=four><template><i id=five></i></template>"
        "<p id='six'>6<p id=seven/>7<textarea><i id=eight></textarea> 1 < 2 <p id=\"\"> <",
        "https://a.example/x",
        whole=True,
    )
    assert page.title == "Café <b>[31m"
    assert page.heading == "One two"
    assert page.ids == {"two", "three", "six", "seven/"}


def test_pages_that_differ_in_address_time_and_tokens_are_the_same() -> None:
    def made(path: str, token: str, seconds: int, words: str = "Welcome to the harbour.") -> Page:
        forms = " ".join(
            [html.escape(path), quote(path, safe=""), path.upper(), path.replace("/", r"\/"), path.rsplit("/")[-1]]
        )
        said = " ".join(path.strip("/").split("/"))
        source = f"<h1>{words}</h1><a href='{path}?x'>{forms}, {said}</a><meta content={token}><i>{seconds} ms</i>"
        return read_page(source, f"https://a.example{quote(path)}", whole=True)

    first = made("/some/it's&page", "abcdefABCDEF_ghij-kl", 12)
    assert first.is_same_as(made("/0123456789abcdef", "zyxwvuZYXWV_uvwx-yz", 345))
    assert first.is_same_as(made("/c", "a1b2c3", 1))
    assert not first.is_same_as(made("/c", "abcdefABCDEF_ghij-kl", 12, "Welcome to the pier."))
    nothing = read_page("", "https://a.example/x", whole=True)
    assert not nothing.is_same_as(nothing)
