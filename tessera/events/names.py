"""What a customer can have done, in the five words that we keep."""

from __future__ import annotations

from collections.abc import Mapping

VIEWED = "VIEWED"
PROCESSED = "PROCESSED"
PURCHASED = "PURCHASED"
REFUNDED = "REFUNDED"
CANCELLED = "CANCELLED"
EVENTS = (VIEWED, PROCESSED, PURCHASED, REFUNDED, CANCELLED)
RETURNS = (REFUNDED, CANCELLED)  # money goes back: subtracted, never counted as an order
WITHOUT_MONEY = (VIEWED, PROCESSED)  # whatever price such a row shows, nobody has paid it
NOT_COUNTED = ""  # what a mapping calls a row that is no event, such as a failed payment

ALIASES: Mapping[str, tuple[str, ...]] = {
    VIEWED: ("view", "page view", "product viewed", "product view", "browsed"),
    PROCESSED: ("process", "add to cart", "added to cart", "checkout started", "cart"),
    PURCHASED: (
        "purchase", "order", "ordered", "order placed", "placed order", "order completed",
        "sale", "sold", "bought", "paid",
    ),
    REFUNDED: ("refund", "order refunded", "return", "returned", "chargeback"),
    CANCELLED: ("canceled", "cancel", "cancellation", "order cancelled", "voided"),
}  # fmt: skip


def normalised(text: str) -> str:
    """Return a name without its case, spaces, underscores and punctuation."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


_KNOWN = {normalised(name): event for event in EVENTS for name in (event, *ALIASES[event])}


def event_of(text: str, *, own: Mapping[str, str] | None = None) -> str | None:
    """Return the event that a cell names, in any case; None when it names none.

    Parameters
    ----------
    own
        A mapping's own names, which win over ours: {"Failed": NOT_COUNTED}.
    """
    key = normalised(text)
    for name, event in (own or {}).items():
        if normalised(name) == key:
            return event
    return _KNOWN.get(key)
