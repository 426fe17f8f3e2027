"""A template as lines of text to compare: the same for two templates that look the same to a reader."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote, unquote

from handover.adopt.template import Block, Run, Template, links

_BULLETS = {"ul": "- ", "quote": "> "}
_TOKEN_SPACE = re.compile(r"(?<=\{\{) +| +(?=\}\})")
_ENCODED = re.compile(r"%(?:20|22|3C|3E|5B|5C|5D|5E|60|7B|7C|7D)", re.IGNORECASE)
"""What no URL has and tokens do: editors encode it in an `href`."""
_HOST = re.compile(r"(https?://[^/?#{}<>]+)(?:/|(?=[?#])|$)", re.IGNORECASE)


def text_of(template: Template, has_subject: bool) -> str:
    """Its subject if `has_subject`, its preheader, its text, and in brackets what is no text, such as pictures."""
    head = {"Subject": template.subject if has_subject else "", "Preheader": template.preheader}
    lines = [f"{name}: {line}" for name, line in head.items() if line]
    lines += [*_lines(template.body), *(f"({each})" for each in template.dropped)]
    return "\n".join(line for line in map(_with_plain_spaces, lines) if line)


def links_of(template: Template) -> list[tuple[str, str]]:
    """The text and the URL of each link."""
    return [(_with_plain_spaces(text).strip(), _url(url)) for text, url in links(template.body)]


def _with_plain_spaces(line: str) -> str:
    """The line with each space as one of the keyboard, and none inside a token: editors write one for another."""
    indent = len(line) - len(line.lstrip(" "))
    words = " ".join(unicodedata.normalize("NFC", line).split())
    return " " * indent + _TOKEN_SPACE.sub("", words) if words else ""


def _url(url: str) -> str:
    """The URL as browsers write it: the host in lower case, `/` for no path, percent-encoded except for tokens."""
    readable = _TOKEN_SPACE.sub("", _ENCODED.sub(lambda character: unquote(character[0]), url))
    encoded = quote(readable, safe=string.punctuation + " ", errors="replace")
    return _HOST.sub(lambda host: f"{host[1].lower()}/", encoded, count=1)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.tag == "table":
            yield from (" | ".join(" ".join(_lines((cell,))) for cell in row) for row in block.items)
        elif block.items:
            yield from _items(block)
        elif block.tag == "hr":
            yield "---"
        else:
            mark = "#" * int(block.tag[1]) + " " if block.tag != "p" else ""
            yield from (mark + line for line in _formatted(block.runs) if line)


def _items(block: Block) -> Iterator[str]:
    """The lines of a list or a quote; in a list, those below the first of an item are indented."""
    bullet = f"{block.start}. " if block.tag == "ol" else _BULLETS[block.tag]
    for item in block.items:
        for number, line in enumerate(_lines(item)):
            yield (" " * len(bullet) if number and block.tag != "quote" else bullet) + line


def _formatted(runs: Iterable[Run]) -> list[str]:
    """The lines of a paragraph, bold and italic words between stars, the spaces beside them outside."""
    lines = [""]
    for (is_break, strong, em), group in groupby(runs, key=lambda run: (run.is_break, run.strong, run.em)):
        words = "".join(run.text for run in group)
        if is_break:
            lines += [""] * len(words)
            continue
        bare, stars = words.strip(), "**" * strong + "*" * em
        before, _, after = words.partition(bare) if bare else (words, "", "")
        lines[-1] += f"{before}{stars}{bare}{stars}{after}" if bare else words
    return [line.strip() for line in lines]
