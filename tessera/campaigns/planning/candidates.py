"""Customers as columns, a batch at a time, as a plan reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput

Texts = npt.NDArray[np.object_]  # None or an empty text for an empty cell
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.bytes_]  # hexadecimal digits in ASCII


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class CampaignCandidates:
    """A batch of customers, or of receivers of an uploaded list. Every column has shape (n,).

    Parameters
    ----------
    customer_key
        Pseudonymous UUIDs, empty for receivers who are no customers.
    address
        Addresses in their normal form (``tessera.events.contact_points``), or None.
    segment, churn_band, value_tier
        Labels of the present run, or None.
    country, time_zone
        As given, or None.
    last_purchase_day
        Days since 1970, NaN without a purchase.
    was_in
        Whether the customer met the audience before: in the profiles that the campaign's last run
        was planned from, and for its first run in those before the present ones. So a day without
        a run loses nobody. None where there are no such profiles.
    label_before
        The label of the trigger's set in the same profiles, or None for a customer without one.
        None where there are no such profiles, or no trigger.
    columns
        Profile columns that the audience's conditions read.
    fields
        What templates may show, by name.
    """

    customer_key: Texts
    address: Texts
    segment: Texts
    churn_band: Texts
    value_tier: Texts
    country: Texts
    time_zone: Texts
    last_purchase_day: Floats
    was_in: Mask | None = None
    label_before: Texts | None = None
    columns: Mapping[str, npt.NDArray[Any]] = dataclasses.field(default_factory=dict)
    fields: Mapping[str, Texts] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        own = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        for name, column in {**own, **self.columns, **self.fields}.items():
            if len(column) != len(self.customer_key):
                raise InvalidInput(
                    f"candidates: column {name!r} has {len(column)} rows, expected "
                    f"{len(self.customer_key)} as 'customer_key' has"
                )

    def __len__(self) -> int:
        """Return how many customers the batch has."""
        return len(self.customer_key)

    def labels(self, column: str) -> Texts:
        """Return ``segment``, ``churn_band`` or ``value_tier``."""
        labels: Texts = getattr(self, column)
        return labels


def texts_of(values: Iterable[str | None]) -> Texts:
    """Return texts as an array."""
    return np.array(list(values), np.object_)
