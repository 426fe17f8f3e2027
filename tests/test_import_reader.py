"""Files of other programs are read as what they say, without how they are laid out."""

from collections.abc import Iterable

import pytest

from handover.adopt.addresses import unwrapped
from handover.adopt.blanks import Blanks
from handover.adopt.blocks import Block, Unreadable, links, walk
from handover.adopt.reader import read
from tests.test_cases import CASES
from tests.test_visible import catalog_of

MARKDOWN = b"""# Renewal check-in

Use this 60 days before.

**Subject:** {{first_name}}, your renewal at [Company]
Preheader: What changes

Hi [First Name] of <COMPANY>, *|FNAME|* and %%First_Name%% ____
see [the guide][guide] or https://acme.example/book.

Best,
[Your Name]

[guide]: https://acme.example/guide?utm_source=x
"""

HTML = """<title>Hello</title><div style="display:none">What is inside&zwnj;&nbsp;&zwnj;</div>
<!--[if mso]><p>Outlook</p><![endif]--><table role="presentation"><tr><td><img src="logo.png" alt="Acme"></td></tr>
<tr><td><p>Hi *|FNAME|*,<br><br>second <b>bo</b><b>ld</b></p>
<p style="mso-list:l0"><span style="mso-list:Ignore">&middot;<span>&nbsp;</span></span>One</p>
<p style="mso-list:l0"><span style="mso-list:Ignore">&middot;<span>&nbsp;</span></span>Two</p>
<a href="https://acme.example/c"><table><tr><td>Button</td></tr></table></a><img src="t.gif" width="1" height="1">
</td></tr></table>"""


def words(blocks: Iterable[Block]) -> list[str]:
    """The words of the blocks, without formats."""
    return " ".join(block.text for block in walk(blocks)).split()


def test_markdown() -> None:
    (found,) = read("renewal.md", MARKDOWN)
    assert found.title == "Renewal check-in"
    assert found.subject == "{{first_name}}, your renewal at [Company]"
    assert (found.preheader, found.description) == ("What changes", "Use this 60 days before.")
    assert " ".join(words(found.body)) == (
        "Hi [First Name] of <COMPANY>, *|FNAME|* and %%First_Name%% ____ see the guide or https://acme.example/book. "
        "Best, [Your Name]"
    )
    assert links(found.body) == [
        ("the guide", "https://acme.example/guide?utm_source=x"),
        ("https://acme.example/book", "https://acme.example/book"),
    ]


def test_html() -> None:
    (found,) = read("hello.html", HTML.encode())
    assert (found.subject, found.preheader) == ("Hello", "What is inside")
    assert [(block.tag, block.text, len(block.items)) for block in found.body] == [
        ("p", "Hi *|FNAME|*,", 0),
        ("p", "second bold", 0),
        ("ul", "", 2),
        ("p", "Button", 0),
    ]
    assert links(found.body) == [("Button", "https://acme.example/c")]
    assert found.dropped == ("a picture 'Acme'",)


