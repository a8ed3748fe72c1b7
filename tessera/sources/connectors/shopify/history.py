"""Whether a pull has all that was asked for: history may be cut, and addresses withheld."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tessera.errors import Refused
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.json_values import Json, text
from tessera.sources.connectors.shopify.lines import WITH_CONTACT, WITH_CUSTOMER

_LIMIT_DAYS = 60  # what Shopify gives without read_all_orders
_MARGIN_DAYS = 1
_ENOUGH = 10  # orders of known customers, of which none has an address


def begun(about: Json, *, failed: int) -> dict[str, Any]:
    """Return what the cursor keeps of a shop for the check at the end."""
    shop = about.get("shop")
    created = text(shop.get("createdAt")) if isinstance(shop, dict) else ""
    return {"looks": 0, "shop_created": created, **({"failed": failed} if failed else {})}


def notes(cursor: PullCursor, *, title: str) -> tuple[str, ...]:
    """Return what people should know of a complete pull, in sentences.

    Raises
    ------
    Refused
        No order has an e-mail address or a phone number, though many have a customer.
    """
    known, reachable = cursor.counts.get(WITH_CUSTOMER, 0), cursor.counts.get(WITH_CONTACT, 0)
    if known >= _ENOUGH and not reachable:
        raise Refused(
            f"{title} withholds every e-mail address and phone number ({known:,} orders have a "
            "customer, none an address): the app has no access to protected customer data. Ask "
            "for it in the app's settings (name, e-mail, phone, address), then pull again with "
            "--reload"
        )
    if cursor.load and _is_cut(cursor):
        return (
            f"{title} gave no order from before {text(cursor.place.get('oldest'))[:10]}, though "
            f"the shop is older: it gives {_LIMIT_DAYS} days without the right read_all_orders. "
            "Regular customers may look new.",
        )
    return ()


def _is_cut(cursor: PullCursor) -> bool:
    """Return whether the oldest order is as old as the limit, and the shop is older."""
    began = dt.datetime.fromisoformat(cursor.started_at)
    limit = began - dt.timedelta(days=_LIMIT_DAYS + _MARGIN_DAYS)
    oldest, shop = (_instant(cursor.place.get(name)) for name in ("oldest", "shop_created"))
    if oldest is None or shop is None:
        return False
    return oldest >= limit and shop < limit - dt.timedelta(days=_LIMIT_DAYS)


def _instant(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text(value))
    except ValueError:
        return None
