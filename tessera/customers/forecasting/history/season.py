"""Seasons: how much a shop's months of the year differ, as far as its own years prove it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.purchase.pairs import Floats
from tessera.records.scoring.learnt_forecasts import Season

_MONTHS = 12
_NOISE = 0.1  # of months of a like season, in logarithms, where none was seen twice
_DIGITS = 9


def seasonal(season: Season | None, *, after: dt.date, days: float) -> float:
    """Return how much more is bought in the days after a date than in an average year's."""
    if season is None or days < 1:
        return 1.0
    levels = np.exp(np.array(season.levels))
    ahead = range(1, int(np.ceil(days)) + 1)
    months = [(after + dt.timedelta(days=one)).month for one in ahead]
    return float(levels[np.array(months) - 1].mean())


def learn_season(months: Floats, log_ratios: Floats) -> Season | None:
    """Return the levels of the months of the year, or None without proof.

    Parameters
    ----------
    months : shape (k,)
        Successive months as 12 × year + month - 1.
    log_ratios : shape (k,)
        The logarithm of the orders that came over those that the purchase model expected.

    Notes
    -----
    What is left of a straight line over time is averaged by month of the year, and drawn towards
    0 the more, the less the months differ beyond their noise. The proof takes one year
    out at a time: levels of the other years must predict its months surely better than none do.
    """
    years = months // _MONTHS
    if len(np.unique(years)) < 2:
        return None
    known = [_levels(months[years != year], log_ratios[years != year]) for year in np.unique(years)]
    gains = []
    for year, (levels, line) in zip(np.unique(years), known, strict=True):
        mine = years == year
        left = log_ratios[mine] - np.polyval(line, months[mine])
        left = left - left.mean()
        with_levels = levels[(months[mine] % _MONTHS).astype(int)]
        gains.append(left**2 - (left - (with_levels - with_levels.mean())) ** 2)
    gain = np.concatenate(gains)
    if len(gain) < _MONTHS or gain.mean() <= SURE * gain.std(ddof=1) / np.sqrt(len(gain)):
        return None
    levels, _ = _levels(months, log_ratios)
    mean = float(np.log(np.exp(levels).mean()))  # an average year has the level 1
    return Season(
        levels=tuple(round(level - mean, _DIGITS) for level in levels.tolist()),
        months=len(months),
    )


def _levels(months: Floats, log_ratios: Floats) -> tuple[Floats, Floats]:
    """Return twelve levels, and the line that they are measured from."""
    place = (months % _MONTHS).astype(int)
    line = np.polyfit(months, log_ratios, 1) if len(months) > 2 else np.zeros(2)
    count = np.bincount(place, minlength=_MONTHS)
    levels = np.zeros(_MONTHS)
    for _ in range(5):  # the line and the levels, in turns: an unbalanced year tilts the line
        left = log_ratios - np.polyval(line, months)
        sums = np.bincount(place, weights=left, minlength=_MONTHS)
        mean = sums / np.maximum(count, 1)
        spread = np.bincount(place, weights=(left - mean[place]) ** 2, minlength=_MONTHS).sum()
        noise = spread / max(int((count - 1).clip(0).sum()), 1) or _NOISE**2
        between = max(float(mean[count > 0].var()) - noise / max(count.mean(), 1), 1e-12)
        levels = sums / (count + noise / between)
        line = np.polyfit(months, log_ratios - levels[place], 1) if len(months) > 2 else line
    return levels - levels.mean(), line