def test_json() -> None:
    source = """{"data": [
      {"type": "template", "id": 12, "attributes": {"name": "First", "subject": "A", "bodyHtml": "<p>Hello</p>"}},
      {"type": "snippet", "id": "5", "attributes": {"name": "Price", "bodyText": "Now"}}, {"type": "call"}, null]}"""
    seen = [
        (found.title, found.subject, words(found.body), found.address, found.is_snippet)
        for found in read("export.json", source.encode())
    ]
    assert seen == [
        ("First", "A", ["Hello"], "template/12", False),
        ("Price", "", ["Now"], "snippet/5", True),
    ]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("deep.html", b"<div>" * 20_000 + b"x", "nested too deeply"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("odd.json", b'{"data": [1, null, {"type": "call"}]}', "no entry of type"),
        ("nothing.eml", b"Subject: \xff\n\n", "wrong encoding"),
        ("picture.eml", b"Content-Type: image/png\n\nHi", "no text"),
        ("bytes.txt", b"caf\xe9", "not UTF-8"),
        ("word.md", b"PK\x03\x04", "word processor"),
        ("archive.xyz", b"x", "kind is not known"),
        ("large.txt", b"x" * 600_000, "more than 500,000 characters"),
        ("huge.txt", b"x" * 10_000_001, "larger than"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem):
        read(name, content)


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", [b">" * 10_000 + b"x", b"<a " * 100_000, b"</b>" * 50_000, b"*a_" * 20_000, b"[" * 50_000]
)
def test_hostile_markup_is_read_in_time(content: bytes) -> None:
    for name in ("a.md", "a.html", "a.txt"):
        assert len(read(name, content)) == 1


def test_a_file_with_several_emails() -> None:
    source = b"# All\n\n## One\n\nSubject: A\n\nHi\n\n---\n\n## Two\n\n**Subject:** B\n\nHo\n\nSubject: C\n\nHu\n"
    seen = [(found.name, found.title, found.subject, words(found.body)) for found in read("all-mails.md", source)]
    assert seen == [
        ("all-mails.md, email 1", "One", "A", ["Hi"]),
        ("all-mails.md, email 2", "Two", "B", ["Ho"]),
        ("all-mails.md, email 3", "All mails 3", "C", ["Hu"]),
    ]


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://a.example/x?utm_source=b&id=1&gclid=2#c", "https://a.example/x?id=1#c"),
        ("https://a.example/?utm_campaign=b", "https://a.example/"),
        ("https://www.google.com/url?q=https://a.example/x%3Fb%3D1&sa=D", "https://a.example/x?b=1"),
        ("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=1", "https://a.example/"),
        ("https://urldefense.com/v3/__https://a.example/b__;!!x!y$", "https://a.example/b"),
        ("https://urldefense.com/v3/__https:/*a.example/b__;Lw!!x!y$", "https://a.example/b"),
        ("https://urldefense.com/v3/__https:/a.example/**A/*__;IyPDqQ!!x!y$", "https://a.example/##/é"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_b&d=x", "https://a.example/b"),
        ("https://www.google.com/url?q=javascript:x", "https://www.google.com/url?q=javascript:x"),
        ("https://a.example/share?url=https://b.example/", "https://a.example/share?url=https://b.example/"),
        ("https://[a/?x", "https://[a/?x"),
        ("mailto:a@b.example?subject=x", "mailto:a@b.example?subject=x"),
    ],
)
def test_wrappers_and_tracking_are_taken_off_an_address(address: str, plain: str) -> None:
    assert unwrapped(address) == plain


@pytest.mark.parametrize(
    ("name", "source", "text"),
    [
        ("a.txt", "Hi <Name>, <<My Co>> at https://a.example/_x_y_", "Hi <Name>, <<My Co>> at https://a.example/_x_y_"),
        (
            "a.html",
            "<p>Hi <First Name>, <<Company>> <b>now</b><custom>!</custom></p>",
            "Hi <First Name>, <<Company>> now!",
        ),
        ("a.txt", "Yes.\n\nAm 3.11.2026 schrieb Kim:\n> Ja?\n> Nein?", "Yes."),
        ("a.txt", "-- Forwarded message --\nFrom: x\nSubject: Old\n\nHi all", "Hi all"),
        ("a.html", '<p>Yes.</p><div class="gmail_quote">On Monday Kim wrote: Ja?</div>', "Yes."),
        ("a.html", '<div class="gmail_quote">Forwarded<p>Hi all</p></div>', "Forwarded Hi all"),
        ("a.txt", "On Monday we wrote:\n\nall of it", "On Monday we wrote: all of it"),
        ("a.txt", "Objet : Bonjour\n\nOui", "Oui"),
        ("a.txt", "\u4ef6\u540d\uff1aA\n\nB", "B"),
    ],
)
def test_what_people_write(name: str, source: str, text: str) -> None:
    (found,) = read(name, source.encode())
    assert " ".join(words(found.body)) == text


def test_front_matter_of_several_lines_and_such_as_is_no_yaml() -> None:
    (found,) = read("a.md", b"---\nsubject: >-\n  One\n  two\ntags: [x]\n---\nHi")
    assert found.subject == "One two"
    (found,) = read("a.md", b"---\nsubject: {{a}}: 'b\npreheader: c\n---\nHi")
    assert (found.subject, found.preheader) == ("{{a}}: 'b", "c")


def test_what_is_no_blank() -> None:
    text = "[x] 50% off and 20%, https://a.example/%E4%BD%A0, (1)"
    assert Blanks(catalog_of(CASES / "good/tideline")).marked(text) == text.replace("[x]", "(x)")


def test_a_blank_with_the_name_of_a_known_placeholder_is_that_one() -> None:
    blanks = Blanks(catalog_of(CASES / "good/tideline"))
    text = blanks.marked("[Skipper], <<Engineer's calendar>>, {engineer_calendar}, [Skipper's email]")
    assert text == "\ue000skipper\ue001, " + "\ue000engineer_calendar\ue001, " * 2 + "\ue000skipper_s_email\ue001"
    assert list(blanks.new) == ["skipper_s_email"]  # the known one is optional, so a text could have a gap


