"""Which customers the receivers of an uploaded list are: their labels, and their purchases."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.choosing.eligibility import recipients_of

_TAKEN = ("customer_key", "segment", "churn_band", "value_tier")
_FILLED = ("country", "time_zone")


def matched(
    receivers: CampaignCandidates,
    customers: Iterable[CampaignCandidates],
    *,
    key_of: Callable[[str], str],
) -> CampaignCandidates:
    """Return receivers with what is known of the customers who have their addresses.

    Of several customers with one address it is the one who bought last, then the one with the first
    key, as for every shared address. The list's own country and time zone win.

    Parameters
    ----------
    receivers
        Each address once (``receivers.receivers_as_candidates``).
    customers
        All customers, a batch at a time.
    key_of
        The function from an address in its normal form to its key.
    """
    columns: dict[str, Any] = {
        name: getattr(receivers, name).copy() for name in (*_TAKEN, *_FILLED)
    }
    bought = receivers.last_purchase_day.copy()
    for batch, row, place in _pairs(receivers, customers, key_of):
        if not _is_better(batch, row, key=columns["customer_key"][place], day=bought[place]):
            continue
        bought[place] = batch.last_purchase_day[row]
        for name in _TAKEN:
            columns[name][place] = getattr(batch, name)[row]
        for name in _FILLED:
            columns[name][place] = getattr(receivers, name)[place] or getattr(batch, name)[row]
    return dataclasses.replace(receivers, last_purchase_day=bought, **columns)


def _pairs(
    receivers: CampaignCandidates,
    customers: Iterable[CampaignCandidates],
    key_of: Callable[[str], str],
) -> Iterator[tuple[CampaignCandidates, int, int]]:
    """Return each customer whose address is a receiver's: batch, row, the receiver's place."""
    keys = recipients_of(receivers.address, key_of)
    order = np.argsort(keys)
    keys = keys[order]
    if not len(keys):
        return
    for batch in customers:
        own = recipients_of(batch.address, key_of)
        places = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        rows = np.flatnonzero((keys[places] == own) & (own != b""))
        for row, place in zip(rows.tolist(), order[places[rows]].tolist(), strict=True):
            yield batch, row, place


def _is_better(batch: CampaignCandidates, row: int, *, key: str | None, day: float) -> bool:
    if not key:
        return True
    new = batch.last_purchase_day[row]
    ranks = [-math.inf if math.isnan(one) else one for one in (new, day)]
    return ranks[0] > ranks[1] or (ranks[0] == ranks[1] and batch.customer_key[row] < key)
