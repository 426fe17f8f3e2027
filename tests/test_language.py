"""What a message in Markdown becomes: the fragment that is pasted, and the plain text."""

import email
import email.policy
import html
import re
import shutil
from collections.abc import Mapping

import pytest

from handover.cli.pipeline import run_pipeline
from handover.model.located import Language
from tests.conftest import ROOT

HEAD = "---\ntitle: T\nsubject: Five & 'six'\nkind: personal\nlayout: letter\nfrom: F\nto: { name: N }\n"
GUIDE = "https://tideline.example/fitting?step=1&boat=any"
STRASSE = "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC#Gr%C3%B6%C3%9Fe"
"""What https://münchen.example/straße?q=ü#Größe is to a mail program."""
PAREN = "https://tideline.example/wiki/Reef_(knot)"
LINK = f'<a href="{html.escape(GUIDE)}">'
FITTING = f"Everything about fitting is in our {LINK}fitting guide</a>."
FITTING_TEXT = f"Everything about fitting is in our fitting guide: {GUIDE}."

OTHER = "שלום “it\u2019s” 'a' \"b\" \U0001f469\u200d\U0001f680\u00a0ñ & c"
"""Right to left, quotes of all kinds, an emoji of three, a blank that does not break, and an ampersand."""

ORDINARY = (
    "✓ 5 * 3 = 15, 2*3, a ~ b, ~5 or ~10, snake_case, C++ and C++, x^2 + y^2, 10:30:45, #1, R&D, § 5, (a) x, 50 %, "
    "$5\u2013$10, C:\\dir, :-) ;) --- -- … \"q\" 'q' «q» 1. No. 5; 3.5 + 49-30/24 ¿Qué? ¡Sí! @crew a|b a == b"
)
"""Marks that are words: nothing but what escapes HTML is done to them."""

Rendered = Mapping[tuple[str, str, str], bytes]

