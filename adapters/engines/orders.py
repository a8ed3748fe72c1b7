"""What the orders of a history come to, once it is known which events count: shared steps."""

from __future__ import annotations

import dataclasses

from adapters.engines.overlap import Relations
from tessera.customers.orders import returns
from tessera.customers.orders.overlap import Overlap, shared_numbers

_RETURNS, _OVERDRAWN, _CUT = "order_returns", "overdrawn_orders", "cut_returns"


def settle_orders(relations: Relations, events: str, overlap: Overlap) -> tuple[str, Overlap]:
    """Count the order numbers that customers share, and cut returns beyond what orders sold.

    Parameters
    ----------
    relations
        The engine's.
    events
        A relation with EVENTS' columns and ``upload_rank``, whose events all count.
    overlap
        How far the uploads overlap.

    Returns
    -------
    query, overlap
        The query for the events with their returns as they count. The overlap with shared
        numbers, with how many orders gave back too much, and how much.
    """
    shared = relations.number(shared_numbers(events))
    overlap = dataclasses.replace(overlap, shared_numbers=shared)
    relations.keep(_RETURNS, returns.order_returns(events))
    if _count(relations, _RETURNS):
        return _limited(relations, events, overlap)
    return f"SELECT * FROM {events}", overlap  # noqa: S608 (our own names)


def _limited(relations: Relations, events: str, overlap: Overlap) -> tuple[str, Overlap]:
    relations.keep(_OVERDRAWN, returns.overdrawn_orders(events, returns=_RETURNS))
    orders = _count(relations, _OVERDRAWN)
    if not orders:
        return f"SELECT * FROM {events}", overlap  # noqa: S608 (our own names)
    relations.keep(_CUT, returns.cut_returns(_RETURNS, overdrawn=_OVERDRAWN))
    excess = relations.money(f"SELECT SUM(excess) FROM {_OVERDRAWN}")  # noqa: S608 (our own names)
    counted = dataclasses.replace(overlap, overdrawn_orders=orders, overdrawn=excess)
    return returns.with_returns(events, cut=_CUT), counted


def _count(relations: Relations, name: str) -> int:
    return relations.number(f"SELECT COUNT(*) FROM {name}")  # noqa: S608 (our own names)
