"""`data/link-check.yml`: what the link check recognizes as a login page or a "not found" page."""

from typing import Self

from handover.model.base import Model
from handover.model.located import Located


class LinkRules(Model):
    """Patterns that extend the built-in ones. `*` matches any characters; case is ignored."""

    login_hosts: tuple[Located, ...] = ()
    """Hosts that only serve logins, as in `login.example.com` or `*.example.com`."""
    login_paths: tuple[Located, ...] = ()
    """Paths of login pages on any host, without a trailing slash, as in `*/login`."""
    not_found: tuple[Located, ...] = ()
    """Titles and headings of "not found" pages, without punctuation. A `!` in front excludes pages that are only about
    such errors."""
    anchor_prefixes: tuple[Located, ...] = ()
    """Prefixes that a site adds to the ids of its anchors, and that its links leave out."""

    def merged_with(self, other: "LinkRules") -> Self:
        """These rules and those of `other`, as one."""
        return self.model_copy(
            update={name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )
