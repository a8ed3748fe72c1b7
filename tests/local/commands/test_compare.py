"""What moved between two runs."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from local.commands.compare import facts_of, lines

LABELS = ["Champions", "New", "Lost"]


def described(run_id, *customers):
    keys, segments, money = zip(*customers, strict=True)
    return {
        "run": {
            "run_id": run_id, "as_of": "2026-01-01", "upload": "uploads/a.csv",
            "customers": len(customers), "monetary": str(sum(money)), "currency": "EUR",
        },
        "labels": LABELS,
        "profiles": pa.table(
            {
                "customer_key": list(keys),
                "segment": list(segments),
                "monetary": pa.array(map(Decimal, money), pa.decimal128(18, 2)),
            }
        ),
    }  # fmt: skip


def compared():
    return facts_of(
        described("aaaa", ("1", "New", 10), ("2", "New", 20), ("3", "Champions", 500)),
        described("bbbb", ("1", "Champions", 110), ("2", "New", 20), ("4", "New", 5)),
    )


def test_segments_are_compared_in_customers_and_money():
    by_label = {one["label"]: one for one in compared()["segments"]}
    assert by_label["New"] == {
        "label": "New",
        "customers_before": 2, "monetary_before": "30.00",
        "customers_after": 2, "monetary_after": "25.00",
    }  # fmt: skip
    assert by_label["Lost"]["customers_after"] == 0


def test_moves_are_counted_with_those_who_came_and_left():
    assert compared()["moves"] == [
        {"from": "", "to": "New", "customers": 1},
        {"from": "Champions", "to": "", "customers": 1},
        {"from": "New", "to": "Champions", "customers": 1},
    ]


def test_a_person_reads_both_runs_the_segments_and_the_moves():
    text = "\n".join(lines(compared()))
    assert "aaaa  as of 2026-01-01, uploads/a.csv: 3 customers, 530.00 EUR" in text
    assert "(not in the run)" in text
    same = described("aaaa", ("1", "New", 10))
    assert "Nobody moved." in "\n".join(lines(facts_of(same, same)))
