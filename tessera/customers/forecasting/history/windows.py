"""Earlier days of a shop on which a forecast could have been made, and then checked."""

from __future__ import annotations

CUTS = 6
THIRD, QUARTER = 3, 4  # what part of a history is looked ahead at most
_LEAST_HISTORY_DAYS = {THIRD: 60, QUARTER: 45}
_LEAST_STEP_DAYS = 7


def window_days(asked: int, *, span_days: int, part: int) -> int:
    """Return how many days to look ahead: those asked for, at most a part of the history."""
    return min(asked, span_days // part)


def earlier_cuts(*, span_days: int, until_days_ago: int, days: int, part: int) -> list[int]:
    """Return up to six cuts in days ago, the latest first, whose next ``days`` are known.

    Parameters
    ----------
    span_days
        Days from the first purchase of all to the end of the observation.
    until_days_ago
        Outcomes count up to so many days ago.
    days
        Of each window.
    part
        The earliest cut has a part of the history before ``until_days_ago`` before it.
    """
    now = span_days - until_days_ago
    least = _LEAST_HISTORY_DAYS[QUARTER]
    first, last = max(_LEAST_HISTORY_DAYS[part], now // part), now - days
    if last < first:
        return [span_days - last] if last >= least else []
    step = max(_LEAST_STEP_DAYS, (last - first) // (CUTS - 1))
    return [span_days - cut for cut in range(last, first - 1, -step)][:CUTS]
