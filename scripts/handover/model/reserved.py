"""Ids that are reserved for the site's own pages and folders."""

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
)

RESERVED: dict[str, tuple[str, ...]] = {
    "playbook": PAGES,
    "message": ("index",),
    "placeholder": ("checklist",),
    "platform": ("handbook", "preview"),
}
"""The reserved ids of each kind: a page or folder of the site has the name."""