CASES: dict[str, tuple[str, str, str]] = {
    "link in bold": ("**a [b][fitting-guide]**", f"<p><strong>a {LINK}b</a></strong></p>", f"a b: {GUIDE}"),
    "link that begins like a box for a note": ("[!a][fitting-guide]", f"<p>{LINK}!a</a></p>", f"!a: {GUIDE}"),
    "bold in a link": ("[a **b**][fitting-guide]", f"<p>{LINK}a <strong>b</strong></a></p>", f"a b: {GUIDE}"),
    "placeholder in a link": (
        "[to {{ skipper }}][fitting-guide]",
        f"<p>{LINK}to &lt;&lt;first&gt;&gt;</a></p>",
        f"to <<first>>: {GUIDE}",
    ),
    "placeholder in a heading": (
        "## To {{ skipper }}",
        "<p><strong>To &lt;&lt;first&gt;&gt;</strong></p>",
        "To <<first>>",
    ),
    "placeholder in bold": ("**{{ skipper }}**", "<p><strong>&lt;&lt;first&gt;&gt;</strong></p>", "<<first>>"),
    "placeholders in a row": (
        "{{skipper}}{{engineer}}",
        "<p>&lt;&lt;first&gt;&gt;&lt;&lt;ask Engineer&gt;&gt;</p>",
        "<<first>><<ask Engineer>>",
    ),
    "escapes": (r"\*a\* \_b\_ \# \`c\`", "<p>*a* _b_ # `c`</p>", "*a* _b_ # `c`"),
    "entities": ("a &amp; b &eacute; &#x4E2D; &lt;", "<p>a &amp; b é 中 &lt;</p>", "a & b é 中 <"),
    "hard breaks": ("a  \nb\\\nc", "<p>a<br>b<br>c</p>", "a\nb\nc"),
    "soft breaks": ("a\nb", "<p>a b</p>", "a b"),
    "lists in lists": (
        "- a\n    - b\n        - c\n            - d\n- e",
        "<ul><li>a<ul><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li></ul></li><li>e</li></ul>",
        "- a\n  - b\n    - c\n      - d\n- e",
    ),
    "paragraphs in an item": (
        "1. a\n\n   b\n\n   - c\n   - d\n\n2. e",
        "<ol><li>a<br><br>b<ul><li>c</li><li>d</li></ul></li><li>e</li></ol>",
        "1. a\n\n   b\n\n   - c\n   - d\n\n2. e",
    ),
    "quote, heading, code and rule in an item": (
        "- > a\n  > - b\n- # c\n  d\n\n      e\n      f\n\n  ---",
        "<ul><li><em>a</em><ul><li><em>b</em></li></ul></li>"
        "<li><strong>c</strong><br><br>d<br><br>e<br>f<br><br>* * *</li></ul>",
        "- > a\n  >\n  > - b\n\n- c\n\n  d\n\n  e\n  f\n\n  ---",
    ),
    "loose list": ("- a\n\n- b", "<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    "ordered list that starts later": ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
    "addresses end where they end": (
        "[a][fitting-guide]'s, **[b][fitting-guide]**… 看[南][fitting-guide]了解 [c][fitting-guide]{{ skipper }} "
        '([d][fitting-guide]). [e][paren] "[f][fitting-guide]", [g][fitting-guide]?',
        f"<p>{LINK}a</a>'s, <strong>{LINK}b</a></strong>… 看{LINK}南</a>了解 {LINK}c</a>&lt;&lt;first&gt;&gt; "
        f'({LINK}d</a>). <a href="{PAREN}">e</a> &quot;{LINK}f</a>&quot;, {LINK}g</a>?</p>',
        f"a: <{GUIDE}>'s, b: <{GUIDE}>… 看南: <{GUIDE}>了解 c: <{GUIDE}><<first>> "
        f'(d: {GUIDE}). e: <{PAREN}> "f: <{GUIDE}>", g: {GUIDE}?',
    ),
    "numbers that are words": (
        "# 1. Prepare\n\n**2. Link it**\n\n14\\. Mai\n\n    3. dig\n\n- 4\\. of - 5\n\n> 6. a\n> 7. b",
        "<p><strong>1. Prepare</strong></p>\n<p><strong>2. Link it</strong></p>\n<p>14. Mai</p>\n<p>3. dig</p>\n"
        '<ul><li>4. of - 5</li></ul>\n<ol start="6"><li><em>a</em></li><li><em>b</em></li></ol>',
        "1. Prepare\n\n2. Link it\n\n14. Mai\n\n3. dig\n\n- 4. of - 5\n\n> 6. a\n> 7. b",
    ),
    "code, quote and rule": (
        "`a`\n\n> b\n> - c\n\n---\n\n    d:\n      e",
        "<p>a</p>\n<p><em>b</em></p>\n<ul><li><em>c</em></li></ul>\n<p>* * *</p>\n<p>d:<br>\u00a0\u00a0e</p>",
        "a\n\n> b\n>\n> - c\n\n---\n\nd:\n  e",
    ),
    "ordinary marks": (ORDINARY, f"<p>{html.escape(ORDINARY, quote=False).replace(chr(34), '&quot;')}</p>", ORDINARY),
    "lines without spaces between them": (
        "这是**重点**\n下一行\uff0c“好”\n文{{ skipper }}\n中 a\nb [指南][fitting-guide]\nけ。\n한국\n어",
        f"<p>这是<strong>重点</strong>下一行\uff0c“好”文&lt;&lt;first&gt;&gt;中 a b {LINK}指南</a>け。 한국 어</p>",
        f"这是重点下一行\uff0c“好”文<<first>>中 a b 指南: <{GUIDE}>け。 한국 어",
    ),
    "emphasis beside the punctuation of languages without spaces": (
        "**注意\uff1a**请看。他说**“你好”**然后*\uff08走了\uff09*了。**重要\uff01**{{ skipper }} **이 용어(This)**를 "
        "**注意:**看**这里**",
        "<p><strong>注意\uff1a</strong>请看。他说<strong>“你好”</strong>然后<em>\uff08走了\uff09</em>了。<strong>重要\uff01</strong>"
        "&lt;&lt;first&gt;&gt; <strong>이 용어(This)</strong>를 <strong>注意:</strong>看<strong>这里</strong></p>",
        "注意\uff1a请看。他说“你好”然后\uff08走了\uff09了。重要\uff01<<first>> 이 용어(This)를 注意:看这里",
    ),
    "include in an item of a language without spaces": (
        "- 请看。\n\n  ::: include wide\n  **这里**\n- b",
        "<ul><li>请看。船<strong>这里</strong></li><li>b</li></ul>",
        "- 请看。船这里\n- b",
    ),
    "marks that begin a line, once": ("(a) see\n✓ that", "<p>(a) see ✓ that</p>", "(a) see ✓ that"),
    "other scripts": (OTHER, f"<p>{html.escape(OTHER, quote=False).replace(chr(34), '&quot;')}</p>", OTHER),
    "address in other scripts": ("[a][strasse]", f'<p><a href="{STRASSE}">a</a></p>', f"a: {STRASSE}"),
    "include": ("::: include fitting", f"<p>{FITTING}</p>", FITTING_TEXT),
    "include twice": (
        "::: include fitting\n::: include fitting",
        f"<p>{FITTING}</p>\n<p>{FITTING}</p>",
        f"{FITTING_TEXT}\n\n{FITTING_TEXT}",
    ),
    "include in an item": (
        "- a\n\n  ::: include fitting\n\n- b",
        f"<ul><li>a {FITTING}</li><li>b</li></ul>",
        f"- a {FITTING_TEXT}\n- b",
    ),
    "include in an item, without blank lines": (
        "1. **a**\n   ::: include fitting\n   b\n2. c",
        f"<ol><li><strong>a</strong> {FITTING} b</li><li>c</li></ol>",
        f"1. a {FITTING_TEXT} b\n2. c",
    ),
    "includes in an item, behind a tab": (
        "- a\n\n\t::: include fitting\n\t::: include fitting\n- b",
        f"<ul><li>a {FITTING} {FITTING}</li><li>b</li></ul>",
        f"- a {FITTING_TEXT} {FITTING_TEXT}\n- b",
    ),
    "include that includes, in an item": (
        "- a\n  ::: include around\n- b",
        f"<ul><li>a {FITTING} around</li><li>b</li></ul>",
        f"- a {FITTING_TEXT} around\n- b",
    ),
    "include of a list, in an item": (
        "- a\n\n  ::: include listed\n- b",
        "<ul><li>a<ul><li>c</li><li>d</li></ul></li><li>b</li></ul>",
        "- a\n  - c\n  - d\n- b",
    ),
    "include below an item": (
        "- a\n\n::: include fitting",
        f"<ul><li>a</li></ul>\n<p>{FITTING}</p>",
        f"- a\n\n{FITTING_TEXT}",
    ),
    "include four levels deep": (
        "- a\n  - b\n    - c\n      - d\n\n        ::: include fitting\n\n- e",
        f"<ul><li>a<ul><li>b<ul><li>c<ul><li>d {FITTING}</li></ul></li></ul></li></ul></li><li>e</li></ul>",
        f"- a\n  - b\n    - c\n      - d {FITTING_TEXT}\n- e",
    ),
}

FROM = "From From Friday: {}From here\\\nFrom there".format("all of it is long, " * 3)
"""Two lines that begin as each mail in a mailbox of one file does."""

BLOCKS = {
    "stepped": "in\n\n::: only a\nonly a\n:::\n",
    "around": "::: include fitting\n\n  ::: include end\n",
    "end": "around\n",
    "listed": "- c\n- d\n",
    "wide": "船\n",
}

VARIANTS = """\
- x

  ::: only a, b
  both
  :::

::: only not a, c
::: include fitting
:::

::: include stepped
"""


def _id(name: str) -> str:
    return name.replace(" ", "-").replace(",", "")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    root = tmp_path_factory.mktemp("language") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    for name, (markdown, _, _) in CASES.items():
        (root / f"content/messages/{_id(name)}.md").write_text(f"{HEAD}---\n{markdown}\n", encoding="utf-8")
    with (root / "data/links.yml").open("a", encoding="utf-8") as links:
        links.write(f"paren:\n  title: T\n  url: {PAREN}\n  audience: everyone\n")
        links.write("strasse:\n  title: T\n  url: https://münchen.example/straße?q=ü#Größe\n  audience: everyone\n")
    for name, text in BLOCKS.items():
        (root / f"content/blocks/{name}.md").write_text(text, encoding="utf-8")
    (root / "content/messages/variants.md").write_text(
        f"{HEAD}variants: {{ a: A, b: B, c: C }}\n---\n{VARIANTS}", encoding="utf-8"
    )
    (root / "content/messages/from.md").write_text(f"{HEAD}---\n{FROM}\n", encoding="utf-8")
    marketing = HEAD.replace("personal", "marketing").replace("letter", "campaign")
    for name, language in (("right-to-left", "ar"), ("left-to-right", "en")):
        head = marketing.replace("subject: ", 'subject: "{{ skipper }}" ').replace("\" Five & 'six'", ' (v2)"')
        text = f'{head}preheader: "{{{{ skipper }}}} - {"x" * 40}"\nlanguage: {language}\n---\n{RTL}'
        (root / f"content/messages/{name}.md").write_text(text, encoding="utf-8")
    made = run_pipeline(root)
    assert [str(each) for each in made.diagnostics if each.severity == "error"] == []
    return {
        (f"{each.message}{f'.{each.variant}' if each.variant else ''}", each.platform, each.format): each.content
        for each in made.artifacts
        if each.message is not None
    }


@pytest.mark.parametrize("name", CASES)
def test_a_message_becomes_this(rendered: Rendered, name: str) -> None:
    _, fragment, text = CASES[name]
    html_lines = rendered[_id(name), "mailroom", "html"].decode()
    assert html_lines.replace("\n", " ") == f"{fragment}\n".replace("\n", " ")
    assert rendered[_id(name), "mailroom", "text"].decode() == f"{text}\n"


RTL = """\
السعر {{ skipper }} `git` [{{ skipper }}][fitting-guide].

# عنوان {{ skipper }}

    git clone

**[{{ skipper }}][fitting-guide]**
"""


def test_in_a_text_from_right_to_left_what_may_not_be_is_isolated(rendered: Rendered) -> None:
    head, _, body = rendered["right-to-left", "preview", "html"].decode().partition("<body")
    assert "<title>Ada (v2)</title>" in head
    assert re.search(r'<div[^>]*><span dir="auto">Ada</span> - x', body)
    postal_address = ["Tideline Ltd", "1 Quay Street", "Harbourtown"]
    isolated = re.findall('<span dir="auto">(.*?)</span>', body)
    assert isolated == [*["Ada"] * 5, *postal_address]
    assert [re.sub(r'\s+style="[^"]*"', "", code) for code in re.findall("(?s)<code.*?</code>", body)] == [
        '<code dir="ltr">git</code>',
        '<code dir="ltr">git clone</code>',
    ]
    left_to_right = rendered["left-to-right", "preview", "html"].decode()
    assert re.findall('<span dir="auto">(.*?)</span>', left_to_right) == postal_address


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "ihre", "Ihre"),
        ("tr-TR", "ihre", "İhre"),
        ("az", "ihre", "İhre"),
        ("nl-BE", "ijs", "IJs"),
        ("de", "ßa", "ẞa"),
        ("de", "öl", "Öl"),
        ("ja", "彼", "彼"),
    ],
)
def test_a_capital_first_letter_follows_the_language(language: str, text: str, expected: str) -> None:
    assert Language(language).capitalized(text) == expected


