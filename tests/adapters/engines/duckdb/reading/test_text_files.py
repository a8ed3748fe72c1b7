"""Files as shops really have them: which rows count, and what the others cost."""

from __future__ import annotations

import pytest

from adapters.engines.prepare import check_customers
from tests.reference import case

HEADER = "CustomerID,Date,Amount,City\n"
PLAIN = "".join(f"c{n},2026-01-05,1.50,Köln\n" for n in range(300))


def test_one_stray_byte_costs_no_customer(check, fold):
    path = case("49-one-stray-byte-in-a-city")
    checked, folded = check(path.read_bytes()), fold(path)
    assert (checked.accepted, checked.rejected) == (197, {})
    assert len(folded.customers) == 62
    assert {row["customer_id"] for row in folded.identities} == set(folded.customers)
    cities = {row["customer_id"]: row["city"] for row in folded.identities}
    assert (cities["STRAY1"], cities["C0000"]) == ("München", "Köln")


@pytest.mark.parametrize("late", [False, True], ids=["in the first rows", "after a megabyte"])
def test_rows_in_a_second_encoding_are_read_where_they_only_describe(fold, late):
    """Files of two tools, joined: what a row means must be text, the rest is read."""
    rows = PLAIN * (400 if late else 1)
    body = (HEADER + rows).encode() + "x,2026-01-05,2,Münster\nü,2026-01-05,2,Hof\n".encode(
        "cp1252"
    )
    folded = fold(body)
    assert [reject.code for reject in folded.rejects] == ["bad_encoding"]
    assert {row["city"] for row in folded.identities} == {"Köln", "Münster"}
    assert {row["customer_id"] for row in folded.identities} == set(folded.customers)


def test_windows_1252_in_a_cell_that_only_describes_is_noticed_after_a_megabyte(fold):
    rows = "".join(f"c{n},2026-01-05,1.50,Hof\n" for n in range(20_000))
    folded = fold(f"{HEADER}{rows}x,2026-01-05,1.50,Köln\n".encode("cp1252"))
    assert folded.rejects == []
    assert {row["customer_id"]: row["city"] for row in folded.identities}["x"] == "Köln"


def test_customers_without_an_identity_stop_the_job():
    check_customers(with_events=62, identified=62)
    with pytest.raises(AssertionError, match="62 customers have events, but 61 have an identity"):
        check_customers(with_events=62, identified=61)
