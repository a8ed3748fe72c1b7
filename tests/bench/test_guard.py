"""The guard reports when a part costs more than a quarter above what was accepted last."""

from __future__ import annotations

import json

import pytest

from bench.guard import ratios
from bench.report import ratio_document, ratio_table


def test_a_quarter_more_is_met_and_more_than_that_is_not():
    seconds = {"pandas": 2.0, "summary": 2.5, "prepare": 5.2}
    summary, prepare = ratios(seconds, {"summary": 1.0, "prepare": 2.0})
    assert (summary.measured, summary.target, summary.met) == (1.25, 1.25, True)
    assert (prepare.measured, prepare.target, prepare.met) == (2.6, 2.5, False)
    assert (prepare.ours, prepare.beside) == ("5.2 s", "2.0 s")


def test_a_part_that_was_never_accepted_is_an_error():
    with pytest.raises(KeyError, match="score"):
        ratios({"pandas": 2.0, "score": 1.0}, {"prepare": 2.0})


def test_the_table_and_the_json_have_the_same_ratios():
    made = ratios({"pandas": 2.0, "prepare": 5.2}, {"prepare": 2.0})
    (row,) = ratio_table(made)[2:]
    assert [cell.strip() for cell in row.split("|")[2:-1]] == [
        "5.2 s",
        "2.0 s",
        "2.60",
        "≤ 2.5",
        "no",
    ]
    (kept,) = json.loads(ratio_document(made))["ratios"]
    assert (kept["measured"], kept["target"], kept["met"]) == (2.6, 2.5, False)
