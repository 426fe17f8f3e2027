"""`data/link-check.yml`: how the link check tells logins, missing pages and bot walls from pages that work."""

from typing import Self

from handover.model.base import Model
from handover.model.located import Located


class Oembed(Model):
    """An address that answers whether a page exists, for a site that shows the same page for all."""

    pages: Located
    """The pages, as in `www.youtube.com/watch*`."""
    endpoint: Located
    """The address to request, up to the parameter that the page's address follows: `https://…/oembed?url=`."""


class LinkRules(Model):
    """Patterns, added to the built-in ones. In each `*` matches any characters, and case does not count."""

    login_hosts: tuple[Located, ...] = ()
    """Hosts that only log people in, as in `login.example.com` or `*.example.com`."""
    login_paths: tuple[Located, ...] = ()
    """Paths of login pages on any host, without a slash at the end, as in `*/login`."""
    login_titles: tuple[Located, ...] = ()
    """Titles and headings, without punctuation, of a page with a password field that is a login."""
    not_found: tuple[Located, ...] = ()
    """Titles and headings of a missing page, without punctuation; with a `!` in front, of a page about such pages."""
    anchor_prefixes: tuple[Located, ...] = ()
    """Prefixes that a site adds to the ids in its pages, and that its script does without."""
    scripted_anchors: tuple[Located, ...] = ()
    """Addresses with anchors that a script adds to the page, without `https://`, as in `github.com/*/blob/*#*`."""
    bot_walls: tuple[Located, ...] = ()
    """Marks of a page that keeps programs out: title, headers (`name: value`), or the HTML of a short page."""
    parked: tuple[Located, ...] = ()
    """Marks of a domain that is parked or for sale: as `bot_walls`, or the address it leads to, without `https://`."""
    closed: tuple[Located, ...] = ()
    """Marks of a form that takes no more answers: as `parked`."""
    private_hosts: tuple[Located, ...] = ()
    """Hosts that answer 404 to strangers for what is private, in folders two levels deep, as in `github.com`."""
    volatile_parameters: tuple[Located, ...] = ()
    """Names of parameters that differ from visit to visit or from reader to reader, as in `sessionid`."""
    oembed: tuple[Oembed, ...] = ()
    """Sites that show the same page for all, with the address that tells."""
    well_known: tuple[Located, ...] = ()
    """Addresses that always answer: requested if no link does, to see whether this machine is online."""

    def merged_with(self, other: "LinkRules") -> Self:
        """Return these rules and the others, as one object."""
        return self.model_copy(
            update={name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )
