"""The top of the report: figures of one scope, each with its unit."""

from __future__ import annotations

import pytest

from tessera.records.codec import encode

REACH = {
    "Champions": {"customers": 796, "email": 612, "phone": 40, "ad_consent": 5},
    "Lost": {"customers": 3542, "email": 0, "phone": 1, "ad_consent": 0},
}


@pytest.fixture
def tiles(outline):
    """Return the names and the figures of the headline."""

    def read(records):
        text = outline(records).text.split("What moved")[0].split("Champions")[0]
        return " ".join(text.split())

    return read


def test_the_figures_are_all_of_the_period_that_counts(make_records, tiles):
    records = make_records(prepare={"repeat_buyers": 2845, "median_days_to_second_order": 35.5})

    text = tiles(records)

    assert "Repeat rate 65.6 % 2,845 of 4,338 buyers ordered again" in text
    assert "Time to second order 35.5 days" in text
    assert "Average order value £" in text
    assert "Rows accepted" not in text  # of the upload alone


def test_a_record_that_did_not_count_shows_no_figure_instead_of_zero(make_records, tiles):
    text = tiles(make_records(prepare={"repeat_buyers": None}))

    assert "Repeat rate" not in text
    assert "Can be e-mailed" not in text


def test_nobody_with_a_second_order_has_no_time_to_it(make_records, tiles):
    records = make_records(prepare={"repeat_buyers": 0, "median_days_to_second_order": None})

    assert "Time to second order – nobody ordered on a second day" in tiles(records)


def test_money_without_a_currency_says_so(make_records, tiles):
    assert "currency not given" in tiles(make_records(prepare={"currency": ""}))


def test_it_says_how_many_customers_can_be_contacted(make_records, outline):
    loads = [load | {"reach": REACH} for load in _loads(make_records)]

    text = " ".join(outline(make_records(loads=loads)).text.split())

    assert "You can e-mail 612 of 796 Champions, and 612 of all 4,338 customers. They have" in text
    assert "Can be called 41 of 4,338 customers" in text


def _loads(make_records):
    return [encode(load) for load in make_records().loads]
