"""The data of Can I email (caniemail.com): what mail clients lack. `make caniemail` renews it.

The engine carries an extract, caniemail.json beside this module: of each feature the clients that do not support it
at all in their newest tested version. A partial support is no lack: the notes that explain it are for people to read.
"""

import json
from functools import cache
from pathlib import Path

from handover.model.mail_client import MailClients

EXTRACT = Path(__file__).with_name("caniemail.json")


@cache
def mail_clients() -> MailClients:
    """The extract that the engine carries."""
    data = json.loads(EXTRACT.read_text(encoding="utf-8"))
    return MailClients(
        data["clients"], {name: frozenset(clients.split()) for name, clients in data["lacked_by"].items()}
    )
