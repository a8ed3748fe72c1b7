"""The events of a page, checked: what a visitor may claim, and nothing that moves money.

A page keeps no secret, so anybody can send what it sends. Only events are taken that a visitor
could cause by visiting, in our own words. Each gets an id that begins with ``web-``. An id that the
page chose could be an order's, and would make the real order a repetition.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from tessera.events.names import PROCESSED, SESSION, VIEWED, event_of, normalised
from tessera.events.products import CATEGORY, PRODUCT_CELLS
from tessera.sources.collecting.body import PageBody, instant_of
from tessera.sources.collecting.refusals import NotCollected, WrongPart
from tessera.sources.recognition.contract import BY_NAME, COLUMNS

TAKEN = (VIEWED, PROCESSED, SESSION)
TENANT = "Tenant"  # of a record in the stream
_HEADERS = {
    name: BY_NAME[name].header
    for name in ("customer_id", "event_name", "date", "event_id", *PRODUCT_CELLS)
}
FIELDS = tuple(_HEADERS.values())
AHEAD = dt.timedelta(minutes=5)
OLDEST = dt.timedelta(hours=24)
LONGEST = 200  # characters of a field
_MOST_WRONG = 10  # parts that an answer names
_NUMBERS = (_HEADERS["customer_id"], _HEADERS["product_code"])
_MONEY = ("unit_price", "quantity", "amount", "refunded_amount", "currency", "order_id")
_EXPECTED = f"expected only {', '.join(FIELDS)}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageEvent:
    """One event of a page, in the words of the data contract.

    Parameters
    ----------
    event_id
        ``web-`` and a hash: the same event sent again has the same one.
    customer_id
        The shop's own id, or its hash.
    event
        One of ``TAKEN``.
    at
        When it happened, by a clock that is right.
    product_code, product_name, product_category
        What it was about, empty where the page did not say.
    """

    event_id: str
    customer_id: str
    event: str
    at: dt.datetime
    product_code: str
    product_name: str
    product_category: str

    def record(self, tenant: str) -> dict[str, str]:
        """Return the record of the stream, with the data contract's headers."""
        cells = {
            "customer_id": self.customer_id,
            "event_name": self.event,
            "date": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "event_id": self.event_id,
            "product_code": self.product_code,
            "product_name": self.product_name,
            CATEGORY: self.product_category,
        }
        return {TENANT: tenant} | {_HEADERS[name]: cell for name, cell in cells.items() if cell}


def read_events(body: PageBody, *, now: dt.datetime) -> tuple[PageEvent, ...]:
    """Read all events of a body.

    Raises
    ------
    NotCollected
        At least one is wrong. Then none is taken, and the message names the first ones.
    """
    skew = _skew(body.sent_at, now=now)
    events: list[PageEvent] = []
    wrong: list[WrongPart] = []
    for number, given in enumerate(body.events):
        parts = list(_wrong(given, skew=skew, now=now))
        wrong += [WrongPart(_place(number, header), what) for header, what in parts]
        if not parts:
            events.append(_event(given, skew=skew))
        if len(wrong) >= _MOST_WRONG:
            break
    if wrong:
        raise NotCollected(
            "Some events are not taken, and so none of this body was stored.",
            wrong=tuple(wrong[:_MOST_WRONG]),
        )
    return tuple(events)


def _place(number: int, header: str) -> str:
    return f"events[{number}].{header}" if header else f"events[{number}]"


def _skew(sent_at: dt.datetime | None, *, now: dt.datetime) -> dt.timedelta:
    """Return how far the page's clock is behind. A small difference is the network's."""
    skew = dt.timedelta() if sent_at is None else now - sent_at
    return skew if abs(skew) > AHEAD else dt.timedelta()


