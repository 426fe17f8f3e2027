"""The programs that people use instead, installed by npm into a temporary folder, with the same emails as input.

MJML compilers get every MJML file that the build wrote. React Email and Maizzle get the emails of the preview (one a
message and variant, with sample values) as templates of their own: same words, headings, lists, links and buttons.
"""

import html
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import PYTHON, Failed, Run, run

BARE, NPM, REACT, MAIZZLE = "bare `mjml-python` loop", "npm `mjml`", "React Email `render`", "Maizzle `build`"
BARE_LOOP = """
from pathlib import Path
from mjml import mjml2html
for path in Path("emails").iterdir():
    output = mjml2html(path.read_text(encoding="utf-8"), fonts={})
    Path("dist", path.stem + ".html").write_text(output, encoding="utf-8")
"""
RENDER = """
import { readdirSync, writeFileSync } from "node:fs";
import { render } from "@react-email/render";
for (const name of readdirSync("emails")) {
  const { default: email } = await import(`./emails/${name}`);
  writeFileSync(`dist/${name}.html`, await render(email));
}
"""
REACT_EMAIL = """import { createElement as h } from "react";
import * as c from "@react-email/components";
export default h(c.Html, { lang: "en" }, h(c.Head), h(c.Body, null, h(c.Container, null%s)));
"""
MAIZZLE_EMAIL = (
    '<template><Layout><Container class="bg-white font-sans text-gray-800">%s</Container></Layout></template>\n'
)
TAGS = {
    "div": ("c.Preview", "Preheader"),
    "mj-section": ("c.Section", 'Section class="px-8 pt-7"'),
    "mj-text": ('"div"', "div"),
    "mj-button": ("c.Button", 'Button class="bg-indigo-800 rounded-md px-7 py-3.5 text-white font-bold"'),
    "h1": ("c.Heading", 'Heading level="1" class="mb-5 text-3xl font-bold"'),
    "h2": ("c.Heading", 'Heading level="2" class="mb-3 text-xl font-bold"'),
    "p": ("c.Text", 'Text class="m-0 mb-4 text-base leading-6"'),
    "a": ("c.Link", 'Link class="text-indigo-800 underline"'),
    "ol": ('"ol"', 'ol class="m-0 mb-4 pl-6"'),
    "ul": ('"ul"', 'ul class="m-0 mb-4 pl-6"'),
    "li": ('"li"', 'li class="mb-2"'),
    "strong": ('"strong"', "strong"),
    "em": ('"em"', "em"),
    "br": ('"br"', "br"),
}
"""A tag of MJML's body, and what it becomes in React Email and in Maizzle. Other tags are left out."""
TOKENS = re.compile(r'<(/?)([\w-]+)(?:[^>]*?\shref="([^"]*)")?[^>]*>|([^<]+)')


def _convert(mjml: str, react: bool) -> str:
    """The body of an MJML email as a template for React Email or for Maizzle."""
    parts = []
    for slash, tag, href, text in TOKENS.findall(mjml.partition("<mj-body")[2].partition(">")[2]):
        if text and not (text.isspace() and "\n" in text):
            parts.append(f",{json.dumps(html.unescape(text))}" if react else text)
        elif tag in TAGS and not slash:
            properties = {"as": tag} if tag in ("h1", "h2") else {}
            properties |= {"href": html.unescape(href)} if href else {}
            link = f' href="{href}"' if href else ""
            parts.append(f",h({TAGS[tag][0]},{json.dumps(properties)}" if react else f"<{TAGS[tag][1]}{link}>")
        if tag in TAGS and (slash or tag == "br") and (react or tag != "br"):
            parts.append(")" if react else f"</{TAGS[tag][1].split()[0]}>")
    return (REACT_EMAIL if react else MAIZZLE_EMAIL) % "".join(parts)


@dataclass(slots=True)
class Peer:
    """A program in a folder of its own: it reads `emails/` and writes `dist/`, one HTML file an email."""

    name: str
    folder: Path
    command: Sequence[str]
    packages: Sequence[str] = ()
    """From npm; the version of the last one is shown."""
    suffix: str = ".mjml"
    version: str = ""
    emails: int = 0

    def install(self) -> None:
        """Have npm install the packages. Raises Failed."""
        self.folder.mkdir()
        (self.folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
        (self.folder / "render.mjs").write_text(RENDER, encoding="utf-8")
        if not self.packages:
            return
        if shutil.which("npm") is None:
            raise Failed("npm is not installed")
        run(["npm", "install", "--no-audit", "--no-fund", *self.packages], self.folder)
        package = self.folder / "node_modules" / self.packages[-1].rpartition("@")[0] / "package.json"
        self.version = json.loads(package.read_text(encoding="utf-8"))["version"]

    def prepare(self, exports: Path) -> None:
        """Write the emails of a build in the program's own format."""
        emails = self.folder / "emails"
        shutil.rmtree(emails, ignore_errors=True)
        emails.mkdir()
        paths = list(exports.rglob("*.mjml") if self.suffix == ".mjml" else exports.glob("preview/*.mjml"))
        for path in paths:
            text = path.read_text(encoding="utf-8")
            name = f"{path.parent.name}-{path.stem.replace('.', '-')}{self.suffix}"
            (emails / name).write_text(
                text if self.suffix == ".mjml" else _convert(text, self.suffix == ".mjs"), encoding="utf-8"
            )
        self.emails = len(paths)

    def run(self) -> Run:
        """Run it over all emails. Raises Failed, also if one of them is missing afterwards."""
        output = self.folder / "dist"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir()
        measured = run([*self.command, *self._arguments()], self.folder)
        if (count := sum(1 for _ in output.rglob("*.html"))) != self.emails:
            raise Failed(f"{self.name}: {count} of {self.emails} emails")
        return measured

    def _arguments(self) -> list[str]:
        """The npm CLI takes its files one by one."""
        return (
            [f"emails/{path.name}" for path in (self.folder / "emails").iterdir()] if self.command[-1] == "-r" else []
        )


def peers(folder: Path) -> list[Peer]:
    """All of them, not installed yet."""
    modules = "node_modules/.bin"
    mjml = [f"{modules}/mjml", "--config.validationLevel", "skip", "-o", "dist", "-r"]
    react = ["react@19", "react-dom@19", "@react-email/components@1", "@react-email/render@2"]
    return [
        Peer(BARE, folder / "bare", [PYTHON, "-c", BARE_LOOP]),
        Peer(NPM, folder / "mjml", mjml, ["mjml@5"]),
        Peer(REACT, folder / "react", ["node", "render.mjs"], react, ".mjs"),
        Peer(
            MAIZZLE,
            folder / "maizzle",
            [f"{modules}/maizzle", "build"],
            ["postcss-merge-longhand@8.0.0", "@maizzle/framework@6.1.2"],
            ".vue",
        ),
    ]
