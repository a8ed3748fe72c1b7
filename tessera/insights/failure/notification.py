"""The notification of a failed run."""

from __future__ import annotations

from typing import Literal

from tessera.records.runs.error import ErrorRecord

_AS_BEFORE = "The history is as it was before this run"


def history_after(ending: Literal["nothing", "dropped", "left", "kept"]) -> str:
    """Return what became of a failed run's upload and of the tenant's history.

    Parameters
    ----------
    ending
        Whether the run had stored an upload, and whether that was removed, is still to be removed,
        or counts.
    """
    return {
        "nothing": f"{_AS_BEFORE}.",
        "dropped": f"The upload was not kept. {_AS_BEFORE}.",
        "left": f"The upload was not kept, and the next run removes its files. {_AS_BEFORE}.",
        "kept": "The upload was kept: the run failed after it had published its results.",
    }[ending]


def notification(record: ErrorRecord, *, where: str) -> tuple[str, str]:
    """Return the subject and text of a failed run's notification. ``where`` is error.json."""
    subject = f"Tessera: a run failed at {record.state} ({record.tenant})"
    lines = [
        f"Tenant {record.tenant}, run {record.run_id}, state {record.state}: {record.error}.",
        record.message,
        f"What to do: {record.what_to_do}",
        *([record.history] if record.history else []),
        f"Details: {where}",
    ]
    return subject, "\n".join(lines) + "\n"
