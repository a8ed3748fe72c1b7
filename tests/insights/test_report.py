"""The report: complete, readable without anything else, and unbreakable by data."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import re
import typing
from collections.abc import Mapping
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.insights import figures
from tessera.insights.manifest import manifest
from tessera.insights.report.drawing import charts
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.page import render
from tessera.insights.report.scores import money_range, whole_range
from tessera.plurals import plural
from tessera.records.codec import encode
from tessera.records.fields import json_fields, optional
from tessera.settings import RunSettings

HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=y>&amp;"


def page(records):
    return render(records, manifest(records))


@pytest.fixture(params=["without forecasts", "cdnow", "online_retail"])
def records(request, make_records, shop_records):
    """A run of a version without forecasts, one that publishes and one that withholds them."""
    name = request.param
    return make_records() if name == "without forecasts" else shop_records(name)


# ---- what it says ----------------------------------------------------------------------------


def test_it_says_what_a_marketer_asks_for(make_records, outline):
    text = outline(make_records()).text
    for expected in (
        "as of 10 December 2011", "4,338", "£8,911,408", "£483.27",
        "Champions", "18.3 %", "62.0 %", "Reward them",
        "514 rejected", "bad_date", "The date cannot be read",
        "Cluster 1", "recent, frequent, high spend",
        "434", "addresses shared by several customers",
        "1495 of 4338 customers share one value",
    ):  # fmt: skip
        assert expected in text


def test_it_links_to_its_run_in_the_console_if_there_is_one(make_records):
    records = make_records()
    assert 'href="http' not in render(records, manifest(records))
    origin = "https://console.example.com"
    made = render(records, manifest(records), console=origin)
    assert set(re.findall(r'href="(https:[^"]*)"', made)) == {
        f"{origin}/#/runs/{records.run_id}",
        *(
            f"{origin}/#/{name}?run={records.run_id}"
            for name in ("overview", "segments", "movement", "trust")
        ),
    }


def test_it_says_what_a_data_scientist_asks_for(make_records, outline):
    records = make_records()
    text = outline(records).text
    made = manifest(records).reproducible
    for expected in (
        "≥ 181", "0–13", "> £250.15 to £490.22", "1,495",
        records.run_id, records.ticket.settings_digest, made.given_digest,
        made.made_digest, made.given.inputs[0].sha256,
    ):  # fmt: skip
        assert expected in text


def test_every_segment_and_cell_is_shown(make_records, outline):
    records = make_records()
    page = outline(records)
    for row in records.score.segments:
        shown = row.customers > 0 or row.label != "Prospect"
        assert (f" {row.label} " in page.text) == shown or row.label == "Prospect"
    cells = [a for a in page.named("td") if (a.get("class") or "").startswith("h")]
    assert len(cells) == 2 * records.score.scale**2


# ---- how it is made ----------------------------------------------------------------------------


def test_it_needs_nothing_else_and_is_small(records):
    text = page(records)
    assert len(text.encode()) < 150_000
    assert not re.search(r"https?://|@import|url\(|<script|<link|<img", text)


def test_it_is_the_same_for_the_same_records(records):
    assert page(records) == page(copy.deepcopy(records))


def test_it_can_be_read_without_seeing_it(records, outline):
    page = outline(records)
    assert page.named("html")[0]["lang"] == "en"
    tables = page.named("table")
    assert len(page.named("caption")) == len(tables) > 5
    for picture in page.named("svg"):
        assert picture.get("aria-hidden") == "true" or picture.get("aria-label")
    assert all(head.get("scope") for head in page.named("th"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = [a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a]
    assert set(labels) <= set(ids)


def _luminance(colour: str) -> float:
    parts = colour.lstrip("#")
    parts = "".join(c * 2 for c in parts) if len(parts) == 3 else parts
    channels = [int(parts[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_have_contrast(make_records, theme):
    text = page(make_records())
    light, dark = (
        dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", block))
        for block in re.findall(r":root\{(.*?)\}", text, re.DOTALL)[:2]
    )
    colours = light if theme == "light" else light | dark
    for ground in ("paper", "surface"):
        for ink in ("ink", "muted", "accent"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert _contrast(colours["muted"], colours["soft"]) >= 4.5
    for ground in ("soft", "warn"):
        assert _contrast(colours["ink"], colours[ground]) >= 4.5, ground
    for level in range(1, 9):
        ink = colours["lo"] if level <= 5 else colours["hi"]
        assert _contrast(ink, colours[f"h{level}"]) >= 4.5, level
    for index in range(1, charts.COLOURS + 1):
        assert _contrast(colours[f"k{index}"], colours["surface"]) >= 3, index


# ---- whatever the data -------------------------------------------------------------------------


def hostile(value):
    """Return the same records with every free text of theirs turned against the page."""
    if dataclasses.is_dataclass(value) and not isinstance(value, RunSettings):
        fields = json_fields(type(value)).values()
        free = [field.name for field, hint in fields if Literal not in origins(hint)]
        return dataclasses.replace(value, **{name: hostile(getattr(value, name)) for name in free})
    if isinstance(value, Mapping):
        return {key: hostile(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    is_figure = isinstance(value, str) and re.fullmatch(r"-?[\d.]+", value)
    return HOSTILE if isinstance(value, str) and not is_figure else value


def origins(hint):
    return {typing.get_origin(hint), typing.get_origin(optional(hint))}


def test_no_text_of_the_data_becomes_markup(records, outline):
    changed = hostile(records)
    rows = dataclasses.replace(changed.prepare.rows, rejected={HOSTILE: 514}, ignored={HOSTILE: 14})
    prepare = dataclasses.replace(changed.prepare, rows=rows, warnings=(HOSTILE,))
    page = outline(dataclasses.replace(changed, prepare=prepare))
    usual = {tag for tag, _ in outline(records).tags}
    assert {tag for tag, _ in page.tags} <= usual
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "<script>alert(1)</script>" in page.text


@given(st.text(), st.text())
def test_an_element_holds_exactly_its_text(read_html, text, attribute):
    parsed = read_html(element("p", text, title=attribute))
    ((_, attributes),) = parsed.tags
    written = element("p", text, title=attribute)
    assert written.count("<") == 2
    # A parser reads CR as LF and drops NUL. Nothing else may change.
    if not re.search("[\r\0]", text + attribute):
        assert parsed.text.removesuffix(" ") == text
        assert attributes["title"] == attribute


def test_markup_is_not_escaped_twice():
    assert element("p", element("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert isinstance(element("p"), Html)


def test_a_run_without_customers_still_reports(make_records, outline):
    clean = make_records()
    nobody = {"customers": 0, "share": 0.0, "monetary": "0.00", "monetary_share": 0.0,
              "mean_recency_days": None, "median_recency_days": None, "mean_frequency": None,
              "mean_order_value": None}  # fmt: skip
    score = {
        "customers": 0, "buyers": 0, "orders": 0, "monetary": "0.00", "clusters": [],
        "segments": [{**encode(row), **nobody} for row in clean.score.segments],
        "grid": [[{"customers": 0, "monetary": "0.00"}] * 5] * 5,
        "bins": {name: [0] * 5 for name in clean.score.bins},
    }  # fmt: skip
    rows = {"read": 0, "accepted": 0, "ignored": {}, "rejected": {}}
    page = outline(make_records(score=score, prepare={"rows": rows, "warnings": []}))
    assert "Nothing new." in page.text
    assert "Clusters" not in page.text


def test_it_says_how_many_orders_were_known_already(make_records, outline):
    known = "orders were known already and counted once"
    history = encode(make_records().prepare.history)
    assert known not in outline(make_records()).text
    records = make_records(prepare={"history": {**history, "known_orders": 1_250}})
    assert f"1,250 {known}" in outline(records).text


def test_an_upload_without_a_bad_row_says_so(make_records, outline):
    rows = {"read": 5, "accepted": 5, "ignored": {}, "rejected": {}}
    text = outline(make_records(prepare={"rows": rows, "reupload": "replaced"})).text
    assert "Every row was accepted." in text
    assert "It replaced what an earlier upload" in text


def test_the_guidances_measures_are_named_as_they_are(make_records, outline):
    text = outline(make_records(score={"measures": "guidance"})).text
    assert "Frequency: events" in text
    assert "Frequency: orders" in outline(make_records()).text


def test_a_scheduled_run_has_no_upload(make_records, outline):
    records = make_records(ticket={"upload": None, "trigger": "schedule"})
    assert "a scheduled run, without a new upload" in outline(records).text


def test_money_may_be_negative_and_without_a_currency(make_records, outline):
    clean = make_records()
    segments = [encode(row) for row in clean.score.segments]
    segments[0] |= {"monetary": "-120.50", "monetary_share": -0.1}
    text = outline(make_records(score={"segments": segments}, prepare={"currency": ""})).text
    assert "−121" in text
    assert "£" not in text


# ---- figures -------------------------------------------------------------------------------------


EAST = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (figures.number(1234567), "1,234,567"),
        (figures.number("-0.5"), "−1"),
        (figures.number(None), "–"),
        (figures.number("2.345", 2), "2.35"),
        (figures.measure(241.5), "241.5"),
        (figures.measure(9.0), "9"),
        (figures.share(0.183), "18.3 %"),
        (figures.share(0.0004), "<0.1 %"),
        (figures.share(0), "0.0 %"),
        (figures.money("-12.4", "EUR"), "−€12"),
        (figures.money("1200", "SEK"), "1,200 SEK"),
        (figures.compact("999600"), "1.0m"),
        (figures.compact("152400"), "152k"),
        (figures.compact("-2500000000"), "−2.5bn"),
        (figures.compact(12), "12"),
        (figures.seconds(61), "61.0 s"),
        (figures.seconds(3725), "62 min 5 s"),
        (figures.day(dt.datetime(2011, 12, 9, 12, 50, tzinfo=dt.UTC)), "9 December 2011"),
        (figures.day(None), "–"),
        (figures.instant(dt.datetime(2026, 11, 22, 5, tzinfo=EAST)), "2026-11-22 03:00:00 UTC"),
        (plural(1, "row"), "1 row"),
        (plural(2, "row"), "2 rows"),
    ],
)
def test_figures_read_well(written, expected):
    assert written == expected


def test_the_ranges_of_a_measure_meet():
    thresholds = [1, 2.0, 2, 6]
    ranges = [whole_range(thresholds, place, lowest=1) for place in range(1, 6)]
    assert ranges == ["1", "2", "nobody", "3–6", "≥ 7"]
    assert whole_range([13.8, 33], 2) == "14–33"
    edges = ["1.5", "1.5"]
    ranges = [money_range(edges, place, currency="") for place in (1, 2, 3)]
    assert ranges == ["≤ 1.50", "nobody", "> 1.50"]
    assert money_range(["1.5", "2"], 2, currency="SEK") == "> 1.50 SEK to 2.00 SEK"


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30),
    st.floats(0, 1e12),
)
def test_charts_stay_inside_their_frame(values, most):
    drawn = charts.split(values, [charts.colour(i) for i in range(len(values))], label="x")
    for x, width in re.findall(r'x="([\d.]+)" width="([\d.]+)"', drawn):
        assert float(x) + float(width) <= 1000.2
    assert re.fullmatch(r"h[0-8]", charts.heat(min(values[0], most), most=most))
