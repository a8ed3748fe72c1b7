"""Pinpoint's segments in our settings: what they say is what Pinpoint would do, or they aren't."""

from __future__ import annotations

import operator
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import sets_for
from tessera.segments.sets.definition import parse_set
from tessera.segments.sets.threshold_segments import parse_thresholds
from tessera.settings import RunSettings
from tessera.sources.pinpoint.conditions import conditions
from tessera.sources.pinpoint.segments import translate
from tessera.sources.toml_text import to_toml

OPERATORS = {
    "GREATER_THAN": operator.gt,
    "GREATER_THAN_OR_EQUAL": operator.ge,
    "LESS_THAN": operator.lt,
    "LESS_THAN_OR_EQUAL": operator.le,
    "EQUAL": operator.eq,
}


def metric(kind, value):
    return {"ComparisonOperator": kind, "Value": value}


def scores(kind, *values):
    return {
        name: metric(kind, value)
        for name, value in zip(("RScore", "FScore", "MScore"), values, strict=True)
    }


def segment(name, *, dimensions=None, parts=(), kind="ALL", **more):
    fields = {"Id": name, "Name": name, "SegmentType": "DIMENSIONAL", **more}
    if dimensions is not None:
        return {**fields, "Dimensions": dimensions}
    return {**fields, "SegmentGroups": {"Groups": [{"Type": kind, "Dimensions": list(parts)}]}}


def metrics(name, **conditions):
    return segment(name, dimensions={"Metrics": conditions})


def settled(segments, **columns):
    """Translate, and return what became of each with the settings as a run would read them."""
    done = translate(segments, columns=columns)
    read = RunSettings.parse(tomllib.loads(to_toml(done.settings)))
    return {one.name: one for one in done.became}, sets_for(read)


GUIDANCE = [
    metrics("_RFM_Champions", **scores("GREATER_THAN_OR_EQUAL", 3, 3, 3)),
    metrics("_RFM_Dormant", **scores("LESS_THAN_OR_EQUAL", 2, 2, 2)),
    metrics(
        "_RFM_ Volatile",
        RScore=metric("LESS_THAN", 1.5),
        FScore=metric("GREATER_THAN", 1.5),
        MScore=metric("GREATER_THAN", 1.5),
    ),
]


def test_the_guidances_own_segments_become_its_preset():
    became, sets = settled(GUIDANCE)
    preset = load_preset("aws-guidance")
    cells = {one.label: one.cells for one in sets.definition.segments if one.label != "Others"}
    assert cells == {one.label: one.cells for one in preset.segments if one.label != "In Between"}
    assert (sets.definition.scale, sets.definition.measures) == (4, "guidance")
    assert became["_RFM_ Volatile"].why == "without 1 of 9 cells, which belong to Dormant"


def test_scores_combined_otherwise_and_our_own_names_for_them():
    either = [
        {"UserAttributes": {"rfm_r": {"AttributeType": "INCLUSIVE", "Values": ["5"]}}},
        {"UserAttributes": {"rfm_f": {"AttributeType": "EXCLUSIVE", "Values": ["1", "2"]}}},
    ]
    became, sets = settled(
        [segment("Good", parts=either, kind="ANY"), segment("Bad", parts=either, kind="NONE")]
    )
    good, bad = sets.definition.segments
    assert (sets.definition.scale, sets.definition.measures) == (5, "orders")
    assert set(good.cells) == {
        f"{r}{f}{m}"
        for r in "12345" for f in "12345" for m in "12345" if r == "5" or f in "345"
    }  # fmt: skip
    assert len(good.cells) + len(bad.cells) == 125
    assert all(one.place for one in became.values())


def test_one_number_becomes_a_threshold_or_a_set_and_two_a_combined_one():
    became, sets = settled(
        [
            metrics("Big", Spend=metric("GREATER_THAN", 500)),
            metrics("Long", Days=metric("GREATER_THAN", 500)),
            metrics("Fresh", Spend=metric("LESS_THAN", 10), Days=metric("LESS_THAN_OR_EQUAL", 30)),
            segment(
                "Some",
                kind="ANY",
                parts=[{"Metrics": {"Spend": metric("EQUAL", 5)}},
                       {"Metrics": {"Days": metric("GREATER_THAN", 9.5)}}],
            ),
        ],
        Spend="monetary",
        Days="recency_days",
    )  # fmt: skip
    by_name = {one.name: one for one in (*sets.simple, *sets.combined)}
    (big,) = sets.thresholds
    assert (big.label, big.column, big.at_least) == ("Big", "monetary", Decimal("500.01"))
    (rule,) = by_name["pinpoint_long"].rules
    assert rule.edges == (501,)
    assert [one.label for one in by_name["pinpoint_long"].everyone] == ["In", "Under", "Unknown"]
    fresh, some = by_name["pinpoint_fresh"], by_name["pinpoint_some"]
    assert [one.label for one in fresh.everyone] == ["In", "Out"]
    assert fresh.table == ((0, 1, 1), (1, 1, 1), (1, 1, 1))
    assert some.table == ((0, 0, 0), (0, 1, 1), (0, 1, 1), (0, 1, 1))
    assert became["Big"].place == "threshold 'Big'"
    assert became["Long"].place == "label 'In' of the segment set 'pinpoint_long'"


