"""What a plan will take: requests, and minutes at the destination's own pace."""

from __future__ import annotations

import dataclasses
import math

from tessera.destinations.capabilities import Capabilities


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
        The tenant's own rate, which takes the place of the destination's; 0 for none.
    """
    batches = math.ceil(customers / capabilities.batch_items) if capabilities.requests else 0
    requests = batches * capabilities.calls_a_batch
    rate = capabilities.requests_per_minute and (
        requests_per_minute or capabilities.requests_per_minute
    )
    return Estimate(requests, round(requests / rate, 1) if rate else None)
