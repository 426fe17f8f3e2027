"""Ids that the site and the exports have for themselves."""

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
    "platform": ("handbook", "preview"),
}
"""The ids that no thing of a kind can have, as a page or folder has that name."""
