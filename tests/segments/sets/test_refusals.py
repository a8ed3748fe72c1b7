"""A wrong segment set is refused where it is wrong."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import (
    load_set_document,
    segment_sets,
)
from tessera.segments.sets.combined import parse_combined
from tessera.segments.sets.definition import parse_set
from tests.segments.sets.documents import CLASSIC, NAN, TEXTS, document, sets_of


def ruled(**rule):
    return document(rule=[{"column": "x", **rule}])


A, B = {"below": 10}, {"from": 10}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (document({"Low": A, "High": {"from": 12}}), "no label from 10, where 'Low' ends, to 12"),
        (document({"Low": A, "High": {"from": 8}}), "two labels, 'Low' and 'High', from 8 to 10"),
        (document({"Low": {}, "High": B}), "two labels, 'Low' and 'High', from 10 on"),
        (document({"Low": A, "High": {}}), "'High', below 10"),
        (document({"Low": {}, "High": {}}), "to every number"),
        (document({"Low": {"from": 1, "below": 10}, "High": B}), "below 1, where 'Low' begins"),
        (document({"Low": A, "High": {"from": 10, "below": 20}}), "from 20 on, where 'High' ends"),
        (document({"Low": A, "High": {"from": 10, "below": 10}}), "'High' holds nothing"),
        (document({"Low": A, "High": {"from": "x"}}), "'High': from is 'x', expected a number"),
        (document({"Low": A, "High": {"from": True}}), "from is True, expected a number"),
        (document({"Low": A, "High": {"from": NAN}}), "from is nan, expected a number"),
        (document({"Low": A, "High": {"form": 10}}), "'High' has an unknown key 'form'"),
        (document({"Low": A, "High": 10}), "'High' is 10: expected a table of below, from"),
        (document({"Low": A, "Hihg": B}), "a range has the label 'Hihg', expected one of 'Low'"),
        (document({"Low": {"below": 2}, "High": {"from": 2}}, by="quantile"), "a share between"),
        (document({"Low": {}}), "no rule gives the label 'High', remove it"),
        (document(by="share"), "over 'x': by is 'share', expected 'value' or 'quantile'"),
        (ruled(), "either ranges"),
        (ruled(ranges={"Low": A}, values={"a": "Low"}), "either ranges"),
        (ruled(values={"a": "Low"}, by="value"), "values are texts"),
        (
            ruled(values={"a": "Mid"}),
            "'a' has the label 'Mid', expected one of 'Low', 'High', 'None'",
        ),
        (ruled(values=[]), r"values is \[\], expected a table"),
        (ruled(ranges=3), "ranges is 3, expected a table"),
        (document(rule=[{"ranges": {}}]), "rule 1 has no column"),
        (document(rule=[]), "has no rule"),
        (document(labels=("Low", "High", "Low")), "has the label 'Low' twice"),
        (document(empty={"label": "Low", **TEXTS}), "has the label 'Low' twice"),
        (document(empty=None), "empty is None: expected a table"),
        (document(label=["Low"]), "label 'Low' is 'Low': expected a table"),
        (document(label=[{"label": "Low", "meaning": "Some."}]), "label 'Low' has no action"),
        (document(label=[]), "has no label"),
        (document(colour="red"), "'mine' has an unknown key 'colour'"),
        (document(prefix=" "), "'mine' has no prefix"),
        (document(name="My Set"), "the name must be lower-case"),
        ({"meaning": "Some."}, "the segment set has no name"),
        (document(numbered={}), "is numbered: it can have no labels"),
    ],
)
def test_a_wrong_set_is_refused(wrong, message):
    with pytest.raises(InvalidInput, match=message):
        parse_set(wrong)


@pytest.mark.parametrize("changed", [{"first": "1"}, {"last": 0}, {"last": 1000}])
def test_wrong_numbers_are_refused(changed):
    cluster = load_set_document("cluster")
    cluster["numbered"] |= changed
    with pytest.raises(InvalidInput, match="'cluster', numbered goes from"):
        parse_set(cluster)


def combined(**more):
    texts = {"name": "both", "prefix": "Both", "meaning": "Both.", "of": ["a", "b"]}
    top = {"label": "Top", "pairs": [["Hi", "Yes"]], **TEXTS}
    return {**texts, "label": [top], "otherwise": {"label": "Rest", **TEXTS}, **more}


def top(*pairs):
    return {"label": [{"label": "Top", "pairs": list(pairs), **TEXTS}]}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"of": ["a"]}, "expected the names of two sets"),
        ({"of": ["a", "a"]}, "expected the names of two sets"),
        ({"of": ["a", "c"]}, "combines the set 'c', which the run does not have: expected two of"),
        (top(["Hi", "Maybe"]), "the set 'b' has no label 'Maybe', expected '\\*' or one of 'Yes'"),
        (top(["Hi"]), r"\['Hi'\] is no pair"),
        (top(), "pairs is"),
        ({"label": top(["Hi", "*"])["label"] * 2}, "has the label 'Top' twice"),
        (
            {
                "label": [
                    *top(["Hi", "*"])["label"],
                    {"label": "B", "pairs": [["*", "No"]], **TEXTS},
                ]
            },
            "two labels, 'Top' and 'B', to 'Hi' × 'No'",
        ),
        (top(["*", "*"]), "nobody could ever be in 'Rest', remove otherwise"),
        ({"otherwise": "Rest"}, "otherwise is 'Rest': expected a table"),
        ({"pairs": []}, "unknown key 'pairs'"),
    ],
)
def test_a_wrong_combined_set_is_refused(more, message):
    known = {"a": ["Hi", "Lo"], "b": ["Yes", "No"]}
    with pytest.raises(InvalidInput, match=message):
        parse_combined(combined(**more), labels=known)


def test_a_combined_set_without_otherwise_lists_the_pairs_it_leaves_out():
    rest = combined()
    del rest["otherwise"]
    with pytest.raises(InvalidInput, match="no label to 'Hi' × 'No', 'Lo' × 'Yes', 'Lo' × 'No'"):
        parse_combined(rest, labels={"a": ["Hi", "Lo"], "b": ["Yes", "No"]})


def test_sets_are_checked_together():
    with pytest.raises(InvalidInput, match="'tier' is unknown: expected one of 'value_tier'"):
        segment_sets(["tier"], definition=CLASSIC, own={})
    with pytest.raises(InvalidInput, match="'cluster' is named twice"):
        segment_sets(["cluster", "cluster"], definition=CLASSIC, own={})
    with pytest.raises(InvalidInput, match="every run has it"):
        segment_sets(["rfm"], definition=CLASSIC, own={})
    with pytest.raises(InvalidInput, match="'mine' calls itself 'other'"):
        segment_sets(["mine"], definition=CLASSIC, own={"mine": {**document(), "name": "other"}})
    with pytest.raises(InvalidInput, match="combines the set 'churn_band'"):
        segment_sets(["value_tier", "value_at_risk"], definition=CLASSIC, own={})


def test_a_name_that_two_sets_share_is_refused_with_both():
    twin = {**copy.deepcopy(document()), "name": "twin"}
    with pytest.raises(InvalidInput, match=r"'rfm', 'mine', 'twin' together: .*'My Low'"):
        sets_of(document(), twin)
    champions = dataclasses.replace(CLASSIC.segments[0], label="My Low")
    definition = dataclasses.replace(CLASSIC, segments=(champions, *CLASSIC.segments[1:]))
    with pytest.raises(InvalidInput, match="would both be called '_RFM_My_Low'"):
        sets_of(document(), definition=definition)
