"""The data of Can I email (caniemail.com): what mail clients lack. `make caniemail` renews it.

The engine carries an extract, caniemail.json beside this module: of each feature the clients that do not support it
at all in their newest tested version. A partial support is no lack: the notes that explain it are for people to read.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from handover.model.mail_client import MailClients
from handover.paths import SafePath

_EXTRACT = Path(__file__).with_name("caniemail.json")


@cache
def mail_clients() -> MailClients:
    """The extract that the engine carries."""
    data = json.loads(_EXTRACT.read_text(encoding="utf-8"))
    return MailClients(
        data["clients"], {name: frozenset(clients.split()) for name, clients in data["lacked_by"].items()}
    )


def extract(data: dict[str, Any], licence: str) -> dict[str, Any]:
    """The extract of caniemail's own file; `licence` is the text that it comes under."""
    families, platforms = data["nicenames"]["family"], data["nicenames"]["platform"]
    clients: set[tuple[str, str]] = set()
    lacked_by: dict[str, str] = {}
    for feature in data["data"]:
        lacking = []
        for family, tested in feature["stats"].items():
            for platform, versions in tested.items():
                clients.add((family, platform))
                newest = list(versions.values())[-1] if versions else "u"
                if newest.split()[0] == "n":
                    lacking.append(f"{family}.{platform}")
        if feature["category"] in ("css", "html", "image"):
            lacked_by[feature["slug"]] = " ".join(sorted(lacking))
    return {
        "source": "https://www.caniemail.com/",
        "updated": data["last_update_date"].partition(" ")[0],
        "licence": licence.strip(),
        "clients": {f"{one}.{two}": f"{families[one]} ({platforms[two]})" for one, two in sorted(clients)},
        "lacked_by": dict(sorted(lacked_by.items())),
    }


def main(folder: str) -> None:
    """Write the extract of the npm package `caniemail`, unpacked in `folder`, beside this module."""
    data = json.loads(Path(folder, "data", "caniemail.json").read_text(encoding="utf-8"))
    renewed = extract(data, Path(folder, "LICENSE").read_text(encoding="utf-8"))
    SafePath.given(_EXTRACT, _EXTRACT.parent).write((json.dumps(renewed, indent=1, ensure_ascii=False) + "\n").encode())
    print(f"{_EXTRACT.name}: {len(renewed['lacked_by'])} features, as of {renewed['updated']}")


if __name__ == "__main__":
    main(sys.argv[1])
