"""Whether two contenders found the same customers."""

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


def assert_equal(ours: Path, theirs: Path) -> int:
    """Compare our customers.parquet with pandas'; return how many customers there are.

    Raises
    ------
    AssertionError
        They differ.
    """
    key_of = customer_keys(SECRET, tenant=TENANT)
    other = pq.read_table(theirs).to_pandas()
    other["customer_key"] = [key_of(each) for each in other.pop("CustomerID")]
    one = _comparable(pq.read_table(ours).to_pandas())
    two = _comparable(other)
    pd.testing.assert_frame_equal(one, two, check_dtype=False, atol=5e-5, rtol=0)
    return len(one)


def _comparable(customers: pd.DataFrame) -> pd.DataFrame:
    rows = customers.set_index("customer_key").sort_index()[list(_COMPARED)]
    rows["monetary"] = rows["monetary"].astype("float64")
    for name in ("recency_days", "tenure_days"):
        rows[name] = rows[name].astype("float64")
    for name in _COMPARED[:3]:
        rows[name] = rows[name].dt.as_unit("us")
    return rows
