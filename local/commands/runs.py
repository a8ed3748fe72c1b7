"""``tessera runs``: the runs that a state has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.app.state.files import StateFiles
from local.terminal import Terminal, table
from tessera.records.runs.run_item import RunItem

_HEAD = ("Run", "Tenant", "Upload", "As of", "Customers", "Orders", "Money", "Ended")


def runs(path: Path, *, as_json: bool, terminal: Terminal) -> None:
    """Print the runs of a state, the first one first.

    Raises
    ------
    InvalidInput
        There is no state.
    """
    state = StateFiles(path)
    facts = [facts_of(state, run) for run in state.runs()]
    if as_json:
        terminal.json(facts)
        return
    for line in table(_HEAD, [_row(one) for one in facts]):
        terminal.say(line)
    terminal.say()
    terminal.say(f"  `tessera compare A B` shows what moved between two of them. State: {path}/")


def facts_of(state: StateFiles, run: RunItem) -> dict[str, Any]:
    """Return what there is to say about a run."""
    summary = state.summary(run)
    return {
        "run_id": run.run_id,
        "tenant": run.tenant,
        "upload": run.upload,
        "as_of": summary["as_of"],
        "customers": summary["customers"],
        "orders": summary["orders"],
        "monetary": summary["monetary"],
        "currency": summary["currency"],
        "rows": summary["rows"],
        "finished_at": run.finished_at,
    }


def _row(one: dict[str, Any]) -> list[str]:
    money = f"{float(one['monetary'] or 0):,.2f} {one['currency']}".strip()
    return [
        one["run_id"], one["tenant"], one["upload"] or "–", one["as_of"],
        f"{one['customers']:,}", f"{one['orders']:,}", money, one["finished_at"][:16],
    ]  # fmt: skip
