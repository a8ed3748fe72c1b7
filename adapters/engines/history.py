"""The events that a run counts, made by an engine's own relations: the steps that both share."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.engines.orders import settle_orders
from adapters.engines.overlap import Relations, count_once
from adapters.stores.events import UploadRecord
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import one_per_event_id

COUNTED = "all_counted"


def count_history(
    relations: Relations, uploads: Sequence[UploadRecord], *, own: str | None
) -> Overlap:
    """Make ``history`` of the relation ``all_events``: the events that count.

    Parameters
    ----------
    relations
        The engine's.
    uploads
        The oldest first.
    own
        The id of the run's own upload, if it has one.

    Returns
    -------
    Overlap
        How far the uploads overlap.
    """
    ids = [record.id for record in uploads]
    query, overlap = count_once(
        relations,
        [record.held for record in uploads],
        own_rank=ids.index(own) if own in ids else None,
    )
    if has_event_ids(uploads):
        relations.view("counted_once", query)
        relations.keep(COUNTED, one_per_event_id("counted_once"))
    else:
        relations.view(COUNTED, query)
    return settle_history(relations, uploads, overlap)


def settle_history(
    relations: Relations, uploads: Sequence[UploadRecord], overlap: Overlap
) -> Overlap:
    """Make ``history`` of the relation ``all_counted``, by what its orders are together."""
    query = f"SELECT * FROM {COUNTED}"  # noqa: S608 (our own names)
    if any(record.order_ids != 0 for record in uploads):
        query, overlap = settle_orders(relations, COUNTED, overlap)
    relations.view("history", query)
    return overlap


def has_event_ids(uploads: Sequence[UploadRecord]) -> bool:
    """Return whether a row of an upload can repeat another's event_id."""
    return any(record.event_ids for record in uploads)
