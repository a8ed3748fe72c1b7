"""Check that a destination is ready before anything is sent to it."""

from __future__ import annotations

from steps.activate.activation import Activation
from tessera.destinations.port import Recreatable
from tessera.records.messages.replies import LoadReply


def start_load(activation: Activation) -> LoadReply:
    """Check the destination. A load that is held or has no changes is done at once.

    A destination that was created again has none of its customers. The plan of this run does not
    know that yet, so the load sends its changes, and the next run sends every customer.

    Raises
    ------
    Retryable, Refused, InvalidInput
        As the transport's ``check``.
    """
    load = activation.load()
    changes = load.record.changes
    if activation.vendor is None or load.record.held:
        return LoadReply(status="DONE", wait_seconds=0, progress={"changes": 0})
    transport = activation.transport()
    transport.check(load.record.segments)
    if isinstance(transport, Recreatable) and (identity := transport.identity()):
        load.bind_ledger(identity)
    return LoadReply(
        status="IN_PROGRESS" if changes else "DONE", wait_seconds=0, progress={"changes": changes}
    )
