"""moves.json: which run's contents single moves build on at a destination, and who has moved.

MapSchema begins a new one with each run, and ForwardMoves adds to it. Both hold the turn.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.fields import Milliseconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class MovesRecord:
    """The state of forwarding at one destination of a tenant.

    Parameters
    ----------
    run_id, started_at
        The run whose contents moves build on. Until it has loaded the destination, moves wait.
    moved
        By customer_key: the latest day of the stream, in days since 1970, behind what was sent.
        Customers that the run did not send, because it lacks that day, begin the list.
    hour
        The hour in which ``forwarded`` customers were sent.
    """

    run_id: str
    started_at: Milliseconds
    moved: Mapping[str, int] = dataclasses.field(default_factory=dict)
    hour: dt.datetime | None = None
    forwarded: int = 0
