from __future__ import annotations

import numpy as np
import pytest

from adapters.tables.column_files import ColumnFiles


def test_columns_come_back_whole_and_in_part(tmp_path):
    files = ColumnFiles(tmp_path / "new")
    rows = np.array([1.5, np.nan, 3.0, -4.0, 0.1])
    for part in (slice(0, 2), slice(2, 2), slice(2, 5)):
        files.append({"a": rows[part], "b": 2 * rows[part]})
    assert np.array_equal(files["a"][:], rows, equal_nan=True)
    assert files["b"][2:4].tolist() == [6.0, -8.0]
    assert files["b"][4:9].tolist() == [0.2]  # no more than there are
    assert {name: len(values) for name, values in files.rows(slice(1, 4)).items()} == {
        "a": 3,
        "b": 3,
    }
    assert list(files) == ["a", "b"]
    with pytest.raises(KeyError):
        files["c"]


def test_one_value_may_stand_for_all_rows(tmp_path):
    files = ColumnFiles(tmp_path)
    files.append({"none": np.broadcast_to(np.nan, 4), "empty": np.zeros(0)})
    assert np.isnan(files["none"][:]).tolist() == [True] * 4
    assert files["empty"][:].shape == files["empty"][0:0].shape == (0,)
