"""A destination's capabilities and limits, declared once for the plan, the load and people."""

from __future__ import annotations

import dataclasses
from typing import Literal

Membership = Literal["attributes", "members", "file", "table"]
Erases = Literal["delete", "clear", "none"]


@dataclasses.dataclass(frozen=True)
class Capabilities:
    """What a destination supports, and its limits.

    Parameters
    ----------
    requests
        Whether it is updated through requests. Otherwise it only gets files.
    name_characters, name_limit
        The allowed characters of a segment's name, and its maximum length.
    batch_items
        The maximum number of customers in one request.
    batch_bytes, item_overhead_bytes
        The maximum size of a request in bytes of UTF-8 (0 for no limit), and how many bytes a
        customer may add to it besides the content.
    item_characters
        The maximum length of one customer's content.
    calls_a_batch
        How many requests a batch takes, including those that poll it.
    requests_per_minute
        Its rate limit, 0 if its SDK keeps the rate.
    exchange_seconds
        The time limit for one batch, from the request to the last response.
    lanes
        How many batches it accepts at once.
    needs
        What a customer must have, or must have consented to, before anything is sent. Empty for
        nothing. Customers without it are counted in the report.
    addresses
        The kinds of addresses that it gets, of ``email`` and ``phone``. Customers whose address of
        such a kind can't be read are counted in the report.
    ascii_email
        Whether it accepts only ASCII before the @.
    consented
        Whether it gets only customers who have consented to advertising.
    membership
        What makes a customer a member of a segment: a condition on ``attributes``, requests that
        add and remove ``members``, a ``file``, or a ``table``.
    merges
        Whether it keeps an attribute that a customer's content omits. So the label of a campaign
        that has ended must be removed by name.
    ended
        The day on which its vendor ended the service, empty if the service continues.
    segments
        Whether it has an API that creates segments. Otherwise people create them by hand, using
        the rules in the report.
    thresholds
        Whether that API also creates segments with bounds. Otherwise people create those.
    kinds
        The kinds of segments to create there, empty for all.
    volatile
        Fields that change every day without a purchase. They are sent with a customer who changed
        otherwise. They are no reason to send one, unless they appear or disappear.
    drifting
        Numbers that change a little every day. A customer is only sent when one has changed by a
        step of a quarter.
    erases
        What it does with a person who is to be erased: ``delete`` the person, or ``clear`` our
        fields. ``none`` where people do it by hand.
    moves
        Whether it takes one customer's move between two runs, through the same requests.
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
    merges: bool = False
    ended: str = ""
    segments: bool = True
    thresholds: bool = False
    kinds: frozenset[str] = frozenset()
    volatile: frozenset[str] = frozenset()
    drifting: frozenset[str] = frozenset()
    erases: Erases = "none"
    moves: bool = False
