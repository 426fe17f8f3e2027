"""The extract of Can I email (caniemail.com) that the engine carries: `make caniemail`."""

import json
import sys
from pathlib import Path
from typing import Any

from handover.load.assets import EXTRACT
from handover.paths import SafePath


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
    """Write the extract of the npm package `caniemail`, unpacked in `folder`, into the engine."""
    data = json.loads(Path(folder, "data", "caniemail.json").read_text(encoding="utf-8"))
    renewed = extract(data, Path(folder, "LICENSE").read_text(encoding="utf-8"))
    SafePath.given(EXTRACT, EXTRACT.parent).write((json.dumps(renewed, indent=1, ensure_ascii=False) + "\n").encode())
    print(f"{EXTRACT.name}: {len(renewed['lacked_by'])} features, as of {renewed['updated']}")


if __name__ == "__main__":
    main(sys.argv[1])
