"""The folder that ``serve --watch`` looks at."""

from __future__ import annotations

import pytest

from local.app.inputs.files import check_source, parts
from local.commands.serve import Watcher
from tessera.errors import InvalidInput


def test_a_file_of_any_type_arrives_once_it_no_longer_grows(tmp_path):
    (tmp_path / "old.csv").write_text("a")
    (tmp_path / "acme").mkdir()
    watcher = Watcher(tmp_path)
    wanted = [tmp_path / "ORDERS.CSV", tmp_path / "orders.xls", tmp_path / "acme" / "x.xlsx"]
    for path in (*wanted, tmp_path / ".DS_Store", tmp_path / "_SUCCESS"):
        path.write_text("a")
    assert watcher.arrived() == []
    assert sorted(watcher.arrived()) == sorted(wanted)
    assert [watcher.tenant(path) for path in wanted] == ["default", "default", "acme"]
    assert watcher.arrived() == []


def test_a_file_that_cannot_be_read_is_named_alone_and_in_a_folder(tmp_path):
    (tmp_path / "orders.csv").write_text("a")
    (tmp_path / ".DS_Store").write_text("a")
    assert parts(tmp_path) == [tmp_path / "orders.csv"]
    old = tmp_path / "orders.xls"
    old.write_text("a")
    for source in (old, tmp_path):
        with pytest.raises(InvalidInput, match=r"orders\.xls has an unknown type: expected \.csv"):
            check_source(source)
