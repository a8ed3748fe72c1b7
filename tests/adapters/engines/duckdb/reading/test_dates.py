"""Dates of whole files: the fast path, the slow one and the product's own reader agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.sources.dates.instants import parse_instant, zone_of
from tessera.sources.dates.order import decide_dates
from tests.reference import case

HEADER = "CustomerID,Date,Amount\n"
FORMS = (
    "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%m-%Y",
    "%d/%m/%Y %I:%M %p", "%d/%m/%y", "%d %b %Y %H:%M", "%Y-%m-%dT%H:%M:%SZ",
)  # fmt: skip
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2026, 10, 30))  # noqa: DTZ001
ODD = st.sampled_from(
    ("31/02/2026", " 1/2/2026 ", "1/2/2026 3:4", "1/2/6", "1/2/68", "13/13/2026", "12/31/2025", "")
)


def test_american_dates_of_a_spreadsheet(check, fold):
    path = case("14-us-dates-from-excel")
    checked = check(path.read_bytes())
    assert (checked.accepted, checked.rejected) == (194, {})
    assert checked.source.dates.startswith("month first, as 1/")
    first = fold(path).customers["12001"]["first_purchase_at"]
    assert first == dt.datetime(2025, 1, 30, 16, 13, tzinfo=dt.UTC)


def test_german_dates_with_dots(check, fold):
    path = case("15-german-dotted-dates")
    own = {"columns": {"customer_id": "Kunde", "date": "Datum", "amount": "Betrag"}}
    assert check(path.read_bytes(), **own).rejected == {}
    first = fold(path, **own).customers["C0001"]["first_purchase_at"]
    assert first == dt.datetime(2025, 1, 30, 16, 13, tzinfo=dt.UTC)


def test_a_time_of_day_in_a_column_of_its_own_is_the_dates(fold):
    path = case("45-square-split-date-time")
    own = {"columns": {"amount": "Net Sales"}, "time_zone": "America/New_York"}
    first = fold(path, **own).customers["C0001"]["first_purchase_at"]
    assert first == dt.datetime(2025, 1, 30, 21, 13, tzinfo=dt.UTC)


def test_one_day_above_twelve_settles_the_whole_file(fold):
    folded = fold(HEADER + "c1,25/12/2025 10:00,10.00\nc3,01/02/2026 09:00,5.00\n")
    assert folded.customers["c3"]["first_purchase_at"].date() == dt.date(2026, 2, 1)
    late = "".join(f"c{n},0{n % 9 + 1}/02/2026,1.50\n" for n in range(900))
    folded = fold(f"{HEADER}{late}z,05/31/2026,1.50\n")
    assert folded.customers["c0"]["first_purchase_at"].date() == dt.date(2026, 1, 2)


def test_a_file_that_shows_no_order_is_refused_until_the_setting_says_it(check):
    body = HEADER + "a,03/04/2026,1.50\nb,05/06/2026,1.50\n"
    with pytest.raises(InvalidInput, match=r"'03/04/2026', which is 2026-04-03 .*'dates' to dmy"):
        check(body)
    for setting in ("dmy", "mdy", "%m/%d/%Y"):
        assert check(body, dates=setting).rejected == {}


def test_a_slip_costs_its_row_and_a_mixture_its_file(check):
    rows = "".join(f"c{n},{n % 18 + 13}/01/2026,1.50\n" for n in range(600))
    checked = check(f"{HEADER}{rows}z,01/31/2026,1.50\n")
    assert checked.rejected == {"contrary_date": 1}
    assert (checked.rejects[0].line, checked.rejects[0].column) == (602, "Date")
    other = "".join(f"d{n},01/{n % 18 + 13}/2026,1.50\n" for n in range(100))
    with pytest.raises(InvalidInput, match="both '13/01/2026' and '01/13/2026'"):
        check(f"{HEADER}{rows}{other}")


def test_dates_after_the_upload_cost_their_rows_on_both_paths(check):
    uploaded = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    rows = "a,2026-04-30,1.50\n" * 60 + "a,2026-05-01T23:59:59Z,1.50\nb,2062-01-01,1.50\n"
    checked = check(f"{HEADER}{rows}c,1 May 2027,1.50\n", uploaded_at=uploaded)
    assert checked.rejected == {"date_in_future": 2}


def test_a_late_date_of_another_kind_is_not_guessed(check):
    rows = "a,2026-04-30,1.50\n" * 600
    assert check(f"{HEADER}{rows}b,03/04/2026,1.50\n").rejected == {"ambiguous_date": 1}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    form=st.sampled_from(FORMS),
    moments=st.lists(MOMENTS, min_size=1, max_size=12),
    odd=st.lists(ODD, max_size=3),
    month_first=st.booleans(),
)
def test_the_engine_reads_what_the_reader_reads(fold, form, moments, odd, month_first):
    if month_first:
        form = form.replace("%d/%m", "%m/%d")
    texts = [*(moment.strftime(form) for moment in moments), *odd]
    setting = "mdy" if month_first else "dmy"
    dates = decide_dates(texts, setting=setting, name="a.csv")
    paris = zone_of("Europe/Paris")
    expected = {}
    for number, text in enumerate(texts):
        try:
            expected[f"c{number}"] = parse_instant(text, zone=paris, dates=dates)
        except ValueError:
            continue
    body = HEADER + "".join(f'c{n},"{text}",1.50\n' for n, text in enumerate(texts))
    keep = f"keep,{dt.date(2026, 10, 31):%Y-%m-%d},1.50\n"  # at least one row is an event
    folded = fold(body + keep, dates=setting, time_zone="Europe/Paris", max_bad_share=1.0)
    first_purchases = {name: row["first_purchase_at"] for name, row in folded.customers.items()}
    assert first_purchases.pop("keep") is not None
    assert first_purchases == expected
    assert folded.money == Decimal("1.5") * (len(expected) + 1)
