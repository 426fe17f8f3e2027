"""Terms of the glossary on the pages of the site: marked where that helps, and linked to the glossary."""

import re
from pathlib import Path

import pytest

from handover.write.terms import linked

IDS = {"FO": "fo", "FO AE": "fo-ae", "R&D": "research"}
FO = '<abbr title="First Order">FO</abbr>'
LINK = '<a class="term" href="../glossary/#fo" title="First Order">FO</a>'


def article(inside: str) -> str:
    return linked(f"<p>{FO}</p><article>{inside}</article>", "../glossary/", IDS).partition("<article>")[2][:-10]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<p>{FO} and {FO}</p><p>{FO}</p>", f"<p>{LINK} and FO</p><p>FO</p>"),
        (f"<p>{FO}</p><h3>A {FO}</h3><p>{FO} {FO}</p>", f"<p>{LINK}</p><h3>A FO</h3><p>{LINK} FO</p>"),
        (f'<a href="x"><strong>{FO}</strong></a> {FO}', f'<a href="x"><strong>FO</strong></a> {LINK}'),
        (f'<a id="x"></a>{FO}', f'<a id="x"></a>{LINK}'),
        (f'<div class="matrix"><div>{FO}</div>{FO}</div>{FO}', f'<div class="matrix"><div>FO</div>FO</div>{LINK}'),
        (f'<div class="a tabbed-set b"><p>{FO}</p></div>', '<div class="a tabbed-set b"><p>FO</p></div>'),
        (f'<div class="tabbed-set x"><h5>a</h5></div>{FO}', f'<div class="tabbed-set x"><h5>a</h5></div>{LINK}'),
        (f'<p class="admonition-title">{FO}</p><p>{FO}</p>', f'<p class="admonition-title">FO</p><p>{LINK}</p>'),
        (f'<p><span data-part="x">{FO}</span></p>{FO}', f'<p><span data-part="x">FO</span></p>{LINK}'),
        (f'<div class="matrixes">{FO}</div>', f'<div class="matrixes">{LINK}</div>'),
        (f'<img alt="a > <h2>"><p>{FO}</p>', f'<img alt="a > <h2>"><p>{LINK}</p>'),
        (
            '<p><abbr title="Research">R&amp;D</abbr></p>',
            '<p><a class="term" href="../glossary/#research" title="Research">R&amp;D</a></p>',
        ),
        ('<p><abbr title="x">other</abbr></p>', "<p>other</p>"),
    ],
)  # fmt: skip
def test_the_first_of_a_section_is_a_link_and_the_others_are_words(before: str, after: str) -> None:
    assert article(before) == after


def test_a_page_is_the_same_the_second_time() -> None:
    once = linked(f"<article><h1>{FO}</h1><p>{FO}</p></article>", "", IDS)
    assert linked(once, "", IDS) == once
    assert "<abbr" not in once


def test_on_the_shipped_pages_every_mark_leads_to_the_glossary_and_none_is_in_a_message(dist: Path) -> None:
    glossary = (dist / "glossary/index.html").read_text()
    places = [dist / "amer-smb/index.html", dist / "messages/expand-welcome/index.html", dist / "links/index.html"]
    for path in places:
        page = path.read_text()
        terms = re.findall(r'<a class="term" href="((?:\.\./)+)glossary/#([^"]+)" title="([^"]+)">', page)
        assert terms, path
        for up, name, meaning in terms:
            assert (path.parent / up).resolve() == dist.resolve()
            assert f'id="{name}"' in glossary
            assert meaning in glossary
        for message in re.findall(r'<div class="(?:tabbed-set|composer).*', page, re.DOTALL)[:1]:
            tab = (
                message.partition("<h2")[0]
                if "composer" in message[:30]
                else message.partition("</div>\n</div>\n</div>")[0]
            )
            assert 'class="term"' not in tab


def test_the_glossary_is_in_alphabetical_order(dist: Path) -> None:
    page = (dist / "glossary/index.html").read_text()
    terms = re.findall(r'<span id="[^"]+"></span><strong>([^<]+):</strong>', page)
    assert len(terms) > 10
    assert terms == sorted(terms, key=str.casefold)
