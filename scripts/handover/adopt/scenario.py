"""A page of a handbook to a scenario: its story, its steps, its checklists, and the emails in it as messages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from handover.adopt.blocks import Block, Losses, Page, Run, tidy, walk
from handover.adopt.importer import Importer
from handover.adopt.message import Adopted, title
from handover.adopt.template import names_subject, stem, template
from handover.adopt.tokens import fold
from handover.model.base import FILL_IN

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon)|hallo|liebe[r]?)\b[^.?\n]{0,60}[,!:]?\s*(?:\n|$)", re.IGNORECASE
)
_STEPS = re.compile(r"\b(?:steps?|process|procedure|timeline|workflow|how (?:it works|to)|what to do)\b", re.IGNORECASE)
_WHO = re.compile(r"who|owner|role|responsible|team|person|dri\b", re.IGNORECASE)
_DO = re.compile(r"what|task|step|action|do\b|activity", re.IGNORECASE)
_WHEN = re.compile(r"when|time|deadline|due|sla\b", re.IGNORECASE)
_BOX = re.compile(r"\s*\[[ xX]?\]\s*|\s*\([ xX]\)\s*|\s*[\u2610-\u2612]\s*")
_TIME = re.compile(
    r"[,(]?\s*\b(?P<key>within|after)\s+(?P<time>[1-9]\d{0,2} (?:minute|hour|(?:business )?day|week|month)s?)\b"
    r"(?: (?:of|after) (?P<of>the [\w' -]{3,40}))?\)?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\s*(?:the )?(?P<who>[A-Z][\w /&-]{1,40}?)\s*(?::| [-\u2013\u2014])\s+(?P<do>\S.*)", re.DOTALL)
_SENDS = re.compile(r"\b(?:e-?mail|message|template|note)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\s*[Tt]he (?P<who>(?:[A-Z]\w*|customer|seller|team|manager)(?: [A-Z]\w*)*) (?P<do>[a-z]\w*s\b.*)", re.DOTALL
)


@dataclass(slots=True)
class _Parts:
    """A page, taken apart."""

    title: str = ""
    story: list[Block] = field(default_factory=list)
    emails: list[tuple[str, list[Block]]] = field(default_factory=list)
    """The heading above each email, and its blocks."""
    steps: list[dict[str, Any]] = field(default_factory=list)
    """Each with its runs under `runs`, and what else is known of it."""
    checklists: list[tuple[str, Block]] = field(default_factory=list)

    def without(self, heading: str) -> None:
        """Take the heading from the end of the story: what it is above goes elsewhere."""
        if heading and self.story and self.story[-1].text == heading:
            self.story.pop()


def adopt_page(importer: Importer, name: str, source: str, page: Page) -> None:
    """Adopt a page as a scenario; its emails are adopted as messages."""
    if importer.is_known(source):
        return
    parts = _taken_apart(page, name)
    sent = []
    for number, (heading, blocks) in enumerate(parts.emails, 1):
        email = template(
            name, Page(blocks=blocks, losses=Losses()), {"title": heading or f"{parts.title}, email {number}"}
        )
        importer.add(email, f"{source}, email {number}")
        sent.append(importer.adopted[-1].path.rpartition("/")[2].removesuffix(".md"))
    importer.use(importer.platform, "personal", True)
    path = importer.path("scenario", parts.title, name)
    entry = _entry(importer, parts, path.rpartition("/")[2].removesuffix(".md"), sent)
    body = importer.markdown(parts.story, page.losses, True) or f"{FILL_IN} the story."
    adopted = Adopted(path, source, losses=page.losses, body=body)
    if any(FILL_IN in f"{each['who']} {each['do']}" for each in entry["steps"]):
        adopted.notes.append("say who does what in the steps of the playbook")
    importer.adopted.append(adopted)
    importer.scenarios.append(entry)


def _taken_apart(page: Page, name: str) -> _Parts:
    parts = _Parts(stem(name))
    blocks = list(page.blocks)
    if blocks and blocks[0].tag == "h1":
        parts.title = title(blocks.pop(0).text)
    email: list[Block] | None = None
    heading = ""
    for block in blocks:
        inside = list(block.items[0]) if block.tag == "quote" and block.items else [block]
        ends = block.tag == "hr" or block.is_heading
        if ends or (email is not None and names_subject(inside[0].text)):
            email = None
        if ends:
            heading = block.text if block.tag != "hr" else heading
            parts.story += [block] if block.tag != "hr" else []
        elif email is not None:
            email += inside
        elif names_subject(inside[0].text) or _GREETING.match(inside[0].text):
            email = inside
            parts.without(heading)
            parts.emails.append((title(heading), email))
            email = email if block.tag != "quote" or (names_subject(inside[0].text) and len(inside) == 1) else None
        else:
            _place(parts, block, heading)
    return parts


def _place(parts: _Parts, block: Block, heading: str) -> None:
    """A list or table of steps, a checklist, or a part of the story."""
    is_list = block.tag in ("ul", "ol")
    texts = [item[0].text for item in block.items if item] if is_list else []
    if is_list and (all(map(_BOX.match, texts)) or re.search("checklist", heading, re.IGNORECASE)):
        parts.checklists.append((title(heading), block))
    elif not parts.steps and is_list and ((block.tag == "ol" and len(texts) > 1) or _STEPS.search(heading)):
        parts.steps = [_step(_flat(item), number == 0) for number, item in enumerate(block.items)]
    elif not parts.steps and block.tag == "table" and (steps := list(_rows(block))):
        parts.steps = steps
    else:
        parts.story.append(block)
        return
    parts.without(heading)


def _flat(item: tuple[Block, ...]) -> tuple[Run, ...]:
    """All text of an item in one line."""
    runs: list[Run] = []
    for block in walk(item):
        joined = [replace(run, text=" ") if run.is_break else run for run in block.runs]
        runs += [Run("; "), *joined] if runs and joined else joined
    return tuple(runs)


def _rows(table: Block) -> Iterator[dict[str, Any]]:
    """The steps in the rows of a table that says who does what."""
    head = [cell.text for cell in table.items[0]]
    who, do, when = (next((at for at, text in enumerate(head) if each.search(text)), -1) for each in (_WHO, _DO, _WHEN))
    is_first = True
    for row in table.items[1:] if who != do and min(who, do) >= 0 else ():
        if len(row) > max(who, do, when) and row[do].text:
            time = row[when].text if when not in (-1, who, do) else ""
            step = _step((*row[do].runs, *((Run(f", {time}"),) if time else ())), is_first)
            is_first = False
            yield {**step, "who": title(row[who].text) or step["who"]}


def _step(runs: tuple[Run, ...], is_first: bool) -> dict[str, Any]:
    """Who does what, and by when, as far as a sentence says so.

    The time of the first step counts from an event: without one, it stays in the sentence.
    """
    text = "".join(run.text for run in runs)
    named = _NAMED.match(text) or _SUBJECT.match(text)
    step: dict[str, Any] = {"who": title(named["who"]) if named else f"{FILL_IN} who"}
    rest = list(runs)
    if named:
        rest = _without_start(rest, named.start("do"))
    time = next((found for run in rest if (found := _TIME.search(run.text))), None)
    if time is not None and (time["of"] or not is_first):
        rest = [replace(run, text=run.text.replace(time[0], "", 1)) for run in rest]
        step[time["key"].lower()] = time["time"].lower()
        step |= {"of": time["of"].strip()} if time["of"] else {}
    step["runs"] = tuple(tidy(rest))
    return step


def _without_start(runs: list[Run], count: int) -> list[Run]:
    """The runs without the first characters."""
    rest = []
    for run in runs:
        cut = min(count, len(run.text))
        count -= cut
        rest.append(replace(run, text=run.text[cut:]))
    return [run for run in rest if run.text]


def _entry(importer: Importer, parts: _Parts, name: str, sent: list[str]) -> dict[str, Any]:
    """The entry for the playbook."""
    waiting = list(sent)
    steps = []
    for step in parts.steps:
        runs = step.pop("runs")
        do = _sentence(importer, runs)
        known = {"who": _party(importer, step.pop("who")), "do": do or f"{FILL_IN} what"}
        if waiting and _SENDS.search("".join(run.text for run in runs)):
            known["message"] = waiting.pop(0)
        steps.append({**known, **step})
    steps += [{"who": f"{FILL_IN} who", "do": "sends the email", "message": each} for each in waiting]
    entry: dict[str, Any] = {"id": name, "title": parts.title or name}
    entry["steps"] = steps or [{"who": f"{FILL_IN} who", "do": f"{FILL_IN} what"}]
    lists = []
    for number, (heading, block) in enumerate(parts.checklists, 1):
        texts = [_sentence(importer, _without_start(list(_flat(item)), _box(item))) for item in block.items]
        items = [{"do": text} for text in texts if text]
        lists.append({"id": f"checklist-{number}", "title": heading or "Checklist", "items": items})
    return entry | ({"checklists": lists} if lists else {})


def _sentence(importer: Importer, runs: list[Run] | tuple[Run, ...]) -> str:
    """Text with links and placeholders on one line."""
    return " ".join(importer.markdown([Block("p", tuple(tidy(list(runs))))], Losses(), True).split())


def _party(importer: Importer, who: str) -> str:
    """The id of a term of the glossary, or the words."""
    terms = {fold(text): str(term.id) for term in importer.catalog.terms.values() for text in (term.term, term.meaning)}
    return terms.get(fold(who), who)


def _box(item: tuple[Block, ...]) -> int:
    found = _BOX.match(item[0].text)
    return found.end() if found else 0
