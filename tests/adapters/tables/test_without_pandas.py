"""Arrow's first list, in processes that have not imported pandas."""

from __future__ import annotations

import subprocess
import sys

_FIRST_LIST = """
import sys
import adapters.tables.parquet
import pyarrow as pa
table = pa.table({"amount": [1.5, None]})
assert "pandas" not in sys.modules, "a list was enough to import it"
assert table.to_pandas()["amount"].isna().tolist() == [False, True]
import pandas as pd
missing = pa.array(pd.Series([1.5, float("nan")]))
assert missing.null_count == 1, "a column of pandas' is one again"
"""


def test_a_list_imports_no_pandas_and_who_asks_for_pandas_gets_it(root):
    subprocess.run([sys.executable, "-c", _FIRST_LIST], check=True, cwd=root)
