"""A template from elsewhere: its head, by its file and by the lines above its text, and its body."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from handover.adopt.blocks import HEAD_LINE, SUBJECT, Block, Losses, Page, Run, lines_of

_HEAD_LINES = 12
"""Lines in which the head of a template ends."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template."""

    name: str
    """The name of its file, as in `a.md`, or in a file with several `a.md, email 2`; of an API its address."""
    title: str
    subject: str
    preheader: str
    description: str
    body: tuple[Block, ...]
    dropped: tuple[str, ...] = ()
    """What could not be kept, in words."""
    address: str = ""
    """Its address on the platform that exported it as JSON: `template/12`, `snippet/5`."""

    @property
    def is_snippet(self) -> bool:
        """True for a snippet of a platform; a file does not say that it is one."""
        return self.address.startswith("snippet/")


def templates(name: str, page: Page, head: dict[str, str]) -> list[Template]:
    """The template of a page, or those of a page with several subject lines, each with the heading above its own."""
    blocks = page.blocks
    starts = [
        number - (number > 0 and blocks[number - 1].is_heading)
        for number, block in enumerate(blocks)
        if any(map(names_subject, block.text.split("\n")))
    ]
    if len(starts) < 2:
        return [template(name, page, head)]
    above = " ".join(block.text for block in blocks[: starts[0]])
    if above.strip():
        page.losses.add("the text above the first email", above)
    found = []
    for number, (start, end) in enumerate(pairwise([*starts, len(blocks)]), 1):
        part = Page(blocks=without_rules(blocks[start:end]), losses=page.losses if number == 1 else Losses())
        found.append(template(name, part, {"title": f"{stem(name)} {number}"}, f"{name}, email {number}"))
    return found


def names_subject(line: str) -> bool:
    """True for a line such as `Subject: …`."""
    match = HEAD_LINE.match(line)
    return match is not None and SUBJECT.match(match[1]) is not None


def without_rules(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without rules at the end."""
    kept = list(blocks)
    while kept and kept[-1].tag == "hr":
        kept.pop()
    return kept


def stem(name: str) -> str:
    """The name of a file as a title."""
    words = re.sub(r"\.[^.]*$", "", name).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def template(file: str, page: Page, head: dict[str, str], name: str = "", address: str = "") -> Template:
    """The template of a page. `head` is what its file says outside the text; lines above the text say more."""
    body, above = _split_head(page.blocks, page.losses)
    given = {**head, **above}
    title = given.get("title") or given.get("name") or stem(file)
    return Template(
        name=name or address or file,
        title=" ".join(title.split())[:200],
        subject=" ".join(given.get("subject", "").split()),
        preheader=" ".join((given.get("preheader") or page.preheader).split()),
        description=" ".join(given.get("description", "").split())[:1000],
        body=tuple(body),
        dropped=tuple(page.losses.words),
        address=address,
    )


def _split_head(blocks: list[Block], losses: Losses) -> tuple[list[Block], dict[str, str]]:
    """The text, and what the lines above it say. What comes before a subject line is no part of the text."""
    lines = [(number, line) for number, block in enumerate(blocks[:_HEAD_LINES]) for line in lines_of(block.runs)]
    texts = ["".join(run.text for run in line) for _, line in lines]
    named = [HEAD_LINE.match(text) for text in texts]
    end = next((at for at, text in enumerate(texts) if names_subject(text)), None)
    if end is None:
        return blocks, {}
    while end + 1 < len(named) and named[end + 1]:
        end += 1
    head: dict[str, str] = {}
    for (number, _), text, match in zip(lines[: end + 1], texts, named, strict=False):
        if match:
            _keep(head, match[1].lower(), match[2].strip(), losses)
        elif blocks[number].is_heading and "title" not in head:
            head["title"] = text
        else:
            head["description"] = f"{head.get('description', '')} {text}".strip()
    last = lines[end][0]
    return _below(blocks, last, sum(number == last for number, _ in lines[: end + 1])), head


def _keep(head: dict[str, str], key: str, value: str, losses: Losses) -> None:
    if SUBJECT.match(key):
        head.setdefault("subject", value)
    elif key.startswith("pre"):
        head["preheader"] = value
    elif key in ("title", "name"):
        head["title"] = value
    elif value and key in ("from", "to", "cc", "bcc"):
        losses.add(f"the {key.capitalize()} line", value)


def _below(blocks: list[Block], number: int, count: int) -> list[Block]:
    """The blocks below the first `count` lines of the block with this number."""
    rest = lines_of(blocks[number].runs)[count:]
    runs = [run for line in rest for run in (Run("\n"), *line)][1:]
    first = [Block(blocks[number].tag, tuple(runs))] if any(run.text.strip() for run in runs) else []
    following = blocks[number + 1 :]
    while not first and following and following[0].tag == "hr":
        following = following[1:]
    return [*first, *following]
