"""CSS and HTML features that email clients lack, as measured by Can I email."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class MailClients:
    """The email clients by id, as in `gmail.ios`, and the features that some of them lack."""

    names: Mapping[str, str] = field(default_factory=dict)
    """The display name of each client, by its id."""
    lacked_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The ids of the clients that lack a feature, by Can I email's name of it, as in `css-border-radius`."""

    def ids(self) -> set[str]:
        """The ids that data/brand.yml accepts: of clients and of families, as in `gmail`."""
        return {*self.names, *(_family(client) for client in self.names)}

    def lacking(self, feature: str, chosen: Iterable[str]) -> list[str]:
        """The names of the chosen clients that lack a feature; the family's name if all its chosen clients do."""
        without = self.lacked_by.get(feature)
        if not without:
            return []
        wanted = {*chosen}
        families: dict[str, list[str]] = {}
        for client in self.names:
            if {client, _family(client)} & wanted:
                families.setdefault(_family(client), []).append(client)
        names = []
        for clients in families.values():
            lacking = [self.names[client] for client in clients if client in without]
            all_of_several = len(lacking) == len(clients) > 1
            names += [lacking[0].partition(" (")[0]] if all_of_several else lacking
        return names


def _family(client: str) -> str:
    return client.partition(".")[0]
