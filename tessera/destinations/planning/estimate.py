"""Estimate how many requests a plan needs, and how many minutes at the destination's rate."""

from __future__ import annotations

import math

from tessera.destinations.capabilities import Capabilities
from tessera.records.loads.load_report import Estimate


def estimate(
    customers: int, *, capabilities: Capabilities, requests_per_minute: int = 0
) -> Estimate:
    """Estimate the requests and minutes that it takes to send a number of customers.

    Parameters
    ----------
    customers
        How many to send.
    capabilities
        The destination's batch size and rate limit.
    requests_per_minute
        The tenant's own rate limit, which replaces the destination's. 0 for none.
    """
    batches = math.ceil(customers / capabilities.batch_items) if capabilities.requests else 0
    requests = batches * capabilities.calls_a_batch
    rate = capabilities.requests_per_minute and (
        requests_per_minute or capabilities.requests_per_minute
    )
    return Estimate(requests, round(requests / rate, 1) if rate else None)
