"""The head of a template: what its file says outside the text, and the lines above the text, such as `Subject: …`."""

import re
from dataclasses import replace

from handover.adopt.html import Page
from handover.adopt.runs import HEAD_LINE, SUBJECT, lines_of
from handover.adopt.template import Block, Losses, Run, Template

_HEAD_LINES = 12
"""Lines in which the head of a template ends."""


def templates(name: str, page: Page, head: dict[str, str]) -> list[Template]:
    """The template of a page, or those of a page with several subject lines, each with the heading above its own."""
    subjects = [number for number, block in enumerate(page.blocks) if any(map(_names_subject, lines_of(block.runs)))]
    if len(subjects) < 2:
        return [template(name, page, head)]
    starts = [
        number - (number > 0 and re.fullmatch("h[1-6]", page.blocks[number - 1].tag) is not None) for number in subjects
    ]
    above = " ".join(block.text for block in page.blocks[: starts[0]])
    if above.strip():
        page.losses.add("the text above the first email", above)
    parts = [page.blocks[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    found = []
    for number, blocks in enumerate(parts, 1):
        while blocks and blocks[-1].tag == "hr":
            blocks.pop()
        part = Page(blocks=blocks, losses=page.losses if number == 1 else Losses())
        found.append(
            replace(template(name, part, {"title": f"{_stem(name)} {number}"}), name=f"{name}, email {number}")
        )
    return found


def _names_subject(line: list[Run]) -> bool:
    match = HEAD_LINE.match("".join(run.text for run in line))
    return match is not None and SUBJECT.match(match[1]) is not None


def _stem(name: str) -> str:
    stem = re.sub(r"\.[^.]*$", "", name).replace("-", " ").replace("_", " ").strip()
    return stem[:1].upper() + stem[1:]


def template(name: str, page: Page, head: dict[str, str], address: str = "", is_snippet: bool = False) -> Template:
    """The template of a page. `head` is what its file says outside the text; lines above the text say more."""
    body, above = _split_head(page.blocks, page.losses)
    given = {**head, **above}
    title = given.get("title") or given.get("name") or _stem(name)
    return Template(
        name=name,
        title=" ".join(title.split())[:200],
        subject=" ".join(given.get("subject", "").split()),
        preheader=" ".join((given.get("preheader") or page.preheader).split()),
        description=" ".join(given.get("description", "").split())[:1000],
        body=tuple(body),
        dropped=tuple(page.losses.words),
        address=address,
        is_snippet=is_snippet,
    )


def _split_head(blocks: list[Block], losses: Losses) -> tuple[list[Block], dict[str, str]]:
    """The text, and what the lines above it say. What comes before a subject line is no part of the text."""
    lines = [(number, line) for number, block in enumerate(blocks[:_HEAD_LINES]) for line in lines_of(block.runs)]
    texts = ["".join(run.text for run in line) for _, line in lines]
    named = [HEAD_LINE.match(text) for text in texts]
    end = next((at for at, match in enumerate(named) if match and SUBJECT.match(match[1])), None)
    if end is None:
        return blocks, {}
    while end + 1 < len(named) and named[end + 1]:
        end += 1
    head: dict[str, str] = {}
    for (number, _), text, match in zip(lines[: end + 1], texts, named, strict=False):
        if match:
            _keep(head, match[1].lower(), match[2].strip(), losses)
        elif re.fullmatch("h[1-6]", blocks[number].tag) and "title" not in head:
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
