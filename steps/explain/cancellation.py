"""Which of two models gave a customer the chance to cancel, or why neither did."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tessera.customers.subscriptions.retention.cohorts import p_cancel, renewals_due
from tessera.customers.subscriptions.retention.record import published_retention
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.retention import RetentionRecord

Row = Mapping[str, Any]


def cancellation(
    chance: float | None,
    *,
    churn: ChurnRecord | None,
    retention: RetentionRecord | None,
    subscription: Row | None,
) -> Row | None:
    """Return what ``tessera.segments.explanation.explain`` takes. None without any model.

    Parameters
    ----------
    chance
        The customer's p_cancel_30d.
    churn, retention
        What Score recorded of the two models.
    subscription
        The customer's row of SUBSCRIPTIONS, None without one.
    """
    if not churn and not retention:
        return None
    if chance is None:
        return {"from": None, "why": _why_not(retention, subscription)}
    by_tenure = _by_tenure(retention, subscription)
    if by_tenure and math.isclose(chance, by_tenure["chance"], rel_tol=1e-9):
        return {"from": "subscription", **by_tenure["seen"]}
    clicks = bool(churn and churn.clicks and churn.clicks.kept)
    return {"from": "attributes", "model": churn.kind if churn else None, "clicks": clicks}


def _by_tenure(
    retention: RetentionRecord | None, subscription: Row | None
) -> dict[str, Any] | None:
    """Return what the retention model says of a subscriber, and by what."""
    if not retention or not subscription or subscription["ended_days_ago"] is not None:
        return None
    model = published_retention(retention)
    if model is None:
        return None
    begun, days = np.array([subscription["begun_days_ago"]]), retention.period_days
    periods, due = renewals_due(begun, period_days=days)
    return {
        "chance": float(p_cancel(model, begun, period_days=days)[0]),
        "seen": {"periods_paid": int(periods[0]), "renewals_due": int(due[0])},
    }


def _why_not(retention: RetentionRecord | None, subscription: Row | None) -> str:
    if subscription is None:
        return "no known attribute of the customer predicts it"
    if subscription["ended_days_ago"] is not None:
        return f"the subscription ended {subscription['ended_days_ago']} days before"
    if retention and published_retention(retention) is None:
        return f"the retention model is withheld: {retention.reason}"
    return "the customer's attributes say that the customer has left"
