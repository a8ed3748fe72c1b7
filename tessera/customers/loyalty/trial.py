"""Whether a score of loyalty ranks customers surely better than the days since they last bought."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays, outcome
from tessera.customers.forecasting.history.known import KnownBuyers, known
from tessera.customers.purchase.pairs import Floats
from tessera.customers.report_card.measures import auc, top_share
from tessera.customers.report_card.skill import leads
from tessera.records.scoring.loyalty import LoyaltyTest

AHEAD_DAYS = 90
LEAST_CUSTOMERS = 100
LEAST_EITHER = 30  # who ordered, and who did not
_FIFTH = 5
_DIGITS = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierCut:
    """Customers on an earlier day, and who of them ordered in the 90 days after it.

    Parameters
    ----------
    known
        The customers.
    ordered
        Shape (n,): 1 for those who ordered, else 0.
    """

    known: KnownBuyers
    ordered: Floats

    @classmethod
    def of(cls, days: BehaviourDays, *, days_ago: int) -> EarlierCut:
        """Cut a history so many days ago."""
        customers, numbers = known(days, cut_days_ago=days_ago)
        came = outcome(days, numbers, cut_days_ago=days_ago, window_days=AHEAD_DAYS)
        return cls(known=customers, ordered=(came.orders > 0).astype(np.float64))

    @property
    def testable(self) -> bool:
        """Whether enough customers ordered, and enough did not."""
        ordered = float(self.ordered.sum())
        return len(self.known) >= LEAST_CUSTOMERS and LEAST_EITHER <= ordered <= (
            len(self.known) - LEAST_EITHER
        )


def loyalty_test(cut: EarlierCut, score: Floats) -> LoyaltyTest:
    """Compare a score with recency, customer by customer, shape (n,)."""
    recency, everybody = -cut.known.silence_days, np.ones(len(score))
    shares, areas = [], []
    for one in (score, recency):
        share = top_share(one, value=cut.ordered, weights=everybody, parts=_FIFTH)
        area = auc(one, outcome=cut.ordered > 0, weights=everybody)
        shares.append(round(share or 0.0, _DIGITS))
        areas.append(round(area or 0.0, _DIGITS))
    return LoyaltyTest(
        customers=len(score),
        ordered=int(cut.ordered.sum()),
        top_share=shares[0],
        top_share_of_recency=shares[1],
        auc=areas[0],
        auc_of_recency=areas[1],
        lead=leads(score, rivals={"recency": recency}, value=cut.ordered)["recency"],
    )


def beats_recency(test: LoyaltyTest) -> bool:
    """Return whether the score concentrates those who ordered more than recency does.

    Over all customers surely so, and in the first fifth, which is a group, at least as much.
    """
    return test.lead.low > 0 and test.top_share >= test.top_share_of_recency


def on_test(test: LoyaltyTest) -> str:
    """Return what the test came to, in a sentence without its full stop."""
    surely = "surely better" if test.lead.low > 0 else "not surely better"
    fewer = test.top_share < test.top_share_of_recency
    low, high = (f"{one:+.3f}".replace("-", "\u2212") for one in (test.lead.low, test.lead.high))
    return (
        f"of {test.customers:,} customers {AHEAD_DAYS} days ago, {test.ordered:,} ordered since. "
        f"The fifth with the highest score has {100 * test.top_share:.1f} % of them, and the fifth "
        f"who bought last {100 * test.top_share_of_recency:.1f} %{', which is more' * fewer}. Over "
        f"all customers the score ranks {surely} than recency: a lead of {low} to {high} in Gini"
    )
