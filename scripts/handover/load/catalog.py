"""A root folder to a Catalog: every file read, typed, and each id found in one place."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast

from pydantic import BaseModel

from handover.load.assets import find_pictures, load_templates, look_through, mail_clients
from handover.load.files import TextFile, names, read, unportable_names
from handover.load.front_matter import split
from handover.load.slips import mend
from handover.load.strays import look_around, misnamed
from handover.load.validate import build
from handover.load.yaml_tree import Tree, parse
from handover.model.brand import Brand
from handover.model.catalog import Catalog, pasted_into
from handover.model.content import Block, BlockHead, Message, ScenarioHead, Story
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.link import Link, LinkRules
from handover.model.located import Id
from handover.model.message import MessageHead
from handover.model.picture import INDEX, Screenshots
from handover.model.placeholder import Person, Placeholder
from handover.model.platform import Platform
from handover.model.playbook import Playbook, Term
from handover.model.spelling import fold
from handover.model.timeline import with_places

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Make: TypeAlias = "Callable[[_Reader, TextFile, Id], M | None]"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The catalog, None where not even the brand can be read, and all problems found on the way."""

    catalog: Catalog | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class FileResult(Generic[T]):
    """The value of a file with this text, its problems, and the ids that were lost with them."""

    text: str
    value: T
    found: tuple[Diagnostic, ...]
    excused: frozenset[str]


Cache = dict[str, FileResult[Any]]
"""The result for each file, by path; empty at first."""

_NO_RULES = LinkRules()
"""One object for all calls, so that two catalogs without rules hold the same."""


def load(root: Path, built_in_templates: Path, cache: Cache | None = None) -> Loaded:
    """Read the repository at `root`; a template that it does not have is taken from `built_in_templates`.

    With the `cache` of an earlier call, which is brought up to date, only files with another text are parsed and
    validated.
    """
    reader = _Reader(root, {} if cache is None else cache, [*unportable_names(root)])
    found = reader.found
    things: dict[str, Any] = {
        "brand": reader.one("data/brand.yml", Brand),
        "links": reader.mapping("links", "data/links.yml", Link),
        "placeholders": reader.mapping("placeholders", "data/placeholders.yml", Placeholder),
        "people": reader.mapping("people", "data/people.yml", Person),
        "terms": reader.mapping("terms", "data/glossary.yml", Term),
        "platforms": reader.folder("platforms", "data/platforms", ".yml", reader.one_a_file(Platform, whole=True)),
        "blocks": reader.folder("blocks", "content/blocks", ".md", reader.content(Block, BlockHead)),
        "link_rules": reader.one("data/link-check.yml", LinkRules, is_optional=True) or _NO_RULES,
        "pictures": find_pictures(root, found, reader.excused),
        "screenshots": reader.mapping("screenshots", INDEX, Screenshots),
        "mail_clients": mail_clients(),
        "templates": load_templates(root, built_in_templates, found),
    }
    look_through(root, things["screenshots"].values(), found)
    message = reader.content(Message, MessageHead, required=True)
    things |= {
        "playbooks": reader.folder("playbooks", "data/playbooks", ".yml", reader.one_a_file(Playbook)),
        "messages": reader.folder("messages", "content/messages", ".md", message),
        "stories": reader.folder("stories", "content/scenarios", ".md", reader.content(Story, ScenarioHead)),
    }
    look_around(root, found)
    if things["brand"] is None:
        return Loaded(None, tuple(found))
    broken = frozenset(each.place.path for each in found if each.severity == "error")
    whole = {name: each for name, each in things["messages"].items() if each.body.path not in broken}
    things["snippet_platforms"] = pasted_into(things["platforms"], whole)
    placed = reader.cache.setdefault("places", FileResult("", {}, (), frozenset())).value  # no file has this path
    return Loaded(
        with_places(Catalog(excused=frozenset(reader.excused), broken=broken, **things), placed), tuple(found)
    )


