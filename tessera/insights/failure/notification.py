"""The notification of a failed run."""

from __future__ import annotations

from tessera.records.runs.error import ErrorRecord


def notification(record: ErrorRecord, *, where: str) -> tuple[str, str]:
    """Return the subject and text of a failed run's notification; ``where`` is error.json."""
    subject = f"Tessera: a run failed at {record.state} ({record.tenant})"
    lines = [
        f"Tenant {record.tenant}, run {record.run_id}, state {record.state}: {record.error}.",
        record.message,
        f"What to do: {record.what_to_do}",
        f"Details: {where}",
    ]
    return subject, "\n".join(lines) + "\n"
