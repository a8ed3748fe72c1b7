"""The state of the console's tests is made once for each state of the sources."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from tools.console_state import ROOT, SOURCES, digest_of, ensure, write_some


def test_a_state_is_made_once_and_again_after_a_change(tmp_path):
    state, made = tmp_path / "state", []

    def make(folder):
        made.append(folder)
        folder.mkdir()
        (folder / f"run-{len(made)}").touch()

    assert ensure(state, digest="a", make=make)
    assert not ensure(state, digest="a", make=make)
    assert ensure(state, digest="b", make=make)
    assert made == [state, state]
    assert not (state / "run-1").exists(), "the older state is still there"


def test_a_state_whose_run_failed_is_made_again(tmp_path):
    def fail(folder):
        folder.mkdir()
        raise SystemExit("the run failed")

    with pytest.raises(SystemExit):
        ensure(tmp_path / "state", digest="a", make=fail)
    assert ensure(tmp_path / "state", digest="a", make=Path.mkdir)


def test_the_digest_changes_with_bytes_and_names_and_not_with_compiled_code(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text("1")
    digests = [digest_of(tmp_path, ["room"])]
    (tmp_path / "room" / "a.cpython.pyc").write_text("compiled")
    assert digest_of(tmp_path, ["room"]) == digests[0]
    (tmp_path / "room" / "a.py").write_text("2")
    digests.append(digest_of(tmp_path, ["room"]))
    (tmp_path / "room" / "a.py").rename(tmp_path / "room" / "b.py")
    digests.append(digest_of(tmp_path, ["room"]))
    assert len(set(digests)) == 3


def test_every_fourth_customer_keeps_all_rows(tmp_path):
    rows = [["Name", "CustomerID"], ["a, b", "12"], ["c", "13"], ["d", "12"], ["e", "16"]]
    with gzip.open(tmp_path / "all.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    write_some(tmp_path / "all.csv.gz", tmp_path / "some.csv")
    with (tmp_path / "some.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [row for row in rows if row[1] != "13"]


def test_every_source_exists():
    assert all((ROOT / name).exists() for name in SOURCES)