def _wrong(
    given: Mapping[str, Any], *, skew: dt.timedelta, now: dt.datetime
) -> Iterator[tuple[str, str]]:
    """Yield each wrong field with what was expected. Without a field it is about the event."""
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        yield "", _unknown(unknown[0])
    for header in FIELDS:
        what = _wrong_text(header, given.get(header))
        if what:
            yield header, what
            return
    yield from _wrong_customer(_text(given.get(_HEADERS["customer_id"])))
    yield from _wrong_event(_text(given.get(_HEADERS["event_name"])))
    yield from _wrong_date(given.get(_HEADERS["date"]), skew=skew, now=now)


def _wrong_text(header: str, value: object) -> str:
    if value is None or (header in _NUMBERS and type(value) is int and abs(value) < 2**53):
        return ""
    if not isinstance(value, str):
        return "expected a text"
    if len(value) > LONGEST:
        return f"expected at most {LONGEST} characters"
    is_bad = any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in _clean(value))
    return "expected a text without control characters" if is_bad else ""


def _unknown(name: str) -> str:
    """Return what is wrong with a field that is not taken, without its name."""
    short = normalised(name) if len(name) <= LONGEST else ""
    meant = next((column for column in COLUMNS if short in column.accepted), None)
    if meant is None or meant.name in _HEADERS:
        return f"a field is not known: {_EXPECTED}, spelled so"
    if meant.name in _MONEY:
        return (
            f"a field means {meant.header}: a page may not send money or orders, because a visitor "
            f"could invent them; {_EXPECTED}"
        )
    return f"a field means {meant.header}: a page may not send what describes a person; {_EXPECTED}"


def _wrong_customer(cell: str) -> Iterator[tuple[str, str]]:
    header = _HEADERS["customer_id"]
    if not _clean(cell):
        yield header, "expected the shop's id of the customer: anonymous visitors are not collected"
    elif "@" in cell:
        yield header, "expected the shop's id of the customer or its hash, and no address"


def _wrong_event(cell: str) -> Iterator[tuple[str, str]]:
    event = event_of(cell)
    if event in TAKEN:
        return
    known = f"means {event}, which a visitor could invent" if event else "is not known"
    yield _HEADERS["event_name"], f"this word {known}: expected one of {', '.join(TAKEN)}"


def _wrong_date(
    value: object, *, skew: dt.timedelta, now: dt.datetime
) -> Iterator[tuple[str, str]]:
    header, at = _HEADERS["date"], _corrected(value, skew=skew)
    if at is None:
        yield header, "expected ISO 8601 with an offset, such as 2026-11-29T20:15:00.000Z"
    elif at > now + AHEAD:
        yield header, "expected no time in the future: send 'sent_at' where a clock may be wrong"
    elif at < now - OLDEST:
        yield header, "expected a time of the last 24 hours"


def _corrected(value: object, *, skew: dt.timedelta) -> dt.datetime | None:
    instant = instant_of(value)
    try:
        return None if instant is None else instant + skew
    except OverflowError:
        return None


def _event(given: Mapping[str, Any], *, skew: dt.timedelta) -> PageEvent:
    cells = {name: _clean(_text(given.get(header))) for name, header in _HEADERS.items()}
    event = event_of(cells["event_name"])
    at = _corrected(given[_HEADERS["date"]], skew=skew)
    assert event is not None and at is not None  # noqa: S101, PT018 (checked just before)
    return PageEvent(
        event_id=_id_of(cells),
        customer_id=cells["customer_id"],
        event=event,
        at=at,
        product_code=cells["product_code"],
        product_name=cells["product_name"],
        product_category=cells[CATEGORY],
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _clean(text: str) -> str:
    """Return a text with plain single spaces, as a cell of a file has."""
    return " ".join(text.split())


def _id_of(cells: Mapping[str, str]) -> str:
    """Return an event's id: of the page's own id, or else of all that the page sent of it.

    The page's clock is a part of the content, and the correction of it is not. So a beacon that
    is sent again has the same id.
    """
    own = [cells["customer_id"], cells["event_id"]]
    content = [cells[name] for name in sorted(cells) if name != CATEGORY or cells[name]]
    about = ["own", *own] if cells["event_id"] else ["content", *content]
    return f"web-{hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]}"
