"""Conditional sets: the first condition that holds gives the label, and everybody has one."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.errors import InvalidInput
from tessera.segments.sets.conditional import parse_conditional
from tessera.segments.sets.labels import labels_for, set_records
from tests.segments.sets.documents import CLASSIC, NAN, TEXTS, document, sets_of

RICH = {"column": "monetary", "from": 500}


def conditional(*conditions, **more):
    """A set whose labels A, B … have these conditions."""
    labels = [
        {"label": chr(ord("A") + place), "when": when, **TEXTS}
        for place, when in enumerate(conditions)
    ]
    rest = {"label": "Rest", **TEXTS}
    texts = {"name": "mine", "prefix": "My", "meaning": "Mine."}
    return {**texts, "label": labels, "otherwise": rest, **more}


def labels(document, *, segments=None, **columns):
    """The labels that a set gives, as one text."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    sets = sets_of(document)
    everyone = [one.label for one in CLASSIC.everyone]
    customers = len(segments or next(iter(arrays.values())))
    rfm = np.array([everyone.index(one) for one in segments or ["Lost"] * customers])
    codes = labels_for(arrays, sets, rfm=rfm)["mine"].codes
    return [sets.conditional[0].everyone[code].label for code in codes]


def test_a_range_begins_at_its_lower_limit_and_ends_before_its_upper_one():
    when = {"column": "monetary", "from": 500, "below": 900}
    assert labels(conditional(when), monetary=[499.99, 500.0, 899.99, 900.0]) == [
        "Rest",
        "A",
        "A",
        "Rest",
    ]


def test_the_first_label_whose_condition_holds_is_given():
    two = conditional(RICH, {"column": "monetary", "from": 100})
    assert labels(two, monetary=[600.0, 200.0, 50.0]) == ["A", "B", "Rest"]


def test_an_empty_cell_meets_no_condition():
    low = {"column": "p_no_order_90d", "below": 0.5}
    assert labels(conditional(low), p_no_order_90d=[NAN, 0.1]) == ["Rest", "A"]
    texts = np.array([None, "lapsed", "active"], dtype=object)
    other = {"column": "gap_state", "not_in": ["active"]}
    assert labels(conditional(other), gap_state=texts) == ["Rest", "A", "Rest"]


def test_groups_join_conditions_by_and_and_by_or():
    either = {"any": [{"column": "frequency", "from": 5}, {"column": "segment", "in": ["Loyal"]}]}
    given = labels(
        conditional({"all": [RICH, either]}),
        segments=["Loyal", "Lost", "Lost", "Loyal"],
        monetary=[600.0, 600.0, 600.0, 100.0],
        frequency=[1.0, 5.0, 1.0, 9.0],
    )
    assert given == ["A", "A", "Rest", "Rest"]


def test_a_day_is_compared_by_the_calendar():
    autumn = {"column": "last_purchase_at", "from": "2011-09-01", "below": "2011-12-01"}
    day = np.datetime64("2011-09-01").astype(int)
    before, end = float(day - 1), float(np.datetime64("2011-12-01").astype(int))
    assert labels(conditional(autumn), last_purchase_at=[before, float(day), end]) == [
        "Rest",
        "A",
        "Rest",
    ]


def test_a_combined_set_can_be_made_of_a_conditional_one():
    top = {"label": "Top", "pairs": [["A", "High"]], **TEXTS}
    both = {"name": "both", "prefix": "Both", "meaning": "Both.", "of": ["mine", "plain"]}
    both |= {"label": [top], "otherwise": {"label": "Not", **TEXTS}}
    plain = {**document(), "name": "plain", "prefix": "Plain"}
    sets = sets_of(conditional(RICH), plain, both)
    columns = {"monetary": np.array([600.0, 1.0]), "x": np.array([20.0, 20.0])}
    labelled = labels_for(columns, sets, rfm=np.zeros(2, np.int64))
    assert labelled["both"].codes.tolist() == [0, 1]
    assert list(labelled) == [one.name for one in sets.beside]


def test_the_record_says_that_conditions_gave_the_labels():
    sets = sets_of(conditional(RICH))
    labelled = labels_for({"monetary": np.array([600.0, 1.0])}, sets, rfm=np.zeros(2, np.int64))
    record = set_records(sets, labelled)["mine"]
    assert record.by_conditions
    assert record.column is None
    assert [(one.segment_label, one.customers) for one in record.labels] == [
        ("My A", 1),
        ("My Rest", 1),
    ]


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (None, "label 'A', when is None: expected a table"),
        ({"column": "colour", "from": 1}, "over 'colour': no condition can read this column"),
        ({"column": "monetary"}, r"over 'monetary': expected from \(this and more\)"),
        ({"column": "monetary", "from": "much"}, "from is 'much': expected a number"),
        ({"column": "monetary", "from": True}, "from is True: expected a number"),
        ({"column": "monetary", "from": NAN}, "from is nan: expected a number"),
        ({"column": "monetary", "from": 5, "below": 5}, "nothing is from 5 and below 5"),
        ({"column": "monetary", "in": ["5"]}, r"in is \['5'\], expected a list of numbers"),
        ({"column": "monetary", "in": [True]}, "in is True: expected a number"),
        ({"column": "monetary", "from": 1, "in": [1]}, "expected either in or not_in"),
        ({"column": "last_purchase_at", "in": ["2026-06-30"]}, "expected from"),
        (
            {"column": "gap_state", "in": ["asleep"]},
            "'asleep' is unknown, expected one of 'active'",
        ),
        ({"column": "rfm_score", "in": ["55"]}, "'55' is no three scores, such as '555'"),
        ({"column": "value_tier", "in": ["High"]}, "under the key set instead of column"),
        ({"set": "plain"}, "over the set 'plain': expected either in or not_in"),
        ({"set": "plain", "from": 1}, "has an unknown key 'from'"),
        ({"column": "last_purchase_at", "from": "June"}, "expected a day as text, such as"),
        ({"column": "segment", "from": 1}, "over 'segment': expected either in or not_in"),
        ({"column": "segment", "in": ["A"], "not_in": ["B"]}, "expected either in or not_in"),
        ({"column": "segment", "in": []}, r"in is \[\], expected a list of texts"),
        ({"all": []}, r"all is \[\], expected a list of conditions"),
        ({"all": [RICH], "any": [RICH]}, "all or any stands alone"),
        ({"any": [{"column": "monetary", "form": 1}]}, "any 1 has an unknown key 'form'"),
        ({"any": [RICH] * 51}, "has 51 conditions: at most 50"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [RICH]}]}]}]}]}, "nested more than 4 deep"),
    ],
)
def test_a_wrong_condition_is_refused(when, message):
    with pytest.raises(InvalidInput, match=message):
        parse_conditional(conditional(when))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (conditional(RICH, otherwise=None), "otherwise is None: expected a table"),
        (conditional(RICH, otherwise={"label": "A", **TEXTS}), "has the label 'A' twice"),
        (conditional(RICH, rule=[]), "has an unknown key 'rule'"),
    ],
)
def test_a_wrong_conditional_set_is_refused(wrong, message):
    with pytest.raises(InvalidInput, match=message):
        parse_conditional(wrong)
