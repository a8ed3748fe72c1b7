"""Where to cut a history in two: what the models learn from, and what they are tested on."""

from __future__ import annotations

LEAST_CALIBRATION_DAYS = 90
LEAST_HOLDOUT_DAYS = 28
MOST_HOLDOUT_DAYS = 273
_SHARE = 3
_WEEK = 7


def holdout_days(span_days: int) -> int | None:
    """Return how many of a history's last days to hold out. None when it is too short to cut.

    Parameters
    ----------
    span_days
        Days from the first purchase of all customers to as_of.

    Notes
    -----
    A third of the history, in whole weeks because weekdays differ, and at most 39 weeks: the
    classic test on CDNOW, and long enough to see whether customers come back. At least four weeks
    are held out and 90 days learnt from: fewer hold too few second purchases to distinguish a
    customer who has left from one who has not come back yet.
    """
    days = min(span_days // _SHARE, span_days - LEAST_CALIBRATION_DAYS, MOST_HOLDOUT_DAYS)
    whole_weeks = days // _WEEK * _WEEK
    return whole_weeks if whole_weeks >= LEAST_HOLDOUT_DAYS else None
