"""Real shops cut in two: what was known at the cut-off, and what happened then."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from email.utils import parsedate_to_datetime

import numpy as np
import pytest

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tests import reference


@pytest.fixture(scope="session")
def cdnow() -> Backtest:
    """CDNOW's sample, cut after 1997-09-30, straight from its 6,919 transactions."""
    cut, end = dt.date(1997, 9, 30), dt.date(1998, 6, 30)
    spent: dict[str, dict[dt.date, float]] = defaultdict(lambda: defaultdict(float))
    for row in reference.records(reference.EVENTS["cdnow_sample"]):
        day = parsedate_to_datetime(row["Date"]).date()
        spent[row["CustomerID"]][day] += float(row["UnitPrice"])
    columns = []
    for days in spent.values():
        before = sorted(day for day in days if day <= cut)
        after = [day for day in days if cut < day <= end]
        first, repeats = before[0], before[1:]
        columns.append(
            (
                len(repeats),
                (before[-1] - first).days,
                (cut - first).days,
                sum(days[day] for day in repeats) / max(len(repeats), 1),
                sum(days[day] for day in before),
                len(after),
                sum(days[day] for day in after),
            )
        )
    repeats, last_day, age_days, mean_spend, past_spend, orders, spend = np.array(columns).T
    return Backtest(
        history=PurchaseHistory(repeats=repeats, last_day=last_day, age_days=age_days),
        mean_spend=mean_spend,
        past_spend=past_spend,
        orders=orders,
        spend=spend,
        holdout_days=(end - cut).days,
    )


@pytest.fixture(scope="session")
def online_retail() -> Backtest:
    """Online Retail, cut after 2011-09-09, as CLVTools counted it."""
    rows = reference.rows("oracles/clv/online_retail_split20110909_clvtools_pnbd_predictions")
    repeats, last, age, orders, spend = (
        np.array([float(row[name]) for row in rows])
        for name in ("x", "t.x", "T.cal", "actual.x", "actual.period.spending")
    )
    peer = reference.rows("oracles/clv/online_retail_lifetimes_predictions")
    means = {row["customer_id"]: float(row["monetary_value_cal"]) for row in peer}
    mean_spend = np.array([means[row["Id"]] for row in rows])
    return Backtest(
        history=PurchaseHistory(
            repeats=repeats, last_day=np.round(7 * last), age_days=np.round(7 * age)
        ),
        mean_spend=mean_spend,
        past_spend=repeats * mean_spend,
        orders=orders,
        spend=spend,
        holdout_days=91,
    )