@dataclass(slots=True)
class _Reader:
    root: Path
    cache: Cache
    found: list[Diagnostic] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)

    def cached(self, file: TextFile, make: "Callable[[_Reader, TextFile], T]") -> T:
        """The result of `make` for a file, from the cache where its text is unchanged."""
        result = self.cache.get(file.path)
        if result is None or result.text != file.text:
            result = self.cache[file.path] = self.result(file, make)
        self.found += result.found
        self.excused |= result.excused
        return cast(T, result.value)

    def result(self, file: TextFile, make: "Callable[[_Reader, TextFile], T]") -> FileResult[T]:
        """The result of `make` for a file; where a slip in it can be repaired, for the repaired file."""

        def attempt(text: TextFile) -> FileResult[T]:
            reader = _Reader(self.root, {})
            value = make(reader, text)
            return FileResult(file.text, value, tuple(reader.found), frozenset(reader.excused))

        result = attempt(file)
        mended = mend(file, result.found, lambda text: attempt(text).found) if result.found else None
        if mended is None:
            return result
        repaired, slip = mended
        if repaired is None:
            return replace(result, found=(slip,))
        result = attempt(repaired)
        return replace(result, found=(*result.found, slip))

    def tree(self, file: TextFile) -> Tree | None:
        tree = parse(file, self.found)
        if tree is not None and tree.value is None:
            self.found.append(error(Place(file.path), "empty-file", "the file is empty.", "Fill it in, or delete it."))
            return None
        return tree

    def one(self, path: str, model: type[M], is_optional: bool = False) -> M | None:
        """A file that holds one thing."""
        if not os.path.lexists(self.root / path) and (misnamed(self.root, path, self.found) or is_optional):
            return None
        file = read(self.root, path, self.found)
        return self.cached(file, lambda reader, text: reader.whole(text, model)) if file else None

    def whole(self, file: TextFile, model: type[M], **extra: Any) -> M | None:
        tree = self.tree(file)
        return build(model, tree, self.found, self.excused, **extra) if tree else None

    def mapping(self, kind: str, path: str, model: type[M]) -> dict[str, M]:
        """A file of `id: {…}`; a missing one has no entries."""
        is_there = os.path.lexists(self.root / path)
        if not is_there and not misnamed(self.root, path, self.found):
            return {}
        file = read(self.root, path, self.found) if is_there else None
        if file is None:
            self.excused.add(f"{kind}/*")
            return {}
        return self.cached(file, lambda reader, text: reader.entries(kind, text, model))

    def entries(self, kind: str, file: TextFile, model: type[M]) -> dict[str, M]:
        tree = self.tree(file)
        if tree is None or not isinstance(tree.value, dict):
            self.excused.add(f"{kind}/*")
            if tree is not None:
                message = "entries like 'some-id:' with keys below must be here."
                self.found.append(error(tree.values[()], "wrong-type", message))
            return {}
        entries: dict[str, M] = {}
        for key in tree.value:
            entry = build(model, tree, self.found, self.excused, (str(key),), whole=True, id=key)
            if entry is not None:
                entries[str(key)] = entry
            else:
                self.excused.add(str(key))
                if not Id.PATTERN.fullmatch(key):
                    self.excused.add(f"{kind}/*")  # which id was meant is unknown
        return entries

    def folder(self, kind: str, folder: str, ending: str, make: "Make[M]") -> dict[str, M]:
        """A file an entry; its name is the id."""
        entries: dict[str, M] = {}
        before = len(self.found)
        paths = list(names(self.root, folder, ending, self.found))
        if not paths:
            misnamed(self.root, folder, self.found)
        if any(each.severity == "error" for each in self.found[before:]):
            self.excused.add(f"{kind}/*")
        for path in paths:
            name = path.rsplit("/", 1)[-1].removesuffix(ending)
            is_excused = name in self.excused  # for something else of this name
            entry = self.entry(path, name, ending, make)
            if entry is None:
                self.excused.add(name)
                continue
            entries[name] = entry
            if not is_excused:
                self.excused.discard(name)
        return entries

    def entry(self, path: str, name: str, ending: str, make: "Make[M]") -> M | None:
        """What a file holds that is named by its id."""
        file = read(self.root, path, self.found)
        if file is None:
            return None
        if Id.PATTERN.fullmatch(name):
            return self.cached(file, lambda reader, text: make(reader, text, Id(name, Place(path))))
        meant = fold(name).replace("_", "-")
        self.excused.add(meant)
        example = f", for example to '{meant}{ending}'" if Id.PATTERN.fullmatch(meant) else ""
        hint = f"Rename the file{example}: small letters a to z, digits, and '-' between them."
        self.found.append(error(Place(path), "invalid-id", f"'{name}' cannot be an id.", hint))
        return None

    @staticmethod
    def one_a_file(model: type[M], whole: bool = False) -> "Make[M]":
        return lambda reader, file, name: reader.whole(file, model, whole=whole, id=name)

    @staticmethod
    def content(model: type[M], head_model: type[BaseModel], required: bool = False) -> "Make[M]":
        keys = {field.alias or key for key, field in head_model.model_fields.items()}

        def make(reader: _Reader, file: TextFile, name: Id) -> M | None:
            tree, body = split(file, reader.found, required, keys)
            head = build(head_model, tree, reader.found, reader.excused) if tree is not None else None
            return model(id=name, head=head, body=body) if head is not None else None

        return make
