from __future__ import annotations

import numpy as np
import pytest

from adapters.tables import column_files
from adapters.tables.column_files import ColumnFiles, NumberPile


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


def test_a_column_keeps_the_type_of_its_first_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(column_files, "_AT_ONCE", 2)
    files = ColumnFiles(tmp_path)
    files.append({"place": np.array([3, -1], np.int16)})
    files.append({"place": np.array([7], np.int64)})
    column = files["place"]
    assert (column[:].dtype, len(column)) == (np.int16, 3)
    assert [block.tolist() for block in column.blocks()] == [[3, -1], [7]]


def test_a_pile_gives_back_all_numbers(tmp_path):
    pile = NumberPile(tmp_path / "pile")
    assert [*pile.blocks()] == []
    pile.append(np.array([1.5, 2.5]))
    pile.append(np.zeros(0))
    pile.append(np.array([-3.0]))
    assert np.concatenate([*pile.blocks()]).tolist() == [1.5, 2.5, -3.0]
