"""The development over runs, in the report."""

from __future__ import annotations

POINT = {
    "run_id": "a" * 16,
    "as_of": "2011-11-10",
    "customers": 4000,
    "buyers": 4000,
    "orders": 9000,
    "monetary": "7000000.00",
    "segments": {"Champions": 700, "Old label": 3300},
}


def test_one_run_is_no_trend(make_records, outline):
    assert "How the segments develop" not in outline(make_records()).text


def test_each_segment_has_its_size_in_each_run(make_records, outline):
    text = outline(make_records(earlier=[POINT])).text
    shown = " ".join(text.split("How the segments develop")[1].split("Who to save")[0].split())

    assert "2 runs from 10 November 2011 to 10 December 2011" in shown
    assert "All customers 4,000 4,338" in shown
    assert "Champions 700 796" in shown
    assert "Loyal – 405" in shown
    assert "Old label 3,300 –" in shown
    assert "Net money £7,000,000 £8,911,408" in shown
