"""Whether two contenders found the same customers, in what both of them define alike."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from bench.contenders import SECRET, TENANT
from tessera.events.pseudonym import customer_keys

_COMPARED = (
    "first_purchase_at", "last_purchase_at", "last_event_at", "recency_days", "frequency",
    "monetary", "tenure_days", "views", "events",
)  # fmt: skip
_KEY = "customer_key"


def assert_equal(ours: Path, theirs: Path) -> int:
    """Compare our customers.parquet with another, ours or pandas'. Return how many they are.

    Raises
    ------
    AssertionError
        They differ.
    """
    one = _comparable(pq.read_table(ours).to_pandas())
    two = _comparable(_keyed(pq.read_table(theirs).to_pandas()))
    return _compared(one, two)


def assert_equal_histories(ours: Path, theirs: Path) -> int:
    """Compare our buyers with a peer's frequency, recency, T and monetary_value. Return how many.

    Raises
    ------
    AssertionError
        They differ.
    """
    buyers = _buyers(ours)
    repeats = buyers["purchase_days"] - 1
    repeat_spend = (buyers["monetary"] - buyers["first_day_monetary"]).astype("float64")
    one = pd.DataFrame(
        {
            "frequency": repeats,
            "recency": buyers["tenure_days"] - buyers["recency_days"],
            "T": buyers["tenure_days"],
            "monetary_value": (repeat_spend / repeats.where(repeats > 0)).fillna(0),
        }
    )
    two = _keyed(pq.read_table(theirs).to_pandas()).set_index(_KEY)
    return _compared(one, two[list(one)])


def assert_equal_purchases(ours: Path, theirs: Path) -> int:
    """Compare our buyers with the compiled pass's customers.csv. Return how many.

    Raises
    ------
    AssertionError
        They differ.
    """
    buyers = _buyers(ours)
    one = pd.DataFrame(
        {
            "first_at": buyers["first_purchase_at"].dt.as_unit("s").astype("int64"),
            "last_at": buyers["last_purchase_at"].dt.as_unit("s").astype("int64"),
            "orders": buyers["frequency"],
            "days": buyers["purchase_days"],
            "cents": (buyers["monetary"] * 100).astype("int64"),
        }
    )
    return _compared(one, _keyed(pd.read_csv(theirs)).set_index(_KEY))


def _buyers(ours: Path) -> pd.DataFrame:
    everybody: pd.DataFrame = pq.read_table(ours).to_pandas().set_index(_KEY)
    return everybody[everybody["frequency"] > 0]


def _keyed(customers: pd.DataFrame) -> pd.DataFrame:
    if _KEY in customers:
        return customers
    key_of = customer_keys(SECRET, tenant=TENANT)
    customers[_KEY] = [key_of(each) for each in customers.pop("CustomerID")]
    return customers


def _compared(ours: pd.DataFrame, theirs: pd.DataFrame) -> int:
    one, two = (table.sort_index() for table in (ours, theirs))
    pd.testing.assert_frame_equal(one, two, check_dtype=False, atol=5e-5, rtol=0)
    return len(one)


def _comparable(customers: pd.DataFrame) -> pd.DataFrame:
    rows = customers.set_index(_KEY)[list(_COMPARED)]
    rows["monetary"] = rows["monetary"].astype("float64")
    for name in ("recency_days", "tenure_days"):
        rows[name] = rows[name].astype("float64")
    for name in _COMPARED[:3]:
        rows[name] = rows[name].dt.as_unit("us")
    return rows
