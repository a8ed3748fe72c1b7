"""What people read of a removal."""

from __future__ import annotations

from tessera.records.removal import RemovalReceipt


def removal_lines(receipt: RemovalReceipt) -> list[str]:
    """Return a receipt for people."""
    parts = [f"  {part.had:>8,}  {part.what}" for part in receipt.parts if part.had]
    left = [f"  {part.left:>8,}  LEFT: {part.what}" for part in receipt.parts if part.left]
    end = (
        f"  Tenant {receipt.tenant} is removed. Receipt {receipt.case}."
        if receipt.is_complete
        else f"  Not all is gone. Run the same command again. Receipt {receipt.case}."
    )
    notes = [f"  {note}." for note in (*receipt.by_hand, *receipt.ages_out)]
    return [*parts, *left, end, *notes]