@pytest.mark.parametrize(
    ("exported", "why"),
    [
        (segment("x", SegmentType="IMPORT"), "imported list"),
        (segment("x", dimensions={"Location": {"Country": {"Values": ["GB"]}}}), "where somebody"),
        (segment("x", dimensions={"Demographic": {"Channel": {"Values": ["SMS"]}}}), "channel"),
        (segment("x", dimensions={"Behavior": {"Recency": {"Duration": "DAY_7"}}}), "app was last"),
        (segment("x", dimensions={}), "everybody"),
        (metrics("x", Spend=metric("EQUAL", 1)), "give --column 'Spend=COLUMN'"),
        (metrics("x", ClusterLabel=metric("EQUAL", 1)), "clusters again"),
        (metrics("x", rfm_monetary=metric("EQUAL", 1.234)), "has no equal for"),
        (metrics("x", rfm_monetary=metric("NEAR", 1)), "has no equal for"),
        (metrics("x", rfm_monetary=metric("EQUAL", "x")), "no number"),
        (metrics("x", rfm_monetary=metric("EQUAL", 1), rfm_r=metric("EQUAL", 1),
                 rfm_f=metric("EQUAL", 1)), "two at most"),
        (metrics("x", **scores("GREATER_THAN", 5, 5, 5)), "no score is in it"),
        (segment("x", dimensions={"Attributes": {
            "rfm_frequency": {"AttributeType": "INCLUSIVE", "Values": ["1", "9"]}}}), "one range"),
        (segment("x", dimensions={"Attributes": {
            "rfm_frequency": {"AttributeType": "CONTAINS", "Values": ["1"]}}}), "CONTAINS"),
        (segment("x", dimensions={"UserAttributes": {
            "rfm_segment": {"AttributeType": "INCLUSIVE", "Values": ["At Risk"]}}}), "has it"),
        (segment("x", kind="ANY", parts=[{"Metrics": scores("EQUAL", 1, 1, 1)}]), "does not say"),
        ({**segment("x"), "SegmentGroups": {"Groups": [{}, {}]}}, "several groups"),
        (segment("x", dimensions={"Metrics": ["Spend"]}), "not of the form"),
        (segment("x", dimensions={"UserAttributes": {"rfm_r": "5"}}), "not of the form"),
        ({**segment("x"), "SegmentGroups": {"Groups": [{"SourceSegments": [{"Id": "y"}]}]}},
         "upon other segments"),
    ],
)  # fmt: skip
def test_what_has_no_equal_is_listed_with_the_reason(exported, why):
    became, sets = settled([exported])
    assert became["x"].place == ""
    assert why in became["x"].why
    assert sets == sets_for(RunSettings())


def test_a_column_that_a_user_names_must_be_one_of_numbers():
    became, _ = settled([metrics("x", Spend=metric("EQUAL", 1))], Spend="segment")
    assert "'segment' is no column of numbers" in became["x"].why


def test_names_that_differ_only_in_signs_do_not_collide():
    names = ["Big!", "_RFM_Big", "Big", "Prospect", "Cluster 1"]
    became, sets = settled(
        [metrics(name, rfm_r=metric("EQUAL", number + 1)) for number, name in enumerate(names)]
        + [
            metrics(f"{name} spender", rfm_recency_days=metric("LESS_THAN", 5))
            for name in names[:3]
        ]
    )
    assert len(became) == 8
    assert len(sets.definition.segments) == 5
    assert {"pinpoint_big_spender", "pinpoint_big_spender_2"} <= {one.name for one in sets.simple}


number = st.decimals(-999, 999, places=2)


@given(
    st.sampled_from(sorted(OPERATORS)),
    number,
    number,
    st.sampled_from(["monetary", "recency_days"]),
)
def test_a_condition_holds_for_the_numbers_for_which_it_holds_in_pinpoint(
    kind, limit, value, column
):
    value = value if column == "monetary" else value.to_integral_value()
    dimensions = {"Metrics": {"x": metric(kind, float(limit))}}
    done = translate([segment("s", dimensions=dimensions)], columns={"x": column})
    wanted = OPERATORS[kind](float(value), float(limit))
    if not done.settings:
        assert kind == "EQUAL"
        assert not wanted or column == "monetary"
        return
    (condition,) = conditions(dimensions, columns={"x": column})
    assert any(one.holds(value) for one in condition.intervals) is wanted
    if column == "monetary":
        (threshold,) = parse_thresholds(done.settings["thresholds"])
        assert threshold.holds(value) is wanted
        return
    made = parse_set({"name": "pinpoint_s", **done.settings["sets"]["pinpoint_s"]})
    (rule,) = made.rules
    place = sum(edge <= value for edge in rule.edges)
    assert (made.labels[rule.labels[place]].label == "In") is wanted


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=40),
            st.sampled_from(["ALL", "ANY", "NONE"]),
            st.lists(
                st.tuples(
                    st.sampled_from(["rfm_r", "RScore", "FScore", "rfm_monetary", "rfm_frequency"]),
                    st.sampled_from(sorted(OPERATORS)),
                    st.integers(0, 6),
                ),
                min_size=1,
                max_size=3,
            ),
        ),
        max_size=5,
    )
)
def test_translated_segments_are_settings_that_a_run_accepts(described):
    exported = [
        segment(name, kind=kind, parts=[{"Metrics": {one: metric(*how)}} for one, *how in parts])
        for name, kind, parts in described
    ]
    done = translate(exported, columns={})
    assert len(done.became) == len(exported)
    sets_for(RunSettings.parse(tomllib.loads(to_toml(done.settings))))
