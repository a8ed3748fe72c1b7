"""Who is active, at risk or lapsed by a rule that needs no model: a customer's own purchase gaps.

A customer is active while the silence since the last purchase is within 80 % of the gaps between
purchases so far, at risk beyond 80 % of them, and lapsed beyond all.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.order_statistics import OrderStatistics
from tessera.customers.purchase.history import PurchaseHistory
from tessera.errors import InvalidInput

Floats = npt.NDArray[np.float64]

ACTIVE, AT_RISK, LAPSED, UNKNOWN = "active", "at_risk", "lapsed", "unknown"
STATES = (ACTIVE, AT_RISK, LAPSED, UNKNOWN)

MOST_GAPS = 0.8  # "80 % of them", of the Clutch rule
FEWEST_GAPS = 5  # with fewer, 80 % of the gaps and all of them are the same gaps
ALL_CUSTOMERS = 0.95  # of a crowd's gaps "all" is an accident's length: what 95 % stay below
_LEAST_DAYS = 7.0  # a burst of daily purchases makes nobody at risk within a week


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gaps:
    """What is known of each customer's gaps between purchase days, shape (n,) each.

    Parameters
    ----------
    usual_days
        The length that 80 % of the customer's gaps stay within.
    longest_days
        The longest gap.
    """

    usual_days: Floats
    longest_days: Floats

    @classmethod
    def expected(cls, history: PurchaseHistory) -> Gaps:
        """Return what to expect of gaps of which only the number and the sum are known.

        Notes
        -----
        If purchases came at random times between the first and the last, the k shortest of n gaps
        reach up to (last_day / n) (1/n + 1/(n-1) + … + 1/(n-k+1)), and the longest is the case
        k = n. Real columns are better: shops with a rhythm have a shorter longest gap.

        References
        ----------
        Pyke (1965), "Spacings".
        """
        most = int(history.repeats.max(initial=0))
        harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, most + 1))])
        count = history.repeats.astype(np.int64)
        within = np.ceil(MOST_GAPS * count - 1e-9).astype(np.int64)
        mean = np.zeros(len(count))
        np.divide(history.last_day, history.repeats, out=mean, where=count > 0)
        return cls(
            usual_days=mean * (harmonic[count] - harmonic[count - within]),
            longest_days=mean * harmonic[count],
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class GapStates:
    """The rule's answer for each customer, shape (n,) each.

    Parameters
    ----------
    state
        Place in ``STATES``.
    silent_days
        Days since the last purchase.
    at_risk_after_days, lapsed_after_days
        How many silent days make the customer at risk, and lapsed. Infinite when unknown.
    own
        Whether the customer's own gaps decided, and not all customers'.
    """

    state: npt.NDArray[np.int8]
    silent_days: Floats
    at_risk_after_days: Floats
    lapsed_after_days: Floats
    own: npt.NDArray[np.bool_]


def gap_states(
    history: PurchaseHistory,
    *,
    gaps: Gaps | None = None,
    everybodys: tuple[float, float] | None = None,
) -> GapStates:
    """Apply the rule.

    Parameters
    ----------
    history
        Customers who have bought.
    gaps
        Their gaps. By default what is to be expected of them.
    everybodys
        What ``everybodys_gaps`` returned for all customers. By default these are all.

    Raises
    ------
    InvalidInput
        The gaps are not one a customer.

    Notes
    -----
    Customers with fewer than five gaps are judged by everybody's: repeat buyers' mean gaps, one
    vote each, so that a few who buy daily do not set the pace. They are at risk beyond 80 % of
    these and lapsed beyond 95 %. Where nobody has bought twice, all are unknown.
    """
    known = gaps or Gaps.expected(history)
    if not known.usual_days.shape == known.longest_days.shape == history.repeats.shape:
        raise InvalidInput(
            f"gaps have the shapes {known.usual_days.shape} and {known.longest_days.shape}: "
            f"expected {history.repeats.shape}, as the history has"
        )
    own = history.repeats >= FEWEST_GAPS
    again = (history.repeats > 0) & (history.weights > 0)
    usual, all_but_few = everybodys or everybodys_gaps(
        history.last_day[again] / history.repeats[again], weights=history.weights[again]
    )
    at_risk = np.maximum(np.where(own, known.usual_days, usual), _LEAST_DAYS)
    lapsed = np.maximum(np.where(own, known.longest_days, all_but_few), at_risk)
    silent = history.age_days - history.last_day
    state = (silent > at_risk).astype(np.int8) + (silent > lapsed)
    unknown = np.isinf(lapsed)
    return GapStates(
        state=np.where(unknown, STATES.index(UNKNOWN), state).astype(np.int8),
        silent_days=silent,
        at_risk_after_days=at_risk,
        lapsed_after_days=lapsed,
        own=own,
    )


def everybodys_gaps(mean_days: Floats, *, weights: Floats | None = None) -> tuple[float, float]:
    """Return the mean gaps that 80 % and 95 % of repeat buyers stay within. Infinite without.

    Parameters
    ----------
    mean_days
        The mean gap of each repeat buyer.
    weights
        How many customers each stands for, above 0. By default one each.
    """
    if not len(mean_days):
        return np.inf, np.inf
    order = np.argsort(mean_days, kind="stable")
    reached = np.cumsum(np.ones(len(order)) if weights is None else weights[order])
    ranks = np.searchsorted(reached, reached[-1] * np.array([MOST_GAPS, ALL_CUSTOMERS]))
    usual, all_but_few = mean_days[order[ranks]].tolist()
    return usual, all_but_few


def gaps_in_order(mean_days: OrderStatistics) -> tuple[float, float]:
    """Return ``everybodys_gaps`` of repeat buyers whose mean gaps come in blocks."""
    buyers = len(mean_days)
    if not buyers:
        return np.inf, np.inf
    usual, all_but_few = mean_days.at(
        [int(np.ceil(buyers * share)) - 1 for share in (MOST_GAPS, ALL_CUSTOMERS)]
    )
    return usual, all_but_few
