"""What customers did day by day, as the pipeline makes it: of real shops and of drawn ones."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import hashlib
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.features import available, middle_spend
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.history.past import Past
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.purchase.beta_geometric import MbgNbd
from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.kinds import Model
from tessera.records.scoring.learnt_forecasts import Season
from tests import histories, reference

ZONES = {"cdnow_sample": "America/New_York", "online_retail": "Europe/London"}
AS_OF = {"cdnow_sample": dt.date(1998, 7, 1), "online_retail": dt.date(2011, 12, 10)}
TODAY = dt.date(2021, 6, 30)
MODEL = MbgNbd(r=0.9, alpha=70.0, a=0.6, b=2.0)
SMALL = histories.Shop(
    name="small", kind="pareto_nbd",
    parameters={"r": 1.5, "alpha": 15.0, "s": 0.6, "beta": 30.0}, spend=(3.0, 5.5, 55.0),
    customers=600, opened=dt.date(2020, 1, 2), joined_days=200, cut_days=364, holdout_days=180,
    utc_offset_hours=0, seed=1,
)  # fmt: skip
_HASHES = 2**32


def behaviour(
    customer: Sequence[int],
    days_ago: Sequence[int],
    *,
    bought: Sequence[bool] | None = None,
    net: Sequence[float] | None = None,
    lines: Sequence[float] | None = None,
    views: Sequence[float] | None = None,
    sessions: Sequence[float] | None = None,
    emails: Sequence[float] | None = None,
    customers: int | None = None,
) -> BehaviourDays:
    """Rows in any order, one a customer and day: by default purchases of 10.00."""
    rows = len(customer)
    order = np.lexsort((-np.asarray(days_ago, np.int64), np.asarray(customer, np.int64)))

    def column(values: Sequence[float] | None, default: float, kind: type = np.float64):
        given = np.full(rows, default) if values is None else np.asarray(values)
        return given.astype(kind)[order]

    who = column(customer, 0, np.int64)
    count = int(who.max(initial=-1)) + 1 if customers is None else customers
    return BehaviourDays(
        customer=who,
        days_ago=column(days_ago, 1, np.int64),
        bought=column(bought, 1, np.bool_),
        net=column(net, 10.0),
        lines=column(lines, 1.0),
        views=column(views, 0.0),
        sessions=column(sessions, 0.0),
        emails=column(emails, 0.0),
        rank=np.array([rank(str(number)) for number in range(count)]),
    )


def past_of(days: BehaviourDays, *, kind: str = "bg_nbd", **more) -> Past:
    """A shop's past with the purchase model of its customers today."""
    today, _ = known(days)
    return Past(days, model=fit(today.history, kind=kind).model, day=TODAY, **more)


def rank(key: str) -> float:
    """A number in [0, 1) from a hash."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / _HASHES


@functools.cache
def of_events(name: str) -> BehaviourDays:
    """A real shop's event file, by the days of the shop's time zone, customers in hash order."""
    zone = ZoneInfo(ZONES[name])
    sums: dict[tuple[str, int], list[float]] = {}
    days: dict[str, int] = {}  # few distinct dates: each is parsed once
    lines = csv.reader(reference.content(reference.EVENTS[name]).decode().splitlines())
    place = {column: at for at, column in enumerate(next(lines))}
    price, quantity, who, when = (
        place[column] for column in ("UnitPrice", "Quantity", "CustomerID", "Date")
    )
    for row in lines:
        date = row[when]
        if date not in days:
            local = parsedate_to_datetime(date).astimezone(zone).date()
            days[date] = (AS_OF[name] - local).days
        one = sums.setdefault((row[who], days[date]), [0.0, 0.0])
        one[0] += float(row[price]) * float(row[quantity])
        one[1] += 1
    number = {key: place for place, key in enumerate(sorted({key for key, _ in sums}, key=rank))}
    return behaviour(
        [number[key] for key, _ in sums],
        [ago for _, ago in sums],
        net=[round(net, 2) for net, _ in sums.values()],
        lines=[lines for _, lines in sums.values()],
    )


def of_shop(shop: histories.Shop) -> BehaviourDays:
    """A shop drawn from a known model, up to the end of its holdout."""
    drawn = shop.drawn
    end = shop.cut_days + shop.holdout_days
    inside = drawn.day <= end
    return behaviour(
        drawn.customer[inside],
        end + 1 - drawn.day[inside],
        net=drawn.amount[inside],
        customers=shop.customers,
    )


def snapshot(
    days: BehaviourDays, *, model: Model = MODEL, season: Season | None = None
) -> BuyerSnapshot:
    """A shop's customers today with a purchase model that was fitted elsewhere."""
    customers, _ = known(days)
    return BuyerSnapshot(
        known=customers,
        model=model,
        names=available(customers),
        middle_spend=middle_spend(customers),
        day=TODAY,
        season=season,
    )
