"""How a score of loyalty came about, and what its test proved: a part of score.json."""

from __future__ import annotations

import dataclasses
from typing import Literal

from tessera.records.fields import PRESENT_ONLY
from tessera.records.scoring.clicks import ClickGate
from tessera.records.scoring.learnt_forecasts import Regression
from tessera.records.scoring.report_card import Lead

Weights = Literal["learnt", "fixed"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoyaltyTest:
    """Customers ranked at an earlier cut, and who ordered in the 90 days after it.

    Parameters
    ----------
    customers, ordered
        Those known at the cut, and how many of them ordered.
    top_share, top_share_of_recency
        The share of those who ordered that a fifth of the customers had: the fifth with the
        highest score, and the fifth who bought last.
    auc, auc_of_recency
        Of two customers of which one ordered, how often that one ranked higher.
    lead
        How much more the score concentrates those who ordered than recency does, in Gini.
    """

    customers: int
    ordered: int
    top_share: float
    top_share_of_recency: float
    auc: float
    auc_of_recency: float
    lead: Lead


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntLoyalty:
    """The score of loyalty: a regression on "orders within 90 days".

    Parameters
    ----------
    published
        Whether customers get scores.
    reasons
        Why, or why not, and what a reader should know, a sentence each.
    weights
        Learnt from this shop, or the fixed ones of small shops.
    customers
        How many customers the weights were learnt from. 0 for fixed ones.
    regression
        The weights, on the log-odds of an order.
    standard_errors
        Of its coefficients. Empty for fixed weights.
    middle_spend
        The net money per purchase day that counts as usual, in major units.
    test
        None where nothing could be tested.
    clicks, emails
        Whether it reads views and sessions, and e-mails that were opened or clicked. None, and no
        member, where there are none.
    """

    published: bool
    reasons: tuple[str, ...]
    weights: Weights
    customers: int
    regression: Regression
    standard_errors: tuple[float, ...]
    middle_spend: float
    test: LoyaltyTest | None
    clicks: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)
    emails: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)
