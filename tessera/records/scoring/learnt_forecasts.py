"""What the forecasts learnt from a shop's past misses: a part of score.json and previous.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.fields import PRESENT_ONLY
from tessera.records.scoring.clicks import ClickGate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Regression:
    """A regression on scaled features, (value - mean) / spread, each at most 4 from 0.

    Parameters
    ----------
    names
        The features.
    mean, spread, coefficients
        Of each feature.
    intercept
        The log factor of a customer who is average in all.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    intercept: float
    coefficients: tuple[float, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SmallTree:
    """A decision tree as rows of numbers, one for each node. The first node is the root.

    Parameters
    ----------
    feature
        The place of the feature that a node asks for. -1 for a leaf.
    value
        The threshold: values up to it go left. For a leaf, what it adds.
    left
        The node on the left. The one after it is on the right. -1 for a leaf.
    """

    feature: tuple[int, ...]
    value: tuple[float, ...]
    left: tuple[int, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forest:
    """Boosted trees. Their value is the baseline and the sum of all leaves.

    Parameters
    ----------
    baseline
        The value before any tree.
    trees
        In the order that they were grown.
    """

    baseline: float
    trees: tuple[SmallTree, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Blend:
    """How much of what was learnt counts for a group of customers. 0 and 0: nothing.

    Parameters
    ----------
    weight
        Of the log factor, 0 to 1.
    share
        Of the trees, 0 to ½.
    """

    weight: float
    share: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scale:
    """What makes the total of expected orders right, as of the day that learnt it.

    Parameters
    ----------
    days
        The days that orders are expected in.
    mean_expected
        Of the purchase model, a customer's mean.
    of_factor, of_trees
        What the two forecasts are multiplied by.
    """

    days: int
    mean_expected: float
    of_factor: float
    of_trees: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntOrders:
    """How many orders customers place: the purchase model's, corrected.

    Parameters
    ----------
    learnt_days
        The days after earlier cuts that it learnt from.
    cuts
        How many earlier cuts there were.
    level
        Orders that came after them, over those that the purchase model expected.
    temper
        The share of everybody's mean in a forecast: nobody is certainly gone.
    blends
        By group of customers.
    regression, forest
        What was learnt. None when no blend uses it.
    scale
        For the days that are asked for.
    clicks, emails
        Whether it reads views and sessions, and e-mails that were opened or clicked. None, and no
        member, where there are none.
    """

    learnt_days: int
    cuts: int
    level: float
    temper: float
    blends: Mapping[str, Blend]
    regression: Regression | None
    forest: Forest | None
    scale: Scale
    clicks: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)
    emails: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntChance:
    """The chance of no order within some days: the purchase model's, corrected.

    Parameters
    ----------
    days
        The horizon.
    learnt_days, cuts, blends, regression, forest, clicks, emails
        As in LearntOrders.
    """

    days: int
    learnt_days: int
    cuts: int
    blends: Mapping[str, Blend]
    regression: Regression | None
    forest: Forest | None
    clicks: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)
    emails: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Season:
    """How much a shop's months of the year differ.

    Parameters
    ----------
    levels
        Of January to December, in logarithms. An average year has the level 0.
    months
        How many months they were learnt from.
    """

    levels: tuple[float, ...]
    months: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerRanges:
    """What came of customers by the size of their forecast, at an earlier cut.

    Parameters
    ----------
    edges
        Forecasts between the groups, ascending, one fewer than groups.
    low, high
        The points of each group that nine in ten customers were above, and below.
    most
        The mean forecast of the last group: beyond it, ``high`` grows with the forecast.
    """

    edges: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    most: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntRanges:
    """How far forecasts were off at earlier cuts.

    Parameters
    ----------
    orders, money
        Of a customer. None without an earlier cut.
    orders_spread, money_spread
        Of the logarithm of a total, in standard deviations.
    span_days
        The days that were looked ahead. Beyond them, totals are less certain.
    """

    orders: CustomerRanges | None
    money: CustomerRanges | None
    orders_spread: float
    money_spread: float
    span_days: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntForecasts:
    """All that corrects the purchase model.

    Parameters
    ----------
    features
        The names of the features.
    middle_spend
        The median of customers' net money per purchase day, in major units.
    orders
        For the number of orders within a year.
    chances
        For the chance of no order, by days as text.
    ranges
        How certain they are.
    season
        The levels of months. None below two years, or where they prove nothing.
    """

    features: tuple[str, ...]
    middle_spend: float
    orders: LearntOrders
    chances: Mapping[str, LearntChance]
    ranges: LearntRanges
    season: Season | None = None
