"""`data/link-check.yml`: what the link check takes for a login or for a page that is not there."""

from typing import Self

from handover.model.base import Model
from handover.model.located import Located


class LinkRules(Model):
    """Patterns, added to the built-in ones. In each `*` stands for any characters, and case does not count."""

    login_hosts: tuple[Located, ...] = ()
    """Hosts that do nothing but log people in, as in `login.example.com` or `*.example.com`."""
    login_paths: tuple[Located, ...] = ()
    """Paths of login pages on any host, without a slash at the end, as in `*/login`."""
    not_found: tuple[Located, ...] = ()
    """Titles and headings of a page that says it is not there, without punctuation; with a `!` in front, of one that
    only talks about such pages."""
    anchor_prefixes: tuple[Located, ...] = ()
    """What a site puts before the ids of its pages, which its script does without."""

    def and_also(self, other: "LinkRules") -> Self:
        """These rules and the `other` ones."""
        return self.model_copy(
            update={name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )
