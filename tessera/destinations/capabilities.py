"""What a destination can take: limits and ways, declared once and read by plan, load and people."""

from __future__ import annotations

import dataclasses
from typing import Literal

Membership = Literal["attributes", "members", "file", "table"]


@dataclasses.dataclass(frozen=True)
class Capabilities:
    """What a destination can take.

    Parameters
    ----------
    requests
        Whether it is told by requests; otherwise its files are all there is to do.
    name_characters, name_limit
        What a segment's name may be made of, and how long it may be.
    batch_items
        The most customers in one request.
    batch_bytes, item_overhead_bytes
        The most bytes of UTF-8 in one request (0 for any number), and how many a customer may
        take there beside the content.
    item_characters
        The longest content of one customer.
    calls_a_batch
        How many requests a batch takes, those that look after it included.
    requests_per_minute
        How many requests a minute it takes, 0 where its own SDK keeps the rate.
    exchange_seconds
        How long one batch may take it at most, from the request to the last answer.
    lanes
        How many batches it takes at once.
    needs
        What a customer has to have, or to have said, before it is told anything; empty for
        nothing. Whoever lacks it is counted in the report.
    addresses
        The kinds of addresses that it gets, of ``email`` and ``phone``. Customers whose address of
        such a kind can't be read are counted in the report.
    ascii_email
        Whether it takes only ASCII before the @.
    consented
        Whether it gets only customers who have consented to advertising.
    membership
        How it knows who is in a segment: by a condition on ``attributes``, by being told its
        ``members``, by a ``file`` or a ``table``.
    ended
        The day on which its vendor ended it, empty for one that goes on.
    segments
        Whether it has an interface that makes segments; otherwise people make them there, by the
        rules in the report.
    thresholds
        Whether that makes segments with bounds too; otherwise people make these.
    kinds
        The kinds of segments that it shall have, empty for all.
    volatile
        Content that changes by itself every day: sent with a customer who changed otherwise,
        but no reason to send one, unless it comes or goes.
    drifting
        Numbers that move a little every day: a reason to send only by steps of a quarter.
    """

    requests: bool
    name_characters: str = "A-Za-z0-9_-"
    name_limit: int = 64
    batch_items: int = 1
    batch_bytes: int = 0
    item_overhead_bytes: int = 0
    item_characters: int = 0
    calls_a_batch: int = 1
    requests_per_minute: int = 0
    exchange_seconds: int = 0
    lanes: int = 4
    needs: str = ""
    addresses: frozenset[str] = frozenset()
    ascii_email: bool = False
    consented: bool = False
    membership: Membership = "attributes"
    ended: str = ""
    segments: bool = True
    thresholds: bool = False
    kinds: frozenset[str] = frozenset()
    volatile: frozenset[str] = frozenset()
    drifting: frozenset[str] = frozenset()
