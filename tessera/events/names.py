"""What a customer can have done, in the twelve words that we keep."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from tessera.events.reasons import NO_EVENT, NOT_AN_EVENT, ORDER_LINE, VOIDING

VIEWED = "VIEWED"
PROCESSED = "PROCESSED"
PURCHASED = "PURCHASED"
SUBSCRIBED = "SUBSCRIBED"
RENEWED = "RENEWED"
REFUNDED = "REFUNDED"
CANCELLED = "CANCELLED"
SESSION = "SESSION"
EMAIL_SENT = "EMAIL_SENT"
EMAIL_OPENED = "EMAIL_OPENED"
EMAIL_CLICKED = "EMAIL_CLICKED"
UNSUBSCRIBED = "UNSUBSCRIBED"
CONTACTS = (SESSION, EMAIL_SENT, EMAIL_OPENED, EMAIL_CLICKED, UNSUBSCRIBED)
EVENTS = (VIEWED, PROCESSED, PURCHASED, SUBSCRIBED, RENEWED, REFUNDED, CANCELLED, *CONTACTS)
LOOKS = (VIEWED, SESSION)  # the customer was at the shop
EMAIL_READS = (EMAIL_OPENED, EMAIL_CLICKED)  # the customer did something with an e-mail
SUBSCRIPTIONS = (SUBSCRIBED, RENEWED)  # an order when money came with it, else only a fact
SALES = (PURCHASED, *SUBSCRIPTIONS)  # with a negative amount they are a return
RETURNS = (REFUNDED, CANCELLED)  # money goes back: subtracted, never counted as an order
WITHOUT_MONEY = (
    VIEWED,
    PROCESSED,
    *CONTACTS,
)  # whatever price such a row shows, nobody has paid it
NOT_COUNTED = ""  # what a mapping calls a row that is no event, such as a failed payment
UNCOUNTED = (NOT_COUNTED, *(reason.code for reason in NO_EVENT))  # the same, with or without why
VOIDS = tuple(reason.code for reason in VOIDING)  # of these, an order's row voids the order


def code_of_uncounted(event: str) -> str:
    """Return the reason's code of a row that is no event."""
    return event or NOT_AN_EVENT.code


def may_lack_money(event: str, *, has_order: bool) -> bool:
    """Return whether a row without price and amount is sound, and moves no money.

    A subscription may begin, go on or end on such a row. A cancelled order may not: an order's id
    says that it is one, and what to take off again must be known.
    """
    if event == CANCELLED:
        return not has_order
    return event in (*WITHOUT_MONEY, *SUBSCRIPTIONS)


# An ended subscription shows its plan's price, which nobody gets back: SQL for that row.
ENDS_A_SUBSCRIPTION = f"event = '{CANCELLED}' AND COALESCE(trim(order_id), '') = ''"


ALIASES: Mapping[str, tuple[str, ...]] = {
    VIEWED: (
        "view", "page view", "product viewed", "product view", "viewed product", "browsed",
    ),
    PROCESSED: ("process", "add to cart", "added to cart", "checkout started",
                "started checkout", "cart"),
    PURCHASED: (
        "purchase", "order", "ordered", "order placed", "placed order", "order completed",
        "sale", "sold", "bought", "paid",
    ),
    SUBSCRIBED: (
        "subscribe", "subscription", "subscription created", "subscription started",
        "new subscription",
    ),
    RENEWED: ("renew", "renewal", "subscription renewed", "subscription renewal"),
    REFUNDED: ("refund", "order refunded", "refunded order", "return", "returned", "chargeback"),
    CANCELLED: (
        "canceled", "cancel", "cancellation", "order cancelled", "cancelled order",
        "canceled order", "voided",
        "subscription cancelled", "subscription canceled", "subscription ended",
    ),
    SESSION: ("session started", "visit", "active on site", "opened app"),
    EMAIL_SENT: ("email delivered", "received email", "sent email"),
    EMAIL_OPENED: ("opened email", "email open"),
    EMAIL_CLICKED: ("clicked email", "email click"),
    UNSUBSCRIBED: (
        "unsubscribe", "unsubscribed from email", "unsubscribed from email marketing",
        "unsubscribed from list",
    ),
}  # fmt: skip


@functools.lru_cache(maxsize=4096)  # a file's few headers and names are compared many times
def normalised(text: str) -> str:
    """Return a name without its case, spaces, underscores and punctuation."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


# Metrics of Klaviyo that come beside "Placed Order", which has the order's money.
_NO_EVENTS = {"ordered product": ORDER_LINE.code, "fulfilled order": NOT_COUNTED}
_KNOWN = {
    **{normalised(name): event for event in EVENTS for name in (event, *ALIASES[event])},
    **{normalised(name): code for name, code in _NO_EVENTS.items()},
}


def event_of(text: str, *, own: Mapping[str, str] | None = None) -> str | None:
    """Return the event that a cell names, in any case. None when it names none.

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
