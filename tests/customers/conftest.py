"""Real shops cut in two: what was known at the cut-off, and what happened then."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="session")
def cdnow(shared) -> Backtest:
    """CDNOW's sample, cut after 1997-09-30, straight from its 6,919 transactions."""
    cut, end = dt.date(1997, 9, 30), dt.date(1998, 6, 30)
    spent: dict[str, dict[dt.date, float]] = defaultdict(lambda: defaultdict(float))
    for line in (shared / "data" / "raw" / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        spent[customer][dt.datetime.strptime(day, "%Y%m%d").date()] += float(dollars)  # noqa: DTZ007
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
def online_retail(shared) -> Backtest:
    """Online Retail, cut after 2011-09-09, as CLVTools counted it."""
    path = shared / "oracles" / "clv" / "online_retail_split20110909_clvtools_pnbd_predictions.csv"
    rows = rows_of(path)
    repeats, last, age, orders, spend = (
        np.array([float(row[name]) for row in rows])
        for name in ("x", "t.x", "T.cal", "actual.x", "actual.period.spending")
    )
    path = shared / "oracles" / "clv" / "online_retail_lifetimes_predictions.csv"
    means = {row["customer_id"]: float(row["monetary_value_cal"]) for row in rows_of(path)}
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
