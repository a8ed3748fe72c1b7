"""Removals by the state machine of a stage."""

from __future__ import annotations

from typing import Any

from adapters.aws.executions import Executions
from steps.remove_tenant.receipts import SignedReceipts
from tessera.records.removal import RemovalReceipt

_LETTERS = 8  # of an attempt: the name of an execution has 80


class MachineRemovals:
    """Begins removals, and reads their receipts.

    Parameters
    ----------
    executions
        Of the state machine.
    receipts
        The receipts.
    """

    def __init__(self, executions: Executions, receipts: SignedReceipts) -> None:
        self._executions, self._receipts = executions, receipts

    def start(self, tenant: str, case: str, *, attempt: str) -> None:
        """Begin a removal, or go on with it. The same attempt begins once."""
        event = {"tenant": tenant, "case": case}
        self._executions.start(f"{case}-{attempt[:_LETTERS]}", event)

    def document(self, case: str) -> dict[str, Any] | None:
        """Return a receipt with its signature, None without one."""
        return self._receipts.document(case)

    def listed(self) -> list[RemovalReceipt]:
        """Return every receipt."""
        return self._receipts.listed()
