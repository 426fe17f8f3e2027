"""The map of the engine: every module with the first line of its docstring, `make map`.

The source is parsed and not imported, so the map needs no installed package.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ENGINE = Path(__file__).with_name("handover")


def summary(path: Path) -> str:
    """Return the first line of a module's docstring, or an empty string if there is none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def package_map(engine: Path) -> Iterator[str]:
    """Yield the map line by line: each package, then its modules, in alphabetical order."""
    for package in sorted(path.parent for path in engine.rglob("__init__.py")):
        name = ".".join(package.relative_to(engine.parent).parts)
        yield f"{name:<20}  {summary(package / '__init__.py')}"
        for module in sorted(package.glob("*.py")):
            if module.stem != "__init__":
                yield f"    {module.stem:<16}  {summary(module)}"


if __name__ == "__main__":
    print("\n".join(package_map(ENGINE)))
