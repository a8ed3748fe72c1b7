"""Stripe's API: https://docs.stripe.com/api.

Its lists begin with the newest object, and no object has a time of its last change. So each pull
asks again for what was created lately: a charge may be captured, a refund fail, a dispute be lost.
A restricted key suffices, with *Read* for Charges, Refunds, Disputes, Customers and Balance
transactions.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.requests import Malformed, Request, Response, at
from tessera.errors import InvalidInput, Refused
from tessera.events.reasons import NO_SALE
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.json_values import Json, text
from tessera.sources.connectors.port import PulledPage, PulledRecord
from tessera.sources.connectors.stripe.charges import (
    Row,
    charge_rows,
    dispute_rows,
    refund_rows,
    void_reason,
)

VERSION = "2026-08-26.dahlia"
_DAY = 86_400
_KEY = "rk_live_"
_KEY_ADVICE = "store a restricted live key, which begins with rk_live_, with the permission Read"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _List:
    """One of Stripe's lists.

    Parameters
    ----------
    path, expand
        Its route, and the fields whose objects are wanted in place of their ids.
    again_days
        For how long its objects may change after they were created.
    rows, reason
        The rows of an object, and why it has none.
    following
        The list after it, empty for the last one.
    """

    path: str
    expand: tuple[str, ...]
    again_days: int
    rows: Callable[[Json], list[Row]]
    reason: Callable[[Json], str]
    following: str = ""


_OF_CHARGE = ("data.charge.customer", "data.charge.balance_transaction")
_LISTS = {
    "charges": _List(
        path="/charges",
        expand=("data.customer", "data.balance_transaction"),
        again_days=35,  # a card's authorization can be captured for 30 days, and debits take 14
        rows=charge_rows,
        reason=void_reason,
        following="refunds",
    ),
    "refunds": _List(
        path="/refunds",
        expand=(*_OF_CHARGE, "data.balance_transaction"),
        again_days=35,  # a bank reports for up to 30 days that a refund failed
        rows=refund_rows,
        reason=lambda _refund: NO_SALE.code,
        following="disputes",
    ),
    "disputes": _List(
        path="/disputes",
        expand=_OF_CHARGE,
        again_days=200,  # networks decide within 75 days of the evidence, arbitration takes longer
        rows=dispute_rows,
        reason=lambda _dispute: NO_SALE.code,
    ),
}
_FIRST = "charges"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a pull is: a list, and the last object of it that came."""

    name: str = _FIRST
    after: str = ""
    done: bool = False

    def path(self, cursor: PullCursor, *, size: int) -> str:
        wanted = _LISTS[self.name]
        query: list[tuple[str, Any]] = [("limit", size)]
        if cursor.since:
            since = _seconds(cursor.since) - wanted.again_days * _DAY
            query.append(("created[gte]", since))
        query.append(("created[lte]", _seconds(cursor.started_at)))
        query += [("expand[]", field) for field in wanted.expand]
        query += [("starting_after", self.after)] if self.after else []
        return f"/v1{wanted.path}?{urlencode(query, safe='[]', quote_via=quote)}"

    def following(self, objects: Sequence[Json], *, more: bool) -> _Place:
        if more:
            after = text(objects[-1].get("id")) if objects else ""
            if not after or after == self.after:
                raise Malformed("a list has more objects, and does not name the last one")
            return dataclasses.replace(self, after=after)
        following = _LISTS[self.name].following
        return _Place(name=following) if following else dataclasses.replace(self, done=True)


class Stripe:
    """An account.

    Parameters
    ----------
    lists
        How many lists of objects a page has: a pull that is killed asks for them again.
    size
        How many objects a list has. Stripe lists no more than 100.
    """

    NAME = "stripe"
    TITLE = "Stripe"
    BASE_URL = "https://api.stripe.com"
    SECRET_FIELDS: tuple[str, ...] = ("key",)
    # Of the 25 a second that an endpoint takes, some are left for the shop itself.
    CAPABILITIES = Capabilities(requests=True, requests_per_minute=1_200)

    def __init__(self, account: str = "stripe", *, lists: int = 20, size: int = 100) -> None:
        self.account = account
        self._lists, self._size = lists, size

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers with the key and the version.

        Raises
        ------
        InvalidInput
            The key could change the account, or only sees test payments.
        """
        key = secret["key"]
        if not key.startswith(_KEY):
            raise InvalidInput(f"its field 'key' is a {_kind(key)}: {_KEY_ADVICE}")
        return {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}

    def next_request(self, cursor: PullCursor, responses: Sequence[Response]) -> Request | None:
        """Return the next request of a page."""
        if responses:
            _check(responses[-1])
        place, _ = _replayed(cursor, responses)
        if place.done or len(responses) >= self._lists:
            return None
        return Request("GET", place.path(cursor, size=self._size))

    def read(self, cursor: PullCursor, responses: Sequence[Response]) -> PulledPage:
        """Return the charges, refunds and disputes of a page."""
        place, objects = _replayed(cursor, responses)
        return PulledPage(
            records=[_record(cursor, name, one) for name, one in objects],
            place=dataclasses.asdict(place),
            done=place.done,
            next_since=cursor.started_at if place.done else "",
            counts={"lists": len(responses), **_counted(objects)},
        )

    def conclude(self, cursor: PullCursor) -> tuple[str, ...]:
        """Return what people should know: nothing."""
        del cursor
        return ()


def _replayed(
    cursor: PullCursor, responses: Sequence[Response]
) -> tuple[_Place, list[tuple[str, Json]]]:
    """Return the place after responses, and their objects with the list that had them."""
    place = _Place(**cursor.place)
    objects: list[tuple[str, Json]] = []
    for response in responses:
        data, more = at(response, "data", kind=list), at(response, "has_more", kind=bool)
        if not all(isinstance(one, Mapping) and text(one.get("id")) for one in data):
            raise Malformed("a list has an object without an id")
        objects += [(place.name, one) for one in data]
        place = place.following(data, more=more)
    return place, objects


def _record(cursor: PullCursor, name: str, document: Json) -> PulledRecord:
    """Return an object as it is now. What is read later counts."""
    rows = tuple(_LISTS[name].rows(document))
    return PulledRecord(
        key=text(document["id"]),
        changed_at=cursor.started_at,
        rows=rows,
        reason="" if rows else _LISTS[name].reason(document),
    )


def _counted(objects: Sequence[tuple[str, Json]]) -> dict[str, int]:
    names = sorted(name for name, _ in objects)
    return {name: len(list(group)) for name, group in itertools.groupby(names)}


def _check(response: Response) -> None:
    """Refuse to go on after an error that asking again does not mend."""
    if response.status < 400:
        return
    error = response.body.get("error") if isinstance(response.body, Mapping) else None
    kind = text(error.get("type")) if isinstance(error, Mapping) else ""
    raise Refused(
        f"Stripe refuses a request ({response.status} {kind}) of the version {VERSION}: check "
        "whether Stripe still serves it, and report it"
    )


def _seconds(instant: str) -> int:
    return int(dt.datetime.fromisoformat(instant).timestamp())


def _kind(key: str) -> str:
    """Return what a key is, without any of its secret part."""
    kinds = {
        "sk_live_": "secret key, which may change the account",
        "sk_test_": "secret key of the test mode",
        "rk_test_": "restricted key of the test mode, which sees no real payment",
        "pk_": "publishable key, which reads nothing",
    }
    return next((words for start, words in kinds.items() if key.startswith(start)), "text, no key")
