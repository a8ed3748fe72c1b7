"""Shops' histories: from files of events, each with the days that are held out of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np

from tessera.customers.forecasting.history.behaviour import BehaviourDays

TESTED = Path(__file__).resolve().parents[2] / "tests" / "data" / "events"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_READ = """
SELECT CustomerID AS customer, strptime(substr(Date, 6, 11), '%d %b %Y')::DATE AS day,
    max(EventName = 'PURCHASED') AS bought,
    sum(CASE WHEN EventName = 'PURCHASED' THEN 1 ELSE -1 END
        * abs(UnitPrice::DOUBLE * Quantity::DOUBLE)) AS net,
    sum((EventName = 'PURCHASED')::INT) AS lines
FROM read_csv(?, all_varchar = true) WHERE EventName IN ('PURCHASED', 'REFUNDED')
GROUP BY ALL ORDER BY customer, day"""
_HASH = 16**8


FILES = {  # those of the project first
    "Online Retail": ("online_retail_events.csv.gz",),
    "CDNOW": ("cdnow_sample.csv.gz", "cdnow_sample_events.csv.gz"),
    "grocery": ("grocery_events.csv.gz",),
    "apparel": ("apparel_events.csv.gz",),
}
# Days left aside at the end, and days held out before them. The first cut of each shop is the one
# of the tables. All together are the 23 of the means.
CUTS = {
    "Online Retail": [(0, 119), (30, 110), (60, 100), (90, 90), (0, 90), (0, 60)],
    "CDNOW": [(0, 273), (0, 180), (90, 180), (0, 120), (180, 120), (60, 90)],
    "grocery": [(15, 350), (0, 240), (180, 180), (0, 180), (90, 240)],
    "apparel": [(723, 728), (0, 728), (1000, 360), (0, 360), (500, 540), (300, 400)],
}


def shops(folder: Path | None) -> Iterator[tuple[str, BehaviourDays, dt.date]]:
    """Yield each shop's name, history and last day: those of the project, and of a folder."""
    folders = (TESTED, EXAMPLES, *([folder, folder / "events"] if folder else ()))
    for name, files in FILES.items():
        places = [place / file for place in folders for file in files]
        path = next((place for place in places if place.exists()), None)
        if path is not None:
            yield name, *read(path)


def read(path: Path) -> tuple[BehaviourDays, dt.date]:
    """Return a file's history up to the day after its last event, and that last day."""
    rows = duckdb.connect().execute(_READ, [str(path)]).fetchnumpy()
    names, customer = np.unique(np.asarray(rows["customer"], str), return_inverse=True)
    days = np.asarray(rows["day"], "datetime64[D]")
    last = days.max()
    ever = np.zeros(len(names), np.bool_)
    ever[customer[np.asarray(rows["bought"], np.bool_)]] = True
    kept = ever[customer]
    number = np.cumsum(ever) - 1
    nothing = np.zeros(int(kept.sum()))
    history = BehaviourDays(
        customer=number[customer[kept]],
        days_ago=(last - days[kept]).astype(np.int64) + 1,
        bought=np.asarray(rows["bought"], np.bool_)[kept],
        net=np.asarray(rows["net"], np.float64)[kept],
        lines=np.asarray(rows["lines"], np.float64)[kept],
        views=nothing,
        sessions=nothing,
        emails=nothing,
        rank=np.array([_rank(name) for name in names[ever].tolist()]),
    )
    return history, last.astype(object)


def _rank(name: str) -> float:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / _HASH
