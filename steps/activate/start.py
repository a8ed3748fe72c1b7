"""Check that a destination is ready before anything is sent to it."""

from __future__ import annotations

from steps.activate.activation import Activation
from tessera.records.replies import LoadReply


def start_load(activation: Activation) -> LoadReply:
    """Check the destination. A load that is held or has no changes is done at once.

    Raises
    ------
    Retryable, Refused, InvalidInput
        As the transport's ``check``.
    """
    record = activation.load().record
    changes = record.changes
    if activation.vendor is None or record.held:
        return LoadReply(status="DONE", wait_seconds=0, progress={"changes": 0})
    activation.transport().check(record.segments)
    return LoadReply(
        status="IN_PROGRESS" if changes else "DONE", wait_seconds=0, progress={"changes": changes}
    )
