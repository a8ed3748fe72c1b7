"""Why a customer waits for the batch, in words."""

from __future__ import annotations

from tessera.labels.state import MOST_MARKS, LiveState


def why_waits(state: LiveState) -> str:
    """Return why only the next run knows the label of a customer. Empty where it is known."""
    if not state.must_wait:
        return ""
    if state.marks > MOST_MARKS:
        return f"its {state.marks:,} orders and events are more than the {MOST_MARKS:,} kept live"
    if state.cancelled & state.refunded:
        return "an order was both cancelled and refunded"
    return (
        "an order has lines in two uploads, or is void in one, and the newer replaces the older. "
        "Or a cancellation with an amount names no order"
    )
