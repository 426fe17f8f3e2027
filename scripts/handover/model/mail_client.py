"""What mail clients cannot show, as Can I email has measured it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class MailClients:
    """The clients by id, as in `gmail.ios`, and the features of CSS and HTML that some of them lack."""

    names: Mapping[str, str] = field(default_factory=dict)
    """The name of each client, as people say it."""
    lacked_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The clients without it for each feature, by the feature's name there, as in `css-border-radius`."""

    def ids(self) -> set[str]:
        """What data/brand.yml may name: a client, or all of a family, as in `gmail`."""
        return {*self.names, *(_family(client) for client in self.names)}

    def lacking(self, feature: str, chosen: Iterable[str]) -> list[str]:
        """The names of the chosen clients that lack a feature; a family's name where all the chosen ones of it do."""
        without = self.lacked_by.get(feature)
        if not without:
            return []
        wanted = {*chosen}
        families: dict[str, list[str]] = {}
        for client in self.names:
            if {client, _family(client)} & wanted:
                families.setdefault(_family(client), []).append(client)
        made = []
        for clients in families.values():
            lacking = [self.names[client] for client in clients if client in without]
            all_of_several = len(lacking) == len(clients) > 1
            made += [lacking[0].partition(" (")[0]] if all_of_several else lacking
        return made


def _family(client: str) -> str:
    return client.partition(".")[0]
