"""What people read of a removal."""

from __future__ import annotations

from tessera.records.removal import RemovalReceipt


def removal_lines(receipt: RemovalReceipt) -> list[str]:
    """Return a receipt for people."""
    parts = [f"  {part.had:>8,}  {part.what}" for part in receipt.parts if part.had]
    left = [f"  {part.left:>8,}  LEFT: {part.what}" for part in receipt.parts if part.left]
    notes = [f"  {note}." for note in (*receipt.by_hand, *receipt.ages_out)]
    return [*parts, *left, f"  {_end(receipt)} Receipt {receipt.case}.", *notes]


def _end(receipt: RemovalReceipt) -> str:
    if receipt.is_complete:
        return f"Tenant {receipt.tenant} is removed."
    if receipt.open_until is not None:
        return (
            "Nothing is left. What began before may write until "
            f"{receipt.open_until:%Y-%m-%d %H:%M} UTC. Run the same command again after that."
        )
    return "Not all is gone. Run the same command again."
