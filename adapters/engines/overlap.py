"""The history of several uploads, made by an engine's own relations: the steps that both share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from tessera.customers.orders import order_lines, overlap
from tessera.customers.orders.overlap import HeldOrders, Overlap

EVENTS = "all_events"
VOIDED = "all_voided"


class Relations(Protocol):
    """What an engine can do with a query."""

    def keep(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them once."""
        ...

    def view(self, name: str, query: str) -> None:
        """Give a query's rows a name, and compute them whenever they are asked for."""
        ...

    def number(self, query: str) -> int:
        """Return the one number that a query gives."""
        ...

    def money(self, query: str) -> Decimal:
        """Return the one amount that a query gives."""
        ...


def count_once(
    relations: Relations, uploads: Sequence[HeldOrders], *, own_rank: int | None
) -> tuple[str, Overlap]:
    """Find what counts of the relation ``all_events``.

    Where an upload shows orders as void, the relation ``all_voided`` has them, with ``newness``.

    Parameters
    ----------
    relations
        The engine's.
    uploads
        What the uploads hold.
    own_rank
        The ``upload_rank`` of the run's own upload, if it has one.

    Returns
    -------
    query, overlap
        A query for the events that count, but for repeated event ids, and how far the uploads
        overlap. Order numbers that customers share are not counted here.
    """
    orders, times = overlap.may_share_orders(uploads), overlap.overlapping(uploads)
    if orders:
        voided = VOIDED if any(upload.voided for upload in uploads) else ""
        relations.keep("order_lines", order_lines.order_lines(EVENTS, voided=voided))
        orders = bool(relations.number("SELECT COUNT(*) FROM order_lines"))
    if times:
        relations.keep("equal_rows", overlap.equal_rows(EVENTS, times=times))
    rows = bool(times) and bool(relations.number("SELECT COUNT(*) FROM equal_rows"))
    query = overlap.counted(EVENTS, orders=orders, rows=rows)
    if not (orders or rows):
        return query, Overlap()
    relations.keep("counted_events", query)
    return "SELECT * FROM counted_events", _measured(
        relations, uploads, own_rank=own_rank, orders=orders, rows=rows
    )


def _measured(
    relations: Relations,
    uploads: Sequence[HeldOrders],
    *,
    own_rank: int | None,
    orders: bool,
    rows: bool,
) -> Overlap:
    known = known_rows = 0
    if own_rank is not None:
        newness = overlap.newness(uploads)[own_rank]
        queries = overlap.known_orders(rank=own_rank, newness=newness, orders=orders, rows=rows)
        known = sum(map(relations.number, queries))
        known_rows = _lost(relations, f"upload_rank = {own_rank}")
    return Overlap(
        known_orders=known,
        known_rows=known_rows,
        not_counted=_lost(relations, "1 = 1"),
        apart_orders=relations.number(order_lines.orders_apart()) if orders else 0,
        moved_orders=relations.number(order_lines.orders_moved()) if orders else 0,
        moved_refunds=relations.number(order_lines.refunds_moved()) if orders else 0,
        voided_orders=relations.number(order_lines.orders_voided()) if orders else 0,
    )


def _lost(relations: Relations, where: str) -> int:
    before, after = (
        relations.number(f"SELECT COUNT(*) FROM {name} WHERE {where}")  # noqa: S608
        for name in (EVENTS, "counted_events")
    )
    return before - after