@pytest.mark.parametrize(
    ("token", "label", "fallback"),
    [
        ("{{ lead.Plan Name:default=basic }}", "Lead plan name", "basic"),
        ('{{ contact.plan|default("basic") }}', "Contact plan", "basic"),
        ("{{ personalization_token('contact.plan', 'basic') }}", "Contact plan", "basic"),
        ("{{ personalization_token('contact.plan') }}", "Contact plan", ""),
        ('{{defaultIfEmpty plan "basic"}}', "Plan", "basic"),
        ("%%=ProperCase(@plan)=%%", "Plan", ""),
        ("<<Plan>>", "Plan", ""),
        ("<%= plan %>", "Plan", ""),
        ("%PLAN%", "Plan", ""),
        ("{Plan|Offer}", "Plan", "Offer"),
        ("{{!plan}}", "plan", ""),
        ('[the "plan"]', "the plan", ""),
    ],
)
def test_a_blank_and_its_fallback(token: str, label: str, fallback: str) -> None:
    blanks = Blanks(catalog_of(CASES / "good/tideline"))
    assert blanks.marked(f"Your {token}.").startswith("Your \ue000")
    ((_, new),) = blanks.new.items()
    assert (new.label, new.fallback) == (label, fallback)


@pytest.mark.parametrize(
    ("source", "subject", "text"),
    [
        (b"Subject: caf\xc3\xa9\n\ncaf\xc3\xa9", "café", "café"),
        (b"Subject: caf\xe9\nContent-Type: text/plain; charset=Latin1\n\ncaf\xe9", "café", "café"),
        (b"Content-Type: text/plain; charset=iso-8859-1\n\n\x93caf\xe9\x94 \x80 5", "", "\u201ccafé\u201d € 5"),
        (b"Content-Type: text/plain; charset=gb2312\n\n\xc4\xe3\xba\xc3\xe9F", "", "你好镕"),
        (b"Subject: =?utf-8?q?caf=C3=A9?= C:\\u12\n\na", "café C:\\u12", "a"),
        (b"Subject: =?utf-8?q?caf?=\n =?utf-8?q?=C3=A9?= \xe2\x82\xac\n\na", "café €", "a"),
        (b"Content-Type: text/plain; charset=unknown-8bit\n\ncaf\xc3\xa9", "", "café"),
        (b"Content-Type: text/plain; charset=unicode_escape\n\n\\u0041", "", "\\u0041"),
        (b"Content-Type: text/html\n\n<meta charset=windows-1251><p>\xef\xf0\xe8\xe2\xe5\xf2</p>", "", "привет"),
        (b"Subject: =?x-none?q?caf=C3=A9?= =?utf-8?b?4oCT?=\n\na", "café\u2013", "a"),
        (b"Subject: Re: =?iso-8859-1?q?=93Gr=FC=DFe=94?= an\n alle\n\na", "Re: \u201cGrüße\u201d an alle", "a"),
        (b"Subject: =?utf-8?b?a?=\n\na", "=?utf-8?b?a?=", "a"),
        (b"Subject: =?utf-8?b?4oCu?=a=?utf-8?q?=0D=0ABcc:_b=1B?=\n\na\xe2\x80\xae\x1b", "a Bcc: b", "a"),
    ],
)
def test_an_email_in_any_encoding(source: bytes, subject: str, text: str) -> None:
    (found,) = read("mail.eml", source)
    assert (found.subject, " ".join(words(found.body))) == (subject, text)


def test_a_head_that_is_slow_to_read_is_refused() -> None:
    for line in ("Subject: " + "=?utf-8?q?a?= " * 20_000, "Content-Type: text/plain; " + "a=b; " * 20_000):
        with pytest.raises(Unreadable, match="a line in its head is too long"):
            read("mail.eml", f"{line}\n\nbody".encode())


def test_a_typed_line_is_a_rule() -> None:
    (found,) = read(
        "a.html", b"<p>a</p><p>* * *</p><div>b<br>-----<br>c - d<br>***e***</div><p>&mdash;&mdash;&mdash;</p>f"
    )
    assert [(block.tag, block.text) for block in found.body] == [
        ("p", "a"), ("hr", ""), ("p", "b"), ("hr", ""), ("p", "c - d\n***e***"), ("hr", ""), ("p", "f"),
    ]  # fmt: skip
