"""What raises the risk of the customers most at risk, over all of them."""

from __future__ import annotations

import collections

import numpy as np

from tessera.customers.subscriptions.attributes import AttributeColumns, Floats
from tessera.customers.subscriptions.model import ChurnModel
from tessera.customers.subscriptions.reasons import NONE, Reasons, top_reasons
from tessera.records.scoring.churn import RiskReason, RiskReasons

AT_RISK = 0.1  # the share of customers, those with the highest risk, whose reasons are summed up
MOST_CUSTOMERS = 5_000  # of them. More would change little and take long
MOST_FEATURES = 10
_WORDS = ("category", "flag")


def reasons_record(
    model: ChurnModel, attributes: AttributeColumns, *, day: Floats, probability: Floats
) -> RiskReasons:
    """Return how often each attribute is a reason among the tenth of customers most at risk.

    Parameters
    ----------
    attributes, day
        As for ``ChurnModel.p_cancel``.
    probability : shape (n,)
        What it returned.
    """
    count = min(MOST_CUSTOMERS, int(np.ceil(AT_RISK * len(probability))))
    rows = np.sort(np.argsort(-probability, kind="stable")[:count]).astype(np.int64)
    if not count:
        return RiskReasons(customers=0, features=())
    reasons = top_reasons(model, attributes.take(rows), day=day[rows])
    features = [_feature(reasons, place) for place in np.unique(reasons.places) if place != NONE]
    features.sort(key=lambda one: (-one.customers, one.feature))
    return RiskReasons(customers=count, features=tuple(features[:MOST_FEATURES]))


def _feature(reasons: Reasons, place: int) -> RiskReason:
    who, nth = np.nonzero(reasons.places == place)
    feature = reasons.encoding.features[place]
    value = None
    if feature.kind in _WORDS:
        texts = (
            reason.value
            for row in who.tolist()
            for reason in reasons.of(row)
            if reason.feature == feature.name
        )
        counts = collections.Counter(texts)
        value = min(counts, key=lambda text: (-counts[text], text))
    return RiskReason(
        feature=feature.name,
        customers=len(who),
        share=round(len(who) / len(reasons.places), 4),
        contribution=round(float(reasons.contributions[who, nth].mean()), 4),
        value=value,
    )
