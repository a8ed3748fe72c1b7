"""What a plain file's own rows show beyond its header: order statuses, and totals of orders."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from tessera.events.names import PURCHASED, REFUNDED, event_of, normalised
from tessera.events.reasons import REFUNDED_ORDER
from tessera.sources.amounts import Mark, decide_mark, is_below_zero, shows_mark
from tessera.sources.differences import COMPARED, differs
from tessera.sources.first_rows import Row, cells_of
from tessera.sources.mappings import REASONS, HeaderMapping, OrderExport
from tessera.sources.orders.layout import OF_ORDERS
from tessera.sources.recognition.translations import STATUS_HEADERS, STATUSES

_MOSTLY = 0.9
_MOST_WORDS = 0.5
_ENOUGH_ORDERS = 3  # of several rows: fewer may repeat an amount by chance
_SIGNED = ("unit_price", "quantity", "amount")
_ENOUGH = 50  # amounts that settle the decimal mark


def with_status(
    mapping: HeaderMapping,
    *,
    header: Sequence[str],
    columns: Mapping[str, int],
    sample: Sequence[Row],
) -> HeaderMapping:
    """Return the mapping of a plain file, with a column of order statuses as what happened.

    Such a column counts if we know most of its words: any other "Status" may be a customer's.
    A refunded order shows the price that was paid back, so it comes to nothing. Only where refunds
    have rows beside their orders, or amounts below zero, they are subtracted.

    Parameters
    ----------
    columns
        Where our columns stand in the header.
    sample
        The file's first rows.
    """
    places = {normalised(text): place for place, text in enumerate(header)}
    place = next((places[key] for key in STATUS_HEADERS if key in places), None)
    if place is None:
        return mapping
    words = {normalised(cell) for cell in cells_of(sample, place)} - {""}
    events = {**STATUSES, **mapping.events}
    known = {word for word in words if event_of(word, own=events) is not None}
    if not words or len(known) < _MOST_WORDS * len(words):
        return mapping
    refunds = {word for word in known if event_of(word, own=events) == REFUNDED}
    if not _have_rows(refunds, columns={**columns, "event_name": place}, sample=sample):
        events |= dict.fromkeys(refunds, REFUNDED_ORDER.code)
    return dataclasses.replace(
        mapping,
        columns={**mapping.columns, "event_name": (header[place],)},
        events=events,
        blank_event=PURCHASED,
        notes=(*mapping.notes, f"{header[place]!r} is read as the orders' status"),
    )


def _have_rows(
    refunds: Collection[str], *, columns: Mapping[str, int], sample: Sequence[Row]
) -> bool:
    """Return whether refunds stand beside their orders' rows, or are below zero."""
    returned: set[str] = set()
    others: set[str] = set()
    for row in sample:
        is_refund = normalised(_cell(row, columns, "event_name")) in refunds
        (returned if is_refund else others).add(_cell(row, columns, "order_id"))
        if is_refund and any(is_below_zero(_cell(row, columns, name)) for name in _SIGNED):
            return True
    return bool((returned & others) - {""})


def _cell(row: Row, columns: Mapping[str, int], name: str) -> str:
    place = columns.get(name, len(row))
    return (row[place] or "").strip() if place < len(row) else ""


def with_order_totals(
    mapping: HeaderMapping,
    *,
    header: Sequence[str],
    columns: Mapping[str, int],
    sample: Sequence[Row],
) -> HeaderMapping:
    """Return the mapping of a plain file, which knows whether its amounts are whole orders'.

    They are where nearly every order of several rows repeats one amount on all of them, and rows
    with prices don't come to it. Then the lines' own prices count, and without prices the amount
    counts once per order.

    Parameters
    ----------
    columns
        Where our columns stand in the header.
    sample
        The file's first rows.
    """
    if not {"order_id", "amount"} <= set(columns) or "amount" in mapping.own:
        return mapping
    orders = [order for order in _orders(columns, sample) if len(order) > 1]
    place = columns["amount"]
    repeated = [order for order in orders if len({row[place] for row in order}) == 1]
    if len(orders) < _ENOUGH_ORDERS or len(repeated) < _MOSTLY * len(orders):
        return mapping
    name = header[columns["amount"]]
    if "unit_price" in columns:
        mark = _mark_of(columns, sample)
        texts = (
            tuple(row[columns[name]] if name in columns else None for name in COMPARED)
            for order in repeated
            for row in order
        )
        if not any(differs(*row, mark=mark) for row in texts):
            return mapping
        note = f"{name!r} repeats the order's total on its lines: the lines' own prices count"
        return dataclasses.replace(
            mapping, unread=mapping.unread | {"amount"}, notes=(*mapping.notes, note)
        )
    if not any(len({tuple(row) for row in order}) == len(order) for order in repeated):
        return mapping  # one row several times, rather than the lines of an order
    note = f"{name!r} repeats the order's total on its lines: it counts once per order"
    given = {ours: (header[at],) for ours, at in columns.items() if ours in OF_ORDERS}
    keys = tuple(ours for ours in ("order_id", "event_name", "date") if ours in columns)
    return dataclasses.replace(
        mapping,
        columns={**mapping.columns, **given},
        events={**REASONS, **mapping.events},
        export=OrderExport(money={"goods": (name,)}, lines=True, keys=keys),
        notes=(*mapping.notes, note),
    )


def _orders(columns: Mapping[str, int], sample: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of each order that have an amount, those of other events and days apart."""
    keys = [columns[name] for name in ("order_id", "event_name", "date") if name in columns]
    orders: dict[tuple[str | None, ...], list[Row]] = collections.defaultdict(list)
    for row in sample:
        whole = len(row) > max(columns.values())
        if whole and (row[keys[0]] or "").strip() and (row[columns["amount"]] or "").strip():
            orders[tuple(row[key] for key in keys)].append(row)
    return list(orders.values())


def _mark_of(columns: Mapping[str, int], sample: Sequence[Row]) -> Mark:
    """Return the decimal mark of most amounts that show it."""
    amounts = filter(shows_mark, cells_of(sample, columns["amount"]))
    marks = [decide_mark([cell], setting="auto", name="") for cell in islice(amounts, _ENOUGH)]
    return "comma" if marks.count("comma") > len(marks) / 2 else "dot"
