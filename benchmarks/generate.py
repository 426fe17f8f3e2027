"""Repositories of any size, from a seed: `python -m benchmarks.generate 1000 /tmp/thousand`.

Brand, glossary, placeholders, platforms and templates are the shipped ones, with what is missing added to them. Every
third message has three variants, every second one is for marketing; together they use 12 placeholders, 40 links and
12 blocks.
"""

import random
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINKS = 40
BLOCKS = 12
PLACEHOLDERS = 12
A_PLAYBOOK = 25
"""Messages of one playbook: its page shows each of them."""

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
VARIANTS = ("cloud", "hosted", "offline")


class Prose:
    """Sentences from a seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.vocabulary = WORDS.split()

    def words(self, least: int, most: int) -> str:
        """Some words, in lower case."""
        return " ".join(self.chance.choices(self.vocabulary, k=self.chance.randint(least, most)))

    def title(self) -> str:
        """A few words that begin with a capital."""
        return self.words(3, 5).capitalize()

    def link(self) -> str:
        """A link in the content language."""
        return f"[{self.words(2, 5)}][page-{self.chance.randrange(1, LINKS):02}]"

    def sentence(self, *parts: str) -> str:
        """Words with the `parts` among them."""
        return f"{self.words(3, 8).capitalize()}, {', '.join([*parts, self.words(3, 10)])}."

    def paragraph(self, *parts: str) -> str:
        """A few sentences, wrapped as people do; the `parts` stand in the first."""
        sentences = [self.sentence(*parts), *(self.sentence() for _ in range(self.chance.randint(1, 3)))]
        lines = [""]
        for word in " ".join(sentences).split():
            if len(lines[-1]) + len(word) > 110:
                lines.append("")
            lines[-1] += (" " if lines[-1] else "") + word
        return "\n".join(lines)


def generate(target: Path, messages: int, seed: int = 7) -> None:
    """Write a repository of so many messages into `target`, which must not exist."""
    for name in ("brand.yml", "glossary.yml", "platforms"):
        source = ROOT / "data" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, _ready(target / "data" / name))
    shutil.copytree(ROOT / "templates", target / "templates")
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    placeholders = _placeholders()
    _write(target / "data/placeholders.yml", placeholders)
    ids = [line.rstrip(":") for line in placeholders.splitlines() if line[:1].isalpha()]
    for platform in sorted((target / "data/platforms").glob("*.yml")):
        text = platform.read_text(encoding="utf-8")
        missing = [name for name in ids if f"\n  {name}:" not in text and "pronouns" not in name]
        tokens = "".join(f"  {name}: {{ name: {name.upper()} }}\n" for name in missing)
        _write(platform, text.replace("\ntokens:\n", f"\ntokens:\n{tokens}"))
    prose = Prose(random.Random(seed))
    calendar = 'calendar:\n  title: A calendar\n  url: "{{ expand_ae_calendar }}"\n  audience: everyone\n'
    pages = [_link(number, prose) for number in range(1, LINKS)]
    _write(target / "data/links.yml", "".join([calendar, *pages]))
    for number in range(BLOCKS):
        head = f"---\ntitle: {prose.title()}\nsnippet: {str(number % 2 == 0).lower()}\n---\n"
        _write(target / f"content/blocks/block-{number:02}.md", head + prose.paragraph(prose.link()) + "\n")
    for number in range(messages):
        text = _marketing(number, prose) if number % 2 else _personal(number, prose)
        _write(target / f"content/messages/{_name(number)}.md", text)
    for number in range(0, messages, A_PLAYBOOK):
        names = [_name(each) for each in range(number, min(number + A_PLAYBOOK, messages))]
        _playbook(target, f"process-{number // A_PLAYBOOK:03}", names, prose)


def _ready(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _write(path: Path, text: str) -> None:
    _ready(path).write_text(text, encoding="utf-8")


def _name(number: int) -> str:
    return f"message-{number:05}"


def _placeholders() -> str:
    """The shipped placeholders, and more of them up to the number that is wanted."""
    shipped = (ROOT / "data/placeholders.yml").read_text(encoding="utf-8")
    count = sum(line[:1].isalpha() for line in shipped.splitlines())
    more = [
        f"\nextra_{number}:\n  label: Extra {number}\n  description: One more blank.\n  filled_by: sender\n"
        f"  sample: something\n"
        for number in range(count, PLACEHOLDERS)
    ]
    return shipped + "".join(more)


def _link(number: int, prose: Prose) -> str:
    url = f"https://docs.example.com/{number}/"
    return f"page-{number:02}:\n  title: {prose.title()}\n  url: {url}\n  audience: everyone\n"


def _head(number: int, prose: Prose, kind: str, variants: bool) -> str:
    listed = "".join(f"  {name}: {name.capitalize()}\n" for name in VARIANTS)
    return (
        f"---\ntitle: {prose.title()} {number}\ndescription: {prose.sentence()}\nsubject: {prose.title()}\n"
        f"preheader: {prose.words(9, 12).capitalize()}\nkind: {kind}\n"
        f"layout: {'campaign' if kind == 'marketing' else 'letter'}\n" + ("variants:\n" + listed if variants else "")
    )


def _steps(prose: Prose, variants: bool) -> str:
    made = []
    for number in range(1, 4):
        step = f"{number}. **{prose.title()}.** {prose.sentence(prose.link())}\n"
        if variants and number == 2:
            step = "".join(
                f"::: only {name}\n{number}. **{prose.title()}.** {prose.sentence(prose.link())}\n:::\n"
                for name in VARIANTS
            )
        made.append(step)
    nested = f"\n    - {prose.link()}\n    - {prose.link()}\n"
    return "\n".join(made) + nested


def _includes(number: int, prose: Prose) -> str:
    chosen = {number % BLOCKS, prose.chance.randrange(BLOCKS)}
    return "\n".join(f"::: include block-{each:02}\n" for each in sorted(chosen))


def _personal(number: int, prose: Prose) -> str:
    """A letter from person to person."""
    variants = number % 3 == 0
    return (
        _head(number, prose, "personal", variants) + 'from: "{{ sender_name }}"\n'
        'to:\n  name: "{{ customer_name }}"\n  email: "{{ customer_email }}"\n'
        'cc:\n  - name: "{{ expand_ae }}"\n    email: "{{ expand_ae_email }}"\n---\n\n'
        "Hi {{ customer_name }},\n\n"
        + prose.paragraph("{{ customer_company }}", prose.link())
        + f"\n\n# {prose.title()}\n\n{_steps(prose, variants)}\n{_includes(number, prose)}\n"
        + f"{prose.paragraph('[a time with {{ expand_ae }}][calendar]')}\n"
        + "{{ expand_ae_pronouns.Subject }} {{ expand_ae_pronouns.be }} here.\n\n"
        + f"{prose.paragraph(prose.link(), f'{{{{ extra_{9 + number % 3} }}}}')}\n\n{{{{ sender_name }}}}\n"
    )


def _marketing(number: int, prose: Prose) -> str:
    """A designed email from a platform."""
    variants = number % 3 == 0
    sections = "\n".join(f"## {prose.title()}\n\n{prose.paragraph(prose.link())}\n" for _ in range(3))
    return (
        _head(number, prose, "marketing", variants) + "from: The team\n"
        'to:\n  name: "{{ first_name }}"\n  email: "{{ customer_email }}"\n---\n\n'
        f"# {prose.title()}\n\nHi {{{{ first_name }}}},\n\n"
        + prose.paragraph(prose.link())
        + f"\n\n{_steps(prose, variants)}\n{_includes(number, prose)}\n{sections}\n**{prose.link()}**\n\n"
        + f"{prose.paragraph()}\n"
    )


def _playbook(target: Path, name: str, messages: list[str], prose: Prose) -> None:
    _write(target / f"content/scenarios/{name}-story.md", prose.paragraph(prose.link()) + "\n")
    listed = "".join(f"      - {message}\n" for message in messages)
    _write(
        target / f"data/playbooks/{name}.yml",
        f"title: {prose.title()} {name}\nheading: {prose.title()} {name}\ndescription: {prose.sentence()}\n"
        "owner: The team\norder_types:\n  - id: first\n    name: First\nteams:\n  - id: one\n    name: One\n"
        f"matrix:\n  - order_type: first\n    team: one\n    scenario: {name}-story\n    summary: {prose.words(4, 8)}\n"
        f"scenarios:\n  - id: {name}-story\n    title: {prose.title()}\n    messages:\n{listed}",
    )


if __name__ == "__main__":
    generate(Path(sys.argv[2]), int(sys.argv[1]))
