"""Generate a repository of any size from a seed: `python -m benchmarks.generate 1000 /tmp/thousand`.

Brand, glossary, placeholders, platforms and templates are the shipped ones. Every third message has three variants,
every second one is a marketing email; together they use 40 links and 12 blocks. A playbook covers 25 messages.
"""

import random
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINKS = 40
BLOCKS = 12
MESSAGES_PER_PLAYBOOK = 25
VARIANTS = ("cloud", "hosted", "offline")
SHIPPED = ("data/brand.yml", "data/glossary.yml", "data/placeholders.yml", "data/platforms", "templates", "mkdocs.yml")
WORDS = (
    "account after again against agree alone along also answer any around ask back before begin between bring build "
    "call change check choose clear close code come complete contact continue cover customer day decide develop draw "
    "early easy email end enough even every example expect feel few find first follow form free from full get give "
    "go good great group grow guide hand happen hear help hold idea include inform invite join keep kind know large "
    "last later learn leave let license line list look make manager many market matter mean meet member month move "
    "name need never new next note number offer open order other own page part pay people place plan point portal "
    "present project question quick reach read ready renew reply report rest result right room say seat see send "
    "service set share show side simple small start step subscription success support take talk team thank think "
    "ticket time together tool try turn until use value visit want watch week welcome whole why work year"
)
HEAD = """---
title: {title} {number}
description: {description}
subject: {subject}
preheader: {preheader}
"""
PERSONAL = """kind: personal
layout: letter
platforms: [outreach]
from: "{{ sender_name }}"
to: { name: "{{ customer_name }}", email: "{{ customer_email }}" }
cc: [{ name: "{{ expand_ae }}", email: "{{ expand_ae_email }}" }]
"""
MARKETING = """kind: marketing
layout: campaign
platforms: [braze, hubspot, iterable, mailchimp, marketo, salesforce-marketing-cloud]
from: The team
to: { name: "{{ first_name }}", email: "{{ customer_email }}" }
"""
PLAYBOOK = """title: {title}
heading: {title}
description: {description}
owner: The team
matrix:
  rows: {{ label: Order type, entries: [{{ id: first, name: First }}] }}
  columns: {{ label: Team, entries: [{{ id: one, name: One }}] }}
  cells: [{{ row: first, column: one, scenario: {id}-story, summary: {title} }}]
scenarios: [{{ id: {id}-story, title: {title}, steps: [{steps}] }}]
"""
STEP = "{{ who: The team, do: sends it, message: {message} }}"


def generate(target: Path, messages: int, seed: int = 7) -> None:
    """Write a repository of so many `messages` into the folder `target`, which must not exist."""
    for name in SHIPPED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target / name)
    prose = _Prose(seed)
    links = ['calendar: { title: A calendar, url: "{{ expand_ae_calendar }}", audience: everyone }']
    for number in range(1, LINKS):
        url = f"https://docs.example.com/{number}/"
        links.append(f"page-{number:02}: {{ title: {prose.title()}, url: '{url}', audience: everyone }}")
    _write(target / "data/links.yml", "\n".join(links) + "\n")
    for number in range(BLOCKS):
        head = f"---\ntitle: {prose.title()}\nsnippet: {str(number % 2 == 0).lower()}\n---\n"
        _write(target / f"content/blocks/block-{number:02}.md", head + prose.paragraph(prose.link()))
    for number in range(messages):
        _write(target / f"content/messages/{message_id(number)}.md", prose.message(number))
    for number, first in enumerate(range(0, messages, MESSAGES_PER_PLAYBOOK)):
        listed = [message_id(each) for each in range(first, min(first + MESSAGES_PER_PLAYBOOK, messages))]
        values = {
            "id": f"process-{number:03}",
            "title": f"Process {number}",
            "steps": ", ".join(STEP.format(message=name) for name in listed),
        }
        _write(target / f"data/playbooks/{values['id']}.yml", PLAYBOOK.format(description=prose.sentence(), **values))
        _write(target / f"content/scenarios/{values['id']}-story.md", prose.paragraph(prose.link()))


def message_id(number: int) -> str:
    """The id of the message with this number."""
    return f"message-{number:05}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class _Prose:
    """Text in the content language, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self, least: int, most: int) -> str:
        return " ".join(self.random.choices(WORDS.split(), k=self.random.randint(least, most)))

    def title(self) -> str:
        return self.words(3, 5).capitalize()

    def link(self) -> str:
        return f"[{self.words(2, 5)}][page-{self.random.randrange(1, LINKS):02}]"

    def sentence(self, *parts: str) -> str:
        return f"{self.words(3, 8).capitalize()}, {', '.join([*parts, self.words(3, 10)])}."

    def paragraph(self, *parts: str) -> str:
        """Sentences, one a line; the `parts` are in the first."""
        more = [self.sentence() for _ in range(self.random.randint(1, 3))]
        return "\n".join([self.sentence(*parts), *more]) + "\n"

    def step(self, number: int) -> str:
        return f"{number}. **{self.title()}.** {self.sentence(self.link())}\n"

    def steps(self, variants: bool) -> str:
        """A list of three steps, the second one for each variant, with a list in the third."""
        only = "".join(f"::: only {name}\n{self.step(2)}:::\n" for name in VARIANTS)
        second = only if variants else self.step(2)
        return f"{self.step(1)}\n{second}\n{self.step(3)}\n    - {self.link()}\n    - {self.link()}\n"

    def message(self, number: int) -> str:
        personal, variants = number % 2 == 0, number % 3 == 0
        values = {"description": self.sentence(), "subject": self.title(), "preheader": self.words(9, 12).capitalize()}
        head = HEAD.format(title=self.title(), number=number, **values) + (PERSONAL if personal else MARKETING)
        if variants:
            head += "variants: { cloud: Cloud, hosted: Hosted, offline: Offline }\n"
        chosen = sorted({number % BLOCKS, self.random.randrange(BLOCKS)})
        middle = [self.steps(variants), *(f"::: include block-{block:02}\n" for block in chosen)]
        if personal:
            parts = ["Hi {{ customer_name }},\n", self.paragraph("{{ customer_company }}", self.link()),
                     f"# {self.title()}\n", *middle, self.paragraph("[a time with {{ expand_ae }}][calendar]"),
                     "{{ expand_ae_pronouns.Subject }} {{ expand_ae_pronouns.be }} here.\n",
                     self.paragraph(self.link()), "{{ sender_name }}\n"]  # fmt: skip
        else:
            sections = [f"## {self.title()}\n\n{self.paragraph(self.link())}" for _ in range(3)]
            parts = [f"# {self.title()}\n", "Hi {{ first_name }},\n", self.paragraph(self.link()), *middle, *sections,
                     f"**{self.link()}**\n", self.paragraph()]  # fmt: skip
        return head + "---\n\n" + "\n".join(parts)


if __name__ == "__main__":
    generate(Path(sys.argv[2]), int(sys.argv[1]))
