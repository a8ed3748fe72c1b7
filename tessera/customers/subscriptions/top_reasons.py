"""What raises the risk of the customers most at risk, over all of them."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np

from tessera.customers.subscriptions.attributes import AttributeColumns, Floats
from tessera.customers.subscriptions.model import ChurnModel
from tessera.customers.subscriptions.reasons import NONE, Reasons, top_reasons

AT_RISK = 0.1  # the share of customers, those with the highest risk, whose reasons are summed up
MOST_CUSTOMERS = 5_000  # of them; more would change little and take long
MOST_FEATURES = 10
_WORDS = ("category", "flag")


def reasons_record(
    model: ChurnModel, attributes: AttributeColumns, *, day: Floats, probability: Floats
) -> dict[str, Any]:
    """Return how often each attribute is a reason among the tenth of customers most at risk.

    Parameters
    ----------
    attributes, day
        As for ``ChurnModel.p_cancel``.
    probability : shape (n,)
        What it returned.

    Returns
    -------
    dict
        JSON-ready: ``customers``, how many were looked at, and ``features``, the most frequent
        first: the attribute, how many have it among their three strongest reasons, what share
        they are, its mean contribution in log-odds, and the commonest value, where it is a word.
    """
    count = min(MOST_CUSTOMERS, int(np.ceil(AT_RISK * len(probability))))
    rows = np.sort(np.argsort(-probability, kind="stable")[:count]).astype(np.int64)
    if not count:
        return {"customers": 0, "features": []}
    reasons = top_reasons(model, attributes.take(rows), day=day[rows])
    features = [_feature(reasons, place) for place in np.unique(reasons.places) if place != NONE]
    features.sort(key=lambda one: (-one["customers"], one["feature"]))
    return {"customers": count, "features": features[:MOST_FEATURES]}


def _feature(reasons: Reasons, place: int) -> dict[str, Any]:
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
    return {
        "feature": feature.name,
        "customers": len(who),
        "share": round(len(who) / len(reasons.places), 4),
        "contribution": round(float(reasons.contributions[who, nth].mean()), 4),
        "value": value,
    }
