"""Pages as they are in the wild, and pages that are made to take time."""

import time

import pytest

from handover.links.page import read_page

SIZE = 512 * 1024


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a x='", '<a x="', "<!--", "<!", "<?", "</", "</a", "<script>", "</script", "<title>", "&amp;", "&#",
     "<a b=c ", "<p id=x>", "<a\n", "<a/", "<a =", "<![CDATA[", "<textarea>", "a", "\x00", "<a x=\"'>\" y='\">'>"],
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
    def essence(path: str, token: str, seconds: int, words: str = "Welcome to the harbour.") -> str | None:
        url = f"https://a.example{path}"
        html = f"<h1>{words}</h1><a href='{path}?x'>{url}</a><meta name=csrf content={token}><i>{seconds} ms</i>"
        return read_page(html, url, whole=True).essence()

    first = essence("/some/page", "abcdefABCDEF0123456789", 12)
    assert first is not None
    assert first == essence("/0123456789abcdef", "zyxwvuZYXWVU9876543210", 345)
    assert first != essence("/some/page", "abcdefABCDEF0123456789", 12, "Welcome to the pier.")
