"""Segment sets: complete, disjoint, equal values alike."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.naming import cluster_label, segment_names
from tessera.records.codec import decode, encode
from tessera.records.scoring.sets import SetRecord
from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import (
    SHIPPED,
    check_columns,
    load_set_document,
    segment_sets,
)
from tessera.segments.sets.definition import parse_set
from tessera.segments.sets.labels import labels_for, set_records
from tests.segments.sets.documents import CLASSIC, NAN, TEXTS, document, sets_of


def labels(document, **columns):
    """The labels that one set gives."""
    sets = sets_of(document)
    arrays = {name: np.array(values) for name, values in columns.items()}
    rfm = np.zeros(len(next(iter(arrays.values()))), np.int64)
    labelled = labels_for(arrays, sets, rfm=rfm)["mine"]
    return [sets.simple[0].everyone[code].label for code in labelled.codes]


def texts(*values):
    return np.array(values, dtype=object)


# ---- what is shipped -----------------------------------------------------------------------------


def test_the_shipped_sets_go_together_with_every_preset():
    for preset in ("classic-11", "grid-10", "nine", "aws-guidance"):
        sets = segment_sets(SHIPPED, definition=load_preset(preset), own={})
        names = segment_names(label for labels in sets.segment_labels.values() for label in labels)
        assert names["Value High"] == "_RFM_Value_High"
        assert names["Risk Save First"] == "_RFM_Risk_Save_First"
        assert all(
            text.endswith(".")
            for one in (*sets.simple, *sets.combined)
            for label in one.everyone
            for text in (one.meaning, label.meaning, label.action)
        )


def test_the_clusters_are_called_as_they_always_were():
    cluster = parse_set(load_set_document("cluster"))
    assert cluster.segment_labels[:20] == tuple(cluster_label(rank) for rank in range(1, 21))
    assert cluster.numbered


def shipped_columns(**changed):
    columns = {
        "clv_365d": np.array([900.0, 50, 40, 30, 20, 10, 10, 10, 10, 10, NAN]),
        "value_tenth": np.full(11, NAN),
        "no_order_tenth": np.full(11, NAN),
        "historic_value": np.array([5.0, 50, 40, 30, 20, 10, 10, 10, 10, 10, NAN]),
        "p_no_order_90d": np.array([0.9, 0.8, 0.5, 0.49, 0.1, 0.1, 0.1, 0.1, 0.1, 0.95, NAN]),
        "gap_state": texts(*["lapsed"] * 5, *["active"] * 5, None),
        "p_cancel_30d": np.full(11, NAN),
        "loyalty_score": np.array([95.0, 90, 60, 50, 50, 50, 40, 30, 20, 20, NAN]),
        "cluster": np.array([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, NAN]),
    }
    return columns | changed


def label_shipped(columns):
    sets = segment_sets(SHIPPED, definition=CLASSIC, own={})
    labelled = labels_for(columns, sets, rfm=np.zeros(11, np.int64))
    return sets, labelled, set_records(sets, labelled)


def test_the_shipped_sets_label_everybody():
    _, _, records = label_shipped(shipped_columns())
    sizes = {
        name: {row.label: row.customers for row in record.labels if row.customers}
        for name, record in records.items()
    }
    assert sizes == {
        "value_tier": {"High": 1, "Middle": 4, "Low": 5, "Unknown": 1},
        "churn_band": {"High": 3, "Middle": 1, "Low": 6, "Unknown": 1},
        "cancel_band": {"No Subscription": 11},
        "cluster": {"1": 4, "2": 3, "3": 3, "None": 1},
        "value_at_risk": {"Save First": 1, "Watch": 1, "Let Go": 1, "Usual": 8},
        "loyalty_3": {"Highly Loyal": 2, "Regular": 6, "At Risk": 2, "Not Scored": 1},
    }
    for record in records.values():
        assert decode(SetRecord, json.loads(json.dumps(encode(record))), document="x") == record


def test_a_withheld_column_gives_way_to_the_next_rule_for_everybody():
    empty = np.full(11, NAN)
    _, labelled, records = label_shipped(shipped_columns(p_no_order_90d=empty, clv_365d=empty))
    assert labelled["churn_band"].column == "gap_state"
    assert labelled["churn_band"].codes.tolist() == [0] * 5 + [2] * 5 + [3]
    assert records["churn_band"].withheld == ("p_no_order_90d", "no_order_tenth")
    assert labelled["value_tier"].column == "historic_value"
    assert labelled["value_tier"].codes[:3].tolist() == [2, 0, 1]


def test_a_score_of_loyalty_that_is_withheld_gives_nobody_a_group():
    _, labelled, records = label_shipped(shipped_columns(loyalty_score=np.full(11, NAN)))
    assert labelled["loyalty_3"].column is None
    assert records["loyalty_3"].withheld == ("loyalty_score",)
    sizes = {row.label: row.customers for row in records["loyalty_3"].labels}
    assert sizes == {"Highly Loyal": 0, "Regular": 0, "At Risk": 0, "Not Scored": 11}


def test_scores_that_tie_at_a_percentile_stay_together_and_below_it():
    tied = np.array([*[30.0] * 5, *[70.0] * 5, NAN])
    _, labelled, records = label_shipped(shipped_columns(loyalty_score=tied))
    assert records["loyalty_3"].edges == (30.0, 70.0)
    labels = [records["loyalty_3"].labels[code].label for code in labelled["loyalty_3"].codes]
    assert labels == [*["At Risk"] * 5, *["Regular"] * 5, "Not Scored"]


def test_where_only_the_ranking_is_published_tenths_label_everybody():
    empty, tenths = np.full(11, NAN), np.array([*range(1, 11), NAN])
    ranked = {"clv_365d": empty, "p_no_order_90d": empty}
    ranked |= {"value_tenth": tenths, "no_order_tenth": tenths}
    sets, labelled, records = label_shipped(shipped_columns(**ranked))
    by_name = {one.name: one for one in (*sets.simple, *sets.combined)}

    def labels_of(name):
        return [by_name[name].everyone[code].label for code in labelled[name].codes]

    assert labels_of("value_tier") == [*["Low"] * 5, *["Middle"] * 4, "High", "Unknown"]
    assert labels_of("churn_band") == [*["Low"] * 4, *["Middle"] * 3, *["High"] * 3, "Unknown"]
    assert labels_of("value_at_risk")[7:] == ["Watch", "Watch", "Save First", "Usual"]
    assert (records["value_tier"].column, records["value_tier"].by) == ("value_tenth", "value")
    assert records["value_tier"].withheld == ("clv_365d",)
    assert records["churn_band"].withheld == ("p_no_order_90d",)


def test_each_quantity_gives_way_by_itself():
    empty, tenths = np.full(11, NAN), np.array([*range(1, 11), NAN])
    _, labelled, _ = label_shipped(shipped_columns(clv_365d=empty, value_tenth=tenths))
    assert labelled["value_tier"].column == "value_tenth"
    assert labelled["churn_band"].column == "p_no_order_90d"


def test_the_churn_band_knows_every_state_of_the_gap_rule():
    from tessera.customers.gap_rule import STATES

    empty = np.full(11, NAN)
    states = texts(*STATES, *[None] * (11 - len(STATES)))
    sets, labelled, _ = label_shipped(shipped_columns(p_no_order_90d=empty, gap_state=states))
    band = next(one for one in sets.simple if one.name == "churn_band")
    bands = [band.everyone[code].label for code in labelled["churn_band"].codes]
    by_state = dict(zip([*STATES, None], bands, strict=False))
    assert by_state == {
        "active": "Low", "at_risk": "Middle", "lapsed": "High", "unknown": "Unknown",
        None: "Unknown",
    }  # fmt: skip


def test_one_value_in_the_column_keeps_its_rule():
    some = np.array([0.9] + [NAN] * 10)
    _, labelled, _ = label_shipped(shipped_columns(p_no_order_90d=some))
    assert labelled["churn_band"].codes.tolist() == [0] + [3] * 10


def test_sets_without_a_value_anywhere_have_one_label():
    empty = np.full(11, NAN)
    columns = shipped_columns(p_no_order_90d=empty, gap_state=texts(*[None] * 11))
    _, labelled, records = label_shipped(columns)
    assert set(labelled["churn_band"].codes.tolist()) == {3}
    assert (records["churn_band"].column, records["churn_band"].by) == (None, None)


# ---- rules ---------------------------------------------------------------------------------------


def test_a_value_equal_to_an_edge_lies_above_it():
    assert labels(document(), x=[9.99, 10, -1e300, float("inf"), NAN]) == [
        "Low", "High", "Low", "High", "None",
    ]  # fmt: skip


def test_whole_numbers_are_as_good_as_floats():
    assert labels(document(), x=[9, 10, 11]) == ["Low", "High", "High"]


def test_a_value_equal_to_a_quantile_lies_below_it():
    top = document({"Low": {"below": 0.9}, "High": {"from": 0.9}}, by="quantile")
    assert labels(top, x=[0.0] * 95 + [7.0] * 5) == ["Low"] * 95 + ["High"] * 5
    assert labels(top, x=[3.0] * 100) == ["Low"] * 100
    assert labels(top, x=list(range(1, 11))) == ["Low"] * 9 + ["High"]


def test_ranges_may_be_written_in_any_order_and_labels_shown_in_another():
    three = {"B": {"from": 1, "below": 2.5}, "C": {"from": 2.5}, "A": {"below": 1}}
    shown = document(three, labels=("C", "A", "B"))
    assert labels(shown, x=[0, 1, 2.5]) == ["A", "B", "C"]


def test_texts_have_labels_too():
    rule = {"column": "x", "values": {"yes": "High", "sure": "High", "no": "Low", "": "None"}}
    own = document(rule=[rule])
    answers = texts("yes", None, "no", "sure", "")
    assert labels(own, x=answers) == ["High", "None", "Low", "High", "None"]
    with pytest.raises(InvalidInput, match="'mine' names no label for 'perhaps' in the column 'x'"):
        labels(own, x=texts("yes", "perhaps"))


def test_a_column_of_another_kind_is_refused():
    with pytest.raises(InvalidInput, match="by ranges, but it holds texts"):
        labels(document(), x=texts("yes"))
    with pytest.raises(InvalidInput, match="by values, but it holds numbers"):
        labels(document(rule=[{"column": "x", "values": {"a": "Low", "b": "High"}}]), x=[1.0])


def test_a_column_that_profiles_lack_is_refused():
    with pytest.raises(InvalidInput, match=r"'mine' reads the column 'x', .*: expected one of 'y'"):
        labels(document(), y=[1.0])
    with pytest.raises(InvalidInput, match="'mine' reads the column 'x'"):
        check_columns(sets_of(document()), columns=["y"])
    check_columns(sets_of(document()), columns=["x"])


def test_frozen_edges_stand_in_for_quantiles_of_the_same_column():
    half = document({"Low": {"below": 0.5}, "High": {"from": 0.5}}, by="quantile")
    sets = sets_of(half)
    before, now = ({"x": np.array(values)} for values in ([1.0, 2, 3, 4], [11.0, 12, 13, 14]))
    rfm = np.zeros(4, np.int64)
    record = set_records(sets, labels_for(before, sets, rfm=rfm))
    assert record["mine"].edges == (2.0,)
    assert labels_for(now, sets, rfm=rfm)["mine"].codes.tolist() == [0, 0, 1, 1]
    assert labels_for(now, sets, rfm=rfm, frozen=record)["mine"].codes.tolist() == [1] * 4
    other = {"mine": dataclasses.replace(record["mine"], column="y")}
    assert labels_for(now, sets, rfm=rfm, frozen=other)["mine"].codes.tolist() == [0, 0, 1, 1]


def test_the_record_gives_each_labels_limits():
    sets = sets_of(document())
    labelled = labels_for({"x": np.array([5.0, 15, 25])}, sets, rfm=np.zeros(3, np.int64))
    record = set_records(sets, labelled)["mine"]
    assert [(row.label, row.low, row.below) for row in record.labels] == [
        ("Low", None, 10.0), ("High", 10.0, None), ("None", None, None),
    ]  # fmt: skip
    assert [row.segment_label for row in record.labels] == ["My Low", "My High", "My None"]


# ---- what always holds ---------------------------------------------------------------------------

numbers = st.floats(allow_nan=True) | st.integers(-5, 5).map(float) | st.just(NAN)


@st.composite
def any_ranges(draw, by):
    limit = st.floats(0.001, 0.999) if by == "quantile" else st.floats(-6, 6)
    edges = sorted(draw(st.sets(limit, max_size=4)))
    names = [f"L{place}" for place in range(len(edges) + 1)]
    ranges = {
        name: ({"from": low} if low is not None else {})
        | ({"below": high} if high is not None else {})
        for name, low, high in zip(names, [None, *edges], [*edges, None], strict=True)
    }
    return document(dict(draw(st.permutations(list(ranges.items())))), by=by, labels=names)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["value", "quantile"]).flatmap(any_ranges),
    st.lists(numbers, min_size=1, max_size=40),
)
def test_any_set_is_complete_disjoint_and_gives_equal_values_one_label(own, values):
    sets = sets_of(own)
    labelled = labels_for({"x": np.array(values)}, sets, rfm=np.zeros(len(values), np.int64))[
        "mine"
    ]
    assert sum(labelled.sizes) == len(values) == len(labelled.codes)
    names = [sets.simple[0].everyone[code].label for code in labelled.codes]
    by_value = {}
    for value, name in zip(values, names, strict=True):
        assert (name == "None") == np.isnan(value)
        if not np.isnan(value):
            assert by_value.setdefault(value, name) == name
    ascending = [int(by_value[value][1:]) for value in sorted(by_value)]
    assert ascending == sorted(ascending)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60), st.integers(1, 99))
def test_the_top_label_never_has_more_than_its_share(values, percent):
    share = percent / 100
    top = document({"Low": {"below": share}, "High": {"from": share}}, by="quantile")
    assert labels(top, x=values).count("High") <= (1 - share) * len(values) + 1e-9 + share


@given(st.lists(st.tuples(numbers, numbers, st.integers(0, 11)), min_size=1, max_size=30))
def test_a_combined_set_gives_one_label_to_every_pair(rows):
    other = {**document({"Low": {"below": 0}, "High": {"from": 0}}), "name": "other", "prefix": "O"}
    other["rule"] = [{"column": "y", "ranges": {"Low": {"below": 0}, "High": {"from": 0}}}]
    both = {
        "name": "both",
        "prefix": "Both",
        "meaning": "Both.",
        "of": ["mine", "other"],
        "label": [
            {"label": "Top", "pairs": [["High", "High"]], **TEXTS},
            {"label": "Bare", "pairs": [["None", "*"], ["*", "None"]], **TEXTS},
        ],
        "otherwise": {"label": "Rest", **TEXTS},
    }
    with_rfm = {
        **both, "name": "with_rfm", "prefix": "R", "of": ["rfm", "mine"],
        "label": [{"label": "Star", "pairs": [["Champions", "High"]], **TEXTS}],
    }  # fmt: skip
    x, y, rfm = zip(*rows, strict=True)
    sets = sets_of(document(), other, both, with_rfm)
    columns = {"x": np.array(x), "y": np.array(y)}
    labelled = labels_for(columns, sets, rfm=np.array(rfm))
    codes = [labelled[name].codes for name in ("mine", "other", "both", "with_rfm")]
    for mine, others, combined, star, segment in zip(*codes, rfm, strict=True):
        name = sets.combined[0].everyone[combined].label
        assert name == ("Bare" if 2 in (mine, others) else "Top" if mine + others == 2 else "Rest")
        assert (sets.combined[1].everyone[star].label == "Star") == (segment == 0 and mine == 1)
    assert all(sum(one.sizes) == len(rows) for one in labelled.values())


def test_sets_load_from_a_zip_app_without_numpy(words_of_app):
    program = (
        "from tessera.segments import explanation, thresholds\n"
        "from tessera.segments.movement import breaker, causes\n"
        "from tessera.segments.definition import load_preset\n"
        "from tessera.segments.sets.catalog import SHIPPED, segment_sets\n"
        "sets = segment_sets(SHIPPED, definition=load_preset('nine'), own={})\n"
        "print(len(sets.simple), len(sets.combined))\n"
    )
    assert words_of_app(program) == ["5", "1"]
