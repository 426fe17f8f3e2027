"""What was made the last time: for the next, where everything that it depends on is the same."""

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handover.cli.rebuild import Sources, cache
from handover.model.sent import Packed, unpacked, unpickled
from handover.write.record import keep, read_kept

Kept = Mapping[str, tuple[str, Packed]]


@dataclass(slots=True)
class Memo:
    """Packed values by name, each with the digest of what it was made from besides what `shared` stands for."""

    sources: Sources | None = None
    """The sources of this run; without them nothing is known, and nothing is kept."""
    shared: str = ""
    before: Kept = field(default_factory=dict)
    """What the last run made, if it shares the same."""
    now: dict[str, tuple[str, Packed]] = field(default_factory=dict)
    """What this run made or had again."""
    asked: set[str] = field(default_factory=set)
    """What this run wanted to know."""

    def known(self, name: str, digest: str) -> Any:
        """What is known by the name, if it was made from the same; else None."""
        self.asked.add(name)
        known = self.before.get(name)
        if known is None or known[0] != digest:
            return None
        try:
            return unpacked(known[1])
        except Exception:  # a disk that forgets; whatever stands there, it is nothing
            return None

    def had_again(self, name: str) -> None:
        """Keep what was known for another run."""
        self.now[name] = self.before[name]

    def keep(self, name: str, digest: str, sent: Packed) -> None:
        """Keep something new."""
        if self.sources is not None:
            self.now[name] = (digest, sent)

    def digest_of(self, *paths: str) -> str:
        """Of some sources; empty for what no source is known of."""
        files = self.sources.files if self.sources is not None else {}
        return digest_of(files.get(path, "") for path in paths)

    def write(self, root: Path) -> None:
        """Keep for the next command what this one made of the sources at `root`, and what it had no use for.

        A check has none for archives, and the build after it has.
        """
        there = self.sources.files if self.sources is not None else {}
        unused = {
            name: kept
            for name, kept in self.before.items()
            if name not in self.asked and (name in there or not name.startswith("content/"))
        }
        kept = (self.shared, {**unused, **self.now})
        keep("memo", root, cache(), lambda file: pickle.dump(kept, file, pickle.HIGHEST_PROTOCOL))


def memo_for(sources: Sources, before: "Memo | None") -> Memo:
    """A memo for a run over `sources`, with what the last one made."""
    shared = sources.shared()
    return Memo(sources, shared, before.now if before is not None and before.shared == shared else {})


def memo_at(root: Path, sources: Sources) -> Memo:
    """The same with what the last command kept that looked at `root`."""
    try:
        shared, now = unpickled(read_kept("memo", root, cache()))
        return memo_for(sources, Memo(None, shared, {}, now))
    except Exception:  # whatever stands there, it is no memo
        return memo_for(sources, None)


def digest_of(texts: Iterable[str]) -> str:
    """One digest of several texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
