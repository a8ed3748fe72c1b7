"""Gmail's spam rate as the API shows it."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpamRate:
    """Gmail's share of messages that users reported as spam, as it was entered last.

    Parameters
    ----------
    share
        From 0 to 1: 0.001 is 0.1 %, at which runs pause. None if nobody entered one.
    day
        Of which day it is.
    counts_until
        The last day on which it counts. Enter another one by then.
    """

    share: float | None
    day: dt.date | None
    counts_until: dt.date | None
