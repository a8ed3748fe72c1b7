"""The events of a page: which are taken, as which records, and why others are not."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.names import ALIASES, EVENTS, event_of
from tessera.sources.collecting.body import read_body
from tessera.sources.collecting.events import FIELDS, TAKEN, read_events
from tessera.sources.collecting.refusals import NotCollected
from tessera.sources.dates.instants import parse_instant
from tessera.sources.recognition.contract import COLUMNS
from tests.sources.collecting.pages import NOW, body, event

SECRET = "ann@example.com"
_HEADERS = [
    name
    for column in COLUMNS
    if column.header not in FIELDS
    for name in (column.header, column.name, *column.accepted)
]


def records(*events: Any, **fields: Any) -> list[dict[str, str]]:
    read = read_events(read_body(body(*events, **fields)), now=NOW)
    return [one.record("acme") for one in read]


def refusal(*events: Any, **fields: Any) -> NotCollected:
    with pytest.raises(NotCollected) as refused:
        records(*events, **fields)
    return refused.value


def wrong(*events: Any, **fields: Any) -> dict[str, str]:
    return {part.where: part.what for part in refusal(*events, **fields).wrong}


def at(minutes: float) -> str:
    return (NOW + dt.timedelta(minutes=minutes)).isoformat()


# ---- what is taken -----------------------------------------------------------------------------


def test_a_record_has_the_contracts_headers_and_the_tenant_of_the_key():
    view = event(CustomerID=17, ProductCode="A 1", ProductName=" Blue\n shirt ")
    [record] = records(view)
    event_id = record.pop("EventID")
    assert event_id.startswith("web-")
    assert len(event_id) == 36
    assert record == {
        "Tenant": "acme",
        "CustomerID": "17",
        "EventName": "VIEWED",
        "Date": "2026-11-29T20:15:00.000Z",
        "ProductCode": "A 1",
        "ProductName": "Blue shirt",
    }


def test_a_page_may_name_the_category_and_without_it_an_event_keeps_its_id():
    [plain], [empty], [named] = (
        records(event(ProductCode="A", **more))
        for more in ({}, {"ProductCategory": " "}, {"ProductCategory": "Shirts"})
    )
    assert plain == empty
    assert plain["EventID"] == "web-f09e362f8768bfcd8c8dde7682069c92"
    assert named["ProductCategory"] == "Shirts"


@pytest.mark.parametrize(
    ("word", "event_name"),
    [("page view", "VIEWED"), ("Product_Viewed", "VIEWED"), ("add to cart", "PROCESSED"),
     ("SESSION", "SESSION")],
)  # fmt: skip
def test_a_word_that_we_know_is_written_as_ours(word, event_name):
    assert records(event(EventName=word))[0]["EventName"] == event_name


@given(
    st.lists(
        st.builds(
            event,
            CustomerID=st.one_of(
                st.integers(0, 2**53 - 1),
                st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1)
                .map(lambda text: text.replace("@", "a")),
            ),
            EventName=st.sampled_from(TAKEN),
            Date=st.integers(-24 * 60, 5).map(at),
            ProductName=st.text(st.characters(codec="utf-8", categories=("L", "Zs")), max_size=50),
            EventID=st.one_of(st.none(), st.text(st.characters(categories=("L",)), max_size=40)),
        ),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
def test_what_is_taken_is_complete_and_the_product_reads_it(events):
    made = records(*events)
    assert len(made) == len(events)
    for record, given_event in zip(made, events, strict=True):
        assert record["CustomerID"] == " ".join(str(given_event["CustomerID"]).split())
        assert set(record) <= {"Tenant", *FIELDS}
        instant = parse_instant(record["Date"], zone=dt.UTC)
        assert instant == dt.datetime.fromisoformat(given_event["Date"])


# ---- ids ---------------------------------------------------------------------------------------


def ids(*events: Any, **fields: Any) -> list[str]:
    return [record["EventID"] for record in records(*events, **fields)]


def test_a_beacon_sent_again_has_the_same_ids_by_whatever_clock():
    view = event(Date=at(-90))
    skewed = ids(view, sent_at=at(-89))
    assert ids(view) == skewed == ids(view, sent_at=at(-80))


def test_each_part_of_an_event_makes_another_id():
    others = [
        event(CustomerID="c-2"), event(EventName="SESSION"), event(Date=at(-1)),
        event(ProductCode="A"), event(ProductName="A"), event(EventID="A"),
    ]  # fmt: skip
    assert len(set(ids(event(), *others))) == 7


def test_a_pages_own_id_counts_once_for_a_customer_and_is_never_an_orders():
    own, again = event(EventID="1001"), event(EventID="1001", Date=at(-5), ProductCode="B")
    assert ids(own) == ids(again)
    assert ids(own) != ids(event(EventID="1001", CustomerID="c-2"))
    assert all(made.startswith("web-") for made in ids(own, event(EventID="web-1")))


# ---- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [5, 0, -24 * 60])
def test_a_time_of_the_last_day_is_kept_as_it_is(minutes):
    [record] = records(event(Date=at(minutes)))
    assert dt.datetime.fromisoformat(record["Date"]) == NOW + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "wrong_date",
    [at(6), at(-24 * 60 - 1), "2026-11-29", "2026-11-29T20:00:00", "now", 5, "", None,
     "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"],
)  # fmt: skip
def test_another_time_is_refused(wrong_date):
    assert list(wrong(event(Date=wrong_date))) == ["events[0].Date"]


@pytest.mark.parametrize("days", [-20_000, -1, 1, 2_000])
def test_a_wrong_clock_is_corrected_by_the_time_of_sending(days):
    sent = NOW + dt.timedelta(days=days)
    view = event(Date=(sent - dt.timedelta(minutes=3)).isoformat())
    [record] = records(view, sent_at=sent.isoformat())
    assert dt.datetime.fromisoformat(record["Date"]) == NOW - dt.timedelta(minutes=3)


def test_a_clock_that_differs_a_little_is_left_alone():
    [record] = records(event(Date=at(-10)), sent_at=at(-4))
    assert dt.datetime.fromisoformat(record["Date"]) == NOW - dt.timedelta(minutes=10)


def test_a_correction_beyond_the_calendar_is_refused():
    view = event(Date="9999-12-31T23:59:59+00:00")
    assert "events[0].Date" in wrong(view, sent_at="2020-01-01T00:00:00+00:00")


# ---- what a visitor could invent ---------------------------------------------------------------


@pytest.mark.parametrize("word", [word for event in EVENTS for word in (event, *ALIASES[event])])
@pytest.mark.parametrize("spelled", [str, str.title, lambda word: f" {word.upper()}_"])
def test_only_events_of_a_visit_are_taken_in_any_spelling(word, spelled):
    sent = event(EventName=spelled(word))
    if event_of(word) in TAKEN:
        assert records(sent)[0]["EventName"] == event_of(word)
    else:
        assert list(wrong(sent)) == ["events[0].EventName"]


@pytest.mark.parametrize("word", ["", "Compra", "ＰＵＲＣＨＡＳＥＤ", "PURCH\u200bASED", None])
def test_a_word_that_nobody_knows_is_refused(word):
    assert list(wrong(event(EventName=word))) == ["events[0].EventName"]


@pytest.mark.parametrize("header", _HEADERS)
def test_no_column_of_money_or_of_a_person_is_taken_in_any_language(header):
    refused = refusal(event(**{header: SECRET}))
    assert [part.where for part in refused.wrong] == ["events[0]"]
    assert SECRET not in refused.wrong[0].what + refused.detail


def test_money_is_refused_by_its_own_name_and_an_address_by_its_own():
    assert "means Amount" in wrong(event(total=5))["events[0]"]
    assert "means Email" in wrong(event(mail=SECRET))["events[0]"]


@pytest.mark.parametrize("customer", [None, "", "  ", SECRET])
def test_nobody_is_collected_without_an_id_or_under_an_address(customer):
    refused = refusal(event(CustomerID=customer))
    assert [part.where for part in refused.wrong] == ["events[0].CustomerID"]
    assert SECRET not in refused.wrong[0].what


# ---- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [True, 1.5, [], {}, "x" * 201, "a\x00b", "\ud800", 2**60], ids=repr
)
@pytest.mark.parametrize("header", FIELDS)
def test_a_value_of_another_form_is_refused_at_its_field(header, value):
    parts = wrong(event(), event(**{header: value}))
    assert f"events[1].{header}" in parts


def test_one_wrong_event_refuses_the_body_and_ten_are_named():
    assert list(wrong(*[event()] * 3, event(CustomerID=None))) == ["events[3].CustomerID"]
    assert len(wrong(*[event(CustomerID=None)] * 50)) == 10


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
_MARK = "zqx"


@given(
    st.dictionaries(
        st.sampled_from(FIELDS) | st.text(max_size=9).map(lambda text: _MARK + text),
        _JSON | st.text(max_size=9).map(lambda text: _MARK + text),
        max_size=6,
    )
)
def test_no_event_is_anything_but_taken_or_refused_and_no_answer_repeats_it(given_event):
    try:
        text = json.dumps(
            {"key": "", "consent": True, "events": [given_event]}, allow_nan=False
        ).encode()
    except ValueError:
        return
    try:
        read_events(read_body(text), now=NOW)
    except NotCollected as refused:
        answer = refused.detail + "".join(part.where + part.what for part in refused.wrong)
        assert _MARK not in answer
