"""Ids that are reserved: for the site's own pages and folders, and by Windows."""

PAGES = (
    "404",
    "assets",
    "diagnostics",
    "exports",
    "glossary",
    "health",
    "index",
    "links",
    "messages",
    "placeholders",
    "platforms",
    "reference",
    "search",
    "snippets",
)

RESERVED: dict[str, tuple[str, ...]] = {
    "playbook": PAGES,
    "message": ("index",),
    "placeholder": ("checklist",),
    "platform": ("file", "handbook", "preview"),
}
"""The reserved ids of each kind: a page or folder of the site has the name, or a key of front matter."""

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")}
)
"""Names that no file can have on Windows, with any ending (Microsoft, "Naming Files, Paths, and Namespaces")."""
