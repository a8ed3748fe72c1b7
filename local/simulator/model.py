"""The model of made-up reactions: every parameter, and what it means.

It is no forecast. Its numbers are chosen so that a campaign on the example shows every kind of
reaction, and so that the true effect is known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class BandReactions:
    """How customers of one churn band react.

    Parameters
    ----------
    reads
        The share of those whose message arrives.
    buys
        The share that buys within the days of result without a message.
    effect
        What a message adds to ``buys``. It is the true effect that a campaign tries to measure.
    """

    reads: float
    buys: float
    effect: float

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        shares = (self.reads, self.buys, self.buys + self.effect)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError(f"{self}: expected shares from 0 to 1, also of buys and effect added")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReactionModel:
    """The whole model. Times have lognormal distributions, given by median and sigma.

    Parameters
    ----------
    bands
        By churn band.
    other
        For customers without a band, and for other labels.
    bounces_for_good
        The share of messages that bounce for good, after the provider took them.
    bounces_for_now
        The share that bounces for a reason that passes.
    scanned
        The share of messages in which a mail scanner follows every link, seconds after delivery.
    prefetched
        The share whose pictures the mail client loads, although nobody reads the message.
    clicks
        The share of readers who follow a link.
    complains
        The share of readers who report the message as spam.
    unsubscribes
        The share of readers who use the unsubscribe link.
    read_after_median_h, read_after_sigma
        From delivery to reading, at least half a minute.
    acts_after_median_s, acts_after_sigma
        From reading to a click, a complaint or the unsubscribe link.
    order_median, order_sigma
        The amount of an order. Everybody who buys has one order, on an even spread of the days.
    """

    bands: Mapping[str, BandReactions] = dataclasses.field(
        default_factory=lambda: {
            "Low": BandReactions(reads=0.45, buys=0.40, effect=0.02),
            "Middle": BandReactions(reads=0.30, buys=0.25, effect=0.08),
            "High": BandReactions(reads=0.20, buys=0.10, effect=0.06),
        }
    )
    other: BandReactions = BandReactions(reads=0.30, buys=0.20, effect=0.05)
    bounces_for_good: float = 0.01
    bounces_for_now: float = 0.005
    scanned: float = 0.08
    prefetched: float = 0.35
    clicks: float = 0.25
    complains: float = 0.001
    unsubscribes: float = 0.015
    read_after_median_h: float = 4.0
    read_after_sigma: float = 1.2
    acts_after_median_s: float = 40.0
    acts_after_sigma: float = 0.8
    order_median: float = 250.0
    order_sigma: float = 0.8

    def of_band(self, label: str) -> BandReactions:
        """Return how customers with a churn band react."""
        return self.bands.get(label, self.other)


DEFAULT_MODEL = ReactionModel()
