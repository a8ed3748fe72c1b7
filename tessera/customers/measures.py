"""What recency, frequency and monetary mean: by orders, or as the AWS guidance counts."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints

_DAY_US = 86_400_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measures:
    """The three values that are scored, shape (n,) each.

    Parameters
    ----------
    recency
        Days since the customer was last active. Meaningless where not ``scored``.
    frequency
        How often: orders, or events of any kind.
    monetary
        Net money in minor units (see ``money``).
    scored
        Which customers are scored. The others have no scores.
    """

    recency: Ints
    frequency: Ints
    monetary: Ints
    scored: npt.NDArray[np.bool_]


def order_measures(*, recency_days: Ints, orders: Ints, monetary: Ints) -> Measures:
    """Return the default measures: calendar days and orders, about buyers only."""
    return Measures(recency=recency_days, frequency=orders, monetary=monetary, scored=orders > 0)


def guidance_measures(
    *, last_event_us: Ints, latest_event_us: int, events: Ints, monetary: Ints
) -> Measures:
    """Return the AWS guidance's measures, about everyone with an event.

    Parameters
    ----------
    last_event_us
        The customer's last event of any kind, in microseconds since 1970 UTC.
    latest_event_us
        The latest event of all. The guidance looks back from 24 hours after it.
    events
        Events of any kind, views included.
    monetary
        Net money of purchases in minor units.
    """
    recency = (latest_event_us + _DAY_US - last_event_us) // _DAY_US
    return Measures(recency=recency, frequency=events, monetary=monetary, scored=events > 0)
