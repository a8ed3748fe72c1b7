"""The hour of the day at which a person reads, drawn to the shop's hours.

Hours are those of clicks that people made: an open's hour is often the mail client's. They also
depend on when messages were sent, so this is where a person was met so far, and no experiment.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.campaigns.engaging.engagement import BestHours
from tessera.campaigns.engaging.reactions import NO_HOUR, Ints, MessageReactions
from tessera.campaigns.planning.candidates import Floats, Keys

HOURS = 24
LEAST_PEOPLE = 500
_SURE = 2.0
_STRENGTHS = np.geomspace(0.5, 500, 40)  # clicks that the shop's hours are worth
WINDOW = 3  # hours that a message has from the best one on


def best_hours(hours: BestHours, clicks: Ints) -> Ints:
    """Return each person's best hour, shape (n,). The shop's where own hours are withheld.

    Parameters
    ----------
    hours
        What was learnt.
    clicks : shape (n, 24)
        Of each person, by hour.
    """
    if hours.decision == "withhold" or hours.strength is None:
        return np.full(len(clicks), hours.shop_hour, np.int64)
    return _best(hours.strength * np.array(hours.shop) + clicks)


def learn_hours(messages: MessageReactions) -> BestHours:
    """Learn from all clicks but each person's latest, and judge by that one.

    Parameters
    ----------
    messages
        In order.
    """
    clicked = messages.where(messages.hour != NO_HOUR)
    shop = _shares(np.bincount(clicked.hour, minlength=HOURS))
    before, latest = _latest_apart(clicked.recipient, clicked.hour)
    known = BestHours(
        decision="withhold",
        reason=f"{len(latest):,} people clicked twice, and {LEAST_PEOPLE} are needed.",
        people=len(latest),
        shop=tuple(shop.round(6).tolist()),
        shop_hour=int(_best(shop[None, :])[0]),
    )
    if len(latest) < LEAST_PEOPLE:
        return known
    # The shop's hours without those that are to be predicted.
    earlier = _shares(before.sum(axis=0))
    strength = _strength(before, earlier)
    rows = np.arange(len(latest))
    own = (strength * earlier + before) / (strength + before.sum(axis=1, keepdims=True))
    gain = np.log(own[rows, latest]) - np.log(earlier[latest])
    error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
    is_better = float(gain.mean()) > _SURE * error
    verdict = "better than" if is_better else "not surely better than"
    return dataclasses.replace(
        known,
        decision="publish" if is_better else "withhold",
        reason=(
            f"For the latest click of {len(latest):,} people, their own hours are {verdict} the "
            f"shop's: the log likelihood differs by {gain.mean():+.4f} (two standard errors are "
            f"{_SURE * error:.4f})."
        ),
        strength=round(strength, 6) if is_better else None,
    )


def _latest_apart(recipient: Keys, hour: Ints) -> tuple[Ints, Ints]:
    """Return clicks by hour before the latest, and that one's hour, of people with two."""
    _, person, counts = np.unique(recipient, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1
    is_last = np.zeros(len(hour), np.bool_)
    is_last[last] = True
    clicks = np.zeros((len(counts), HOURS), np.int64)
    np.add.at(clicks, (person[~is_last], hour[~is_last]), 1)
    several = counts > 1
    return clicks[several], hour[last][several]


def _strength(clicks: Ints, shop: Floats) -> float:
    """Return the strength under which each click is likeliest by the others of its person."""
    totals = clicks.sum(axis=1, keepdims=True)
    with_others = (totals > 1)[:, 0]
    if not with_others.any():
        return float(_STRENGTHS[-1])
    own, others = clicks[with_others], totals[with_others] - 1
    values = [
        float((own * np.log((one * shop + np.maximum(own - 1, 0)) / (one + others))).sum())
        for one in _STRENGTHS
    ]
    return float(_STRENGTHS[int(np.argmax(values))])


def _shares(clicks: Ints) -> Floats:
    """Return the share of each hour. One click more keeps every hour possible."""
    return np.asarray((clicks + 1.0) / (clicks + 1.0).sum(), np.float64)


def _best(weights: Floats) -> Ints:
    """Return from which hour on most weight comes within the window, shape (n,)."""
    windows = np.stack([np.roll(weights, -shift, axis=1) for shift in range(WINDOW)])
    return np.asarray(windows.sum(axis=0).argmax(axis=1), np.int64)
