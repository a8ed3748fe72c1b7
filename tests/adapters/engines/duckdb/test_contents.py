"""What validate says of a file: each kind of fault once, and what a shop's dashboard shows."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

HEADER = "customer_id,date,event,amount,order_id,event_id\n"


def test_figures_by_month_are_those_of_the_shop_s_own_days(check):
    rows = (
        "a,2026-01-31T22:30:00Z,purchase,10,1,\n"
        "a,2026-01-31T22:30:00Z,purchase,5,1,\n"
        "b,2026-01-31T23:30:00Z,purchase,20,2,\n"
        "b,2026-02-10T12:00:00Z,refund,8,2,\n"
        "c,2026-03-01T12:00:00Z,view,,,\n"
    )
    holds = check(HEADER + rows, time_zone="Europe/Berlin").contents
    assert (holds.first, holds.last) == (dt.date(2026, 1, 31), dt.date(2026, 3, 1))
    assert (holds.customers, holds.orders, holds.net) == (3, 2, Decimal("27.00"))
    months = [(one.month, one.customers, one.orders, one.net) for one in holds.months]
    assert months == [
        ("2026-01", 1, 1, Decimal("15.00")),
        ("2026-02", 1, 1, Decimal("12.00")),
        ("2026-03", 1, 0, Decimal("0.00")),
    ]


def test_rows_without_an_order_id_are_one_order_at_one_instant(check):
    rows = "a,2026-01-01T10:00:00Z,purchase,1,,\n" * 2 + "a,2026-01-01T11:00:00Z,purchase,1,,\n"
    assert check(HEADER + rows).contents.orders == 2


def test_a_repeated_event_counts_once(check):
    rows = "a,2026-01-01,purchase,10,1,e1\na,2026-01-01,purchase,10,1,e1\n"
    holds = check(HEADER + rows).contents
    assert (holds.orders, holds.net) == (1, Decimal("10.00"))


def test_each_kind_of_fault_is_named_once_with_its_number_and_first_cell(check):
    rows = (
        "a,2026-01-01,purchase,1.00,1,\n"
        "a,2026-01-01,purchase,a lot,2,\n"
        "a,,purchase,2.00,3,\n"
        "a,2026-01-01,purchase,much,4,\n"
        "a,2026-01-01,purchase\n"
    )
    checked = check(HEADER + rows)
    kinds = {kind.code: kind for kind in checked.kinds}
    assert {code: kind.rows for code, kind in kinds.items()} == checked.rejected
    money = kinds["bad_amount"]
    assert (money.rows, money.line, money.column, money.cell) == (2, 3, "amount", "a lot")
    assert "decimal" in money.advice
    undated = kinds["missing_date"]
    assert (undated.line, undated.column, undated.cell) == (4, "date", "")
    whole = kinds["wrong_columns"]
    assert (whole.line, whole.column) == (6, "")
    assert whole.cell == "a,2026-01-01,purchase"
    assert checked.kinds[0].code == "bad_amount"


def test_a_quoted_cell_is_shown_without_its_quotes_and_a_long_one_is_cut(check):
    rows = f'a,2026-01-01,purchase,"a, lot",1,\nb,"{"x" * 500}",purchase,1,2,\n'
    cells = {kind.code: kind.cell for kind in check(HEADER + rows).kinds}
    assert cells["bad_amount"] == "a, lot"
    assert len(cells["bad_date"]) == 60


@pytest.mark.parametrize("rows", ["a,2026-01-01,purchase,1.00,1,\n", "a,never,purchase,1,1,\n"])
def test_all_of_it_can_be_written_as_json(check, rows):
    facts = check(HEADER + rows).to_dict()
    assert json.loads(json.dumps(facts, default=str))["contents"]["orders"] in (0, 1)
