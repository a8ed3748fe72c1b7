"""What a plan will take: requests, and minutes at the destination's own pace."""

from __future__ import annotations

import dataclasses
import math

from tessera.destinations.port import Capabilities


@dataclasses.dataclass(frozen=True)
class Estimate:
    """How much a load asks of a destination.

    Parameters
    ----------
    requests
        Of full batches; where their bytes limit them before their number, there are more.
    minutes
        At the rate that the destination allows; None where its SDK keeps a rate that nobody
        publishes.
    """

    requests: int
    minutes: float | None


def estimate(
    customers: int, *, capabilities: Capabilities, requests_per_minute: int = 0
) -> Estimate:
    """Return what sending so many customers takes.

    Parameters
    ----------
    customers
        To send.
    capabilities
        The destination's batches and rate.
    requests_per_minute
        The tenant's own limit, where it is the lower one; 0 for none.
    """
    batches = math.ceil(customers / capabilities.batch_items) if capabilities.requests else 0
    requests = batches * capabilities.calls_a_batch
    rates = [rate for rate in (capabilities.requests_per_minute, requests_per_minute) if rate]
    return Estimate(requests, round(requests / min(rates), 1) if rates else None)
