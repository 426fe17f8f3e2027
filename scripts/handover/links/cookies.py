"""The cookies of one address and its redirects, as leniently read as browsers read them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from handover.links.urls import host_of, origin, site_of

MOST = 50
LONGEST = 4096
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(slots=True)
class Cookies:
    """Cookies by the origin that set them, or by the domain that they name. The standard parser drops modern ones."""

    _values: dict[str, dict[str, str]] = field(default_factory=dict)

    def store(self, url: str, lines: Iterable[str]) -> None:
        """Store the values of the `Set-Cookie` headers of the answer of `url`."""
        for line in list(lines)[:MOST]:
            pair, *rest = line[:LONGEST].split(";")
            name, equals, value = pair.partition("=")
            if not equals or _CONTROL.search(pair):
                continue
            attributes = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
            kept = self._values.setdefault(_scope(url, attributes.get("domain", "")), {})
            if attributes.get("max-age", "").startswith(("0", "-")):
                kept.pop(name.strip(), None)
            else:
                kept[name.strip()] = value.strip()

    def header(self, url: str) -> str:
        """The `Cookie` header for a request of `url`; empty without cookies."""
        host = host_of(url)
        scopes = [origin(url)] + ["." + host.split(".", drop)[drop] for drop in range(host.count("."), -1, -1)]
        values = {name: value for scope in reversed(scopes) for name, value in self._values.get(scope, {}).items()}
        text = "; ".join(f"{name}={value}" if name else value for name, value in values.items())
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _scope(url: str, domain: str) -> str:
    """The origin of `url`, or the domain if `url` may set cookies for it: one of the same owner."""
    host, domain = host_of(url), domain.lower().lstrip(".")
    owner = site_of(host) if domain else ""
    is_within = f".{host}".endswith(f".{domain}") and f".{domain}".endswith(f".{owner}")
    return f".{domain}" if domain and is_within else origin(url)
