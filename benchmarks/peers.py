"""The programs that people use instead, installed by npm into a temporary folder, with the same emails as input.

MJML compilers get every MJML file that the build wrote. React Email and Maizzle get the emails of the preview (one a
message and variant, with sample values) as templates of their own: same words, headings, lists, links and buttons.
"""

import html
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
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
    "div": ("Preview", "Preheader", ""),
    "mj-section": ("Section", "Section", "px-8 pt-7"),
    "mj-text": ("div", "div", ""),
    "mj-button": ("Button", "Button", "bg-indigo-800 rounded-md px-7 py-3.5 text-white font-bold"),
    "h1": ("Heading", "Heading", "mb-5 text-3xl font-bold"),
    "h2": ("Heading", "Heading", "mb-3 text-xl font-bold"),
    "p": ("Text", "Text", "m-0 mb-4 text-base leading-6"),
    "a": ("Link", "Link", "text-indigo-800 underline"),
    "ol": ("ol", "ol", "m-0 mb-4 pl-6"),
    "ul": ("ul", "ul", "m-0 mb-4 pl-6"),
    "li": ("li", "li", "mb-2"),
    "strong": ("strong", "strong", ""),
    "em": ("em", "em", ""),
    "br": ("br", "br", ""),
}
"""A tag of MJML's body, what it becomes in React Email and in Maizzle, and its classes there. Others are left out."""


class _Converter(HTMLParser):
    """Collects the body of an MJML email as a template for React Email, or for Maizzle."""

    def __init__(self, react: bool) -> None:
        super().__init__()
        self.react = react
        self.in_body = False
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_body |= tag == "mj-body"
        if self.in_body and tag in TAGS:
            self.parts.append((_react if self.react else _maizzle)(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.in_body and tag in TAGS and tag != "br":
            self.parts.append(")" if self.react else f"</{TAGS[tag][1]}>")

    def handle_data(self, data: str) -> None:
        if self.in_body and not (data.isspace() and "\n" in data):
            self.parts.append(f",{json.dumps(data)}" if self.react else html.escape(data))


def _react(tag: str, values: Mapping[str, str]) -> str:
    declarations = [each.partition(":") for each in values.get("style", "").split(";") if each]
    style = {re.sub(r"-(\w)", lambda match: match[1].upper(), name.strip()): value for name, _, value in declarations}
    name = TAGS[tag][0]
    properties = {"style": style, "href": values.get("href"), "as": tag if name == "Heading" else None}
    given = json.dumps({name: value for name, value in properties.items() if value})
    return f",h({f'c.{name}' if name[0].isupper() else json.dumps(name)},{given}" + (")" if tag == "br" else "")


def _maizzle(tag: str, values: Mapping[str, str]) -> str:
    _, name, classes = TAGS[tag]
    given = {"class": classes, "href": values.get("href"), "level": tag[1] if name == "Heading" else None}
    written = [f'{key}="{html.escape(value)}"' for key, value in given.items() if value]
    return f"<{' '.join([name, *written])}>"


def _convert(text: str, suffix: str) -> str:
    converter = _Converter(react := suffix == ".mjs")
    converter.feed(text)
    return (REACT_EMAIL if react else MAIZZLE_EMAIL) % "".join(converter.parts)


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
                text if self.suffix == ".mjml" else _convert(text, self.suffix), encoding="utf-8"
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
