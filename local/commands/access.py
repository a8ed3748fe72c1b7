"""``tessera access``: what a state has of one person, as JSON."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from local.app.state.files import StateFiles
from local.app.state.folder import StateFolder
from local.app.state.objects import StateObjects
from local.app.state.snapshot import DATA, IDENTITIES
from local.terminal import Terminal
from steps.erase.access import person_data
from tessera.errors import InvalidInput
from tessera.events.pseudonym import customer_keys


def access(customer: str, *, tenant: str, state: Path, to: Path | None, terminal: Terminal) -> None:
    """Write one person's data, to a file or as the result.

    Raises
    ------
    InvalidInput
        There is no state, or nobody is known by the id or address.
    """
    files, snapshot = StateFiles(state), StateFolder(state).read()
    if snapshot is None:
        raise InvalidInput(f"{state} has no run yet")
    document = person_data(
        StateObjects(files, DATA),
        StateObjects(files, IDENTITIES),
        tenant=tenant,
        term=customer,
        key_of=customer_keys(snapshot.secret.encode(), tenant=tenant),
        now=dt.datetime.now(dt.UTC),
    )
    if to is None:
        terminal.json(document)
        return
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    to.touch(mode=0o600)
    to.write_text(text, encoding="utf-8")
    terminal.say(f"  {to} has the person's data: {len(document['events'])} events")