def test_passages_of_variants(rendered: Rendered) -> None:
    item = "<ul><li>x<br><br>both</li></ul>\n"
    assert rendered["variants.a", "mailroom", "html"].decode() == f"{item}<p>in</p>\n<p>only a</p>\n"
    assert rendered["variants.b", "mailroom", "html"].decode() == f"{item}<p>{FITTING}</p>\n<p>in</p>\n"
    assert rendered["variants.c", "mailroom", "html"].decode() == "<ul><li>x</li></ul>\n<p>in</p>\n"


def test_every_script_reaches_the_full_email(rendered: Rendered) -> None:
    page = html.unescape(re.sub(r"<[^>]+>", "", rendered["other-scripts", "preview", "html"].decode()))
    assert OTHER in page.replace("\n", " ")
    mail = email.message_from_bytes(rendered["other-scripts", "preview", "eml"], policy=email.policy.default)
    assert mail["Subject"] == "Five & 'six'"
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert OTHER in parts["text/plain"]
    assert OTHER in html.unescape(re.sub(r"<[^>]+>", "", parts["text/html"])).replace("\r\n", " ")


def test_no_line_of_a_mail_can_be_taken_for_the_next_mail(rendered: Rendered) -> None:
    raw = rendered["from", "preview", "eml"]
    assert (raw.count(b"\r\nFrom "), raw.count(b"\r\n=46rom =\r\n=46rom =\r\nFriday")) == (0, 1)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    text = next(email.message_from_bytes(raw, policy=email.policy.default).iter_parts())
    assert FROM.split("\\")[0] in text.get_content().split("\r\n")
