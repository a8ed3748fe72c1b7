"""Transitions: each cause constructed, and what holds for any two runs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.measures import order_measures
from tessera.customers.scores import rfm_scores
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.scoring.movement import Movement
from tessera.segments.definition import PRESETS, load_preset
from tessera.segments.movement.causes import CAUSES, Cause
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.rescoring import ABSENT, Histories, Published, aged, same_rule
from tessera.segments.movement.transitions import NO_CAUSE, transitions
from tessera.segments.thresholds import frozen, recorded_thresholds
from tests.segments.movement.constructed import (
    NOBODY,
    at,
    compare,
    definition,
    relabelled,
    scored,
    summary,
)


def labels_and_causes(moves):
    """Each customer's labels and cause."""
    names = (*moves.labels, None)
    causes = (*CAUSES, None)
    return [
        (names[old], names[new], causes[cause])
        for old, new, cause in zip(moves.before, moves.after, moves.causes, strict=True)
    ]


def path(moves, customer=0):
    codes, texts = moves.paths()
    return json.loads(texts[codes[customer]])


# ---- each cause, constructed -----------------------------------------------------------------


def test_nobody_moves_when_nothing_changes():
    moves = compare(then=[(10, 2, 50), (90, 1, 5)], now=[(10, 2, 50), (90, 1, 5)])
    assert labels_and_causes(moves) == [("Recent", "Recent", None), ("Away", "Away", None)]
    assert moves.paths()[0].tolist() == [NO_CAUSE, NO_CAUSE]
    assert moves.paths()[1] == ()


def test_a_customer_who_does_nothing_slides_with_time():
    moves = compare(then=[(25, 1, 5)], aged_to=[(32, 1, 5)], now=[(32, 1, 5)])
    assert labels_and_causes(moves) == [("Recent", "Away", Cause.TIME_PASSING)]
    assert path(moves) == [["time_passing", "Away"]]


def test_an_order_is_the_customers_own_behaviour():
    moves = compare(then=[(90, 1, 5)], aged_to=[(97, 1, 5)], now=[(2, 2, 9)])
    assert labels_and_causes(moves) == [("Away", "Recent", Cause.OWN_BEHAVIOUR)]


def test_a_refund_is_the_customers_own_behaviour():
    texts = {"meaning": "Some.", "action": "Write."}
    rich = {"label": "Rich", "cells": ["**2"], **texts}
    poor = {"label": "Poor", "cells": ["**1"], **texts}
    rule = definition(segment=[rich, poor])
    moves = compare(then=[(5, 2, 50)], aged_to=[(6, 2, 50)], now=[(6, 2, 0)], old=rule)
    assert labels_and_causes(moves) == [("Rich", "Poor", Cause.OWN_BEHAVIOUR)]


def test_others_moved_the_thresholds():
    moves = compare(then=[(25, 1, 5)], aged_to=[(26, 1, 5)], now=[(26, 1, 5)], is_=20)
    assert labels_and_causes(moves) == [("Recent", "Away", Cause.THRESHOLDS_MOVED)]


def test_the_definition_changed():
    same = [(25, 1, 5), (90, 1, 5)]
    moves = compare(then=same, now=same, new=relabelled(Away="Gone"))
    assert labels_and_causes(moves) == [
        ("Recent", "Recent", None),
        ("Away", "Gone", Cause.DEFINITION_CHANGED),
    ]
    assert moves.labels == ("Recent", "Gone", "Prospect", "Away")


def test_a_text_of_the_definition_changed_moves_nobody():
    old, new = definition(), definition(meaning="Other words.")
    assert same_rule(old, new)
    assert not same_rule(old, relabelled(Away="Gone"))


def test_fixed_thresholds_in_the_definition_are_the_definition():
    new = definition(thresholds={"recency": [20], "frequency": [1], "monetary": [0]})
    moves = compare(then=[(25, 1, 5)] * 3, now=[(25, 1, 5)] * 3, new=new, is_=20)
    assert labels_and_causes(moves) == [("Recent", "Away", Cause.DEFINITION_CHANGED)] * 3


def test_edited_fixed_thresholds_are_the_definition_too():
    limits = {"frequency": [1], "monetary": [0]}
    old = definition(thresholds={"recency": [30], **limits})
    new = definition(thresholds={"recency": [20], **limits})
    moves = compare(then=[(25, 1, 5)], now=[(25, 1, 5)], old=old, new=new, is_=20)
    assert labels_and_causes(moves) == [("Recent", "Away", Cause.DEFINITION_CHANGED)]


def test_a_late_order_corrects_the_data():
    moves = compare(
        then=[(90, 1, 5)], corrected=[(10, 2, 9)], aged_to=[(11, 2, 9)], now=[(11, 2, 9)]
    )
    assert labels_and_causes(moves) == [("Away", "Recent", Cause.DATA_CORRECTED)]


def test_the_last_step_that_changed_the_label_is_the_cause():
    moves = compare(
        then=[(25, 1, 5)],
        corrected=[(40, 1, 5)],
        aged_to=[(47, 1, 5)],
        now=[(1, 2, 9)],
        new=relabelled(Recent="Fresh"),
        is_=10,
    )
    assert labels_and_causes(moves) == [("Recent", "Fresh", Cause.DEFINITION_CHANGED)]
    assert path(moves) == [
        ["data_corrected", "Away"],
        ["own_behaviour", "Recent"],
        ["definition_changed", "Fresh"],
    ]


def test_there_and_back_is_no_move():
    moves = compare(then=[(25, 1, 5)], aged_to=[(35, 1, 5)], now=[(1, 2, 9)])
    assert labels_and_causes(moves) == [("Recent", "Recent", None)]
    assert moves.chain[2] != moves.chain[0]


def test_frozen_thresholds_move_nobody_however_many_others_came():
    others = [(1, 9, 99)] * 20
    moves = compare(then=[(25, 1, 5)] + [NOBODY] * 20, now=[(25, 1, 5), *others])
    assert labels_and_causes(moves)[0] == ("Recent", "Recent", None)
    assert {cause for _, _, cause in labels_and_causes(moves)[1:]} == {Cause.OWN_BEHAVIOUR}


# ---- who enters and who leaves -----------------------------------------------------------------


def test_a_new_customer_enters_by_their_own_behaviour_whatever_their_first_label():
    moves = compare(then=[NOBODY], now=[(25, 1, 5)], is_=20)
    assert labels_and_causes(moves) == [(None, "Away", Cause.OWN_BEHAVIOUR)]
    assert path(moves) == [["own_behaviour", "Recent"], ["thresholds_moved", "Away"]]


def test_a_customer_whose_old_orders_came_late_enters_by_correction():
    moves = compare(then=[NOBODY], corrected=[(25, 1, 5)], now=[(25, 1, 5)])
    assert labels_and_causes(moves) == [(None, "Recent", Cause.DATA_CORRECTED)]


def test_a_customer_leaves_when_the_window_slides_past_them():
    moves = compare(then=[(360, 1, 5)], aged_to=[NOBODY], now=[NOBODY])
    assert labels_and_causes(moves) == [("Away", None, Cause.TIME_PASSING)]
    assert path(moves) == [["time_passing", None]]


def test_a_customer_leaves_when_their_orders_are_taken_out_of_the_data():
    moves = compare(then=[(10, 1, 5)], corrected=[NOBODY], now=[NOBODY])
    assert labels_and_causes(moves) == [("Recent", None, Cause.DATA_CORRECTED)]


def test_a_shorter_window_is_a_changed_definition():
    before, behaved = [(400, 1, 5), (10, 3, 9)], [(400, 1, 5), (10, 3, 9)]
    moves = transitions(
        before=scored(summary(*before), definition(), at(30)),
        after=scored(summary(NOBODY, (10, 3, 9)), definition(), at(30)),
        histories=Histories(
            corrected=summary(*before),
            aged=summary(*before),
            behaved=summary(*behaved),
            same_period=False,
        ),
    )
    assert labels_and_causes(moves) == [
        ("Away", None, Cause.DEFINITION_CHANGED),
        ("Recent", "Recent", None),
    ]


def test_columns_of_different_customers_are_refused():
    with pytest.raises(InvalidInput, match="the same customers"):
        compare(then=[NOBODY], now=[(25, 1, 5), (25, 1, 5)])


# ---- other measures and scales -----------------------------------------------------------------


def test_from_one_preset_to_another_nothing_but_the_definition_changed():
    columns = summary(*[(7 * n, 1 + n % 4, 1000 * n) for n in range(1, 40)])
    for old, new in ((load_preset(a), load_preset(b)) for a in PRESETS[:3] for b in PRESETS[:3]):
        moves = transitions(
            before=scored(columns, old),
            after=scored(columns, new),
            histories=Histories(corrected=columns, aged=columns, behaved=columns),
        )
        assert {cause for _, _, cause in labels_and_causes(moves)} <= {
            None,
            Cause.DEFINITION_CHANGED,
        }


def test_the_guidances_recency_counts_from_the_latest_event_of_all():
    rule = load_preset("aws-guidance")
    then, now = summary((0, 4, 90), (40, 4, 90), day=0), summary((0, 8, 99), (70, 4, 90), day=30)
    then_aged = summary((30, 4, 90), (70, 4, 90), day=30)
    limits = {"recency": (5, 10, 50), "frequency": (1, 2, 3), "monetary": (1, 2, 3)}
    moves = transitions(
        before=Published(codes=np.array([0, 3]), definition=rule, thresholds=limits),
        after=Published(codes=np.array([0, 2]), definition=rule, thresholds=limits),
        histories=Histories(corrected=then, aged=then_aged, behaved=now),
    )
    assert labels_and_causes(moves) == [
        ("Champions", "Champions", None),
        ("In Between", "Volatile", Cause.TIME_PASSING),
    ]


# ---- thresholds from a record, and aging ---------------------------------------------------------


@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=30), st.integers(2, 9))
def test_recorded_thresholds_score_as_the_run_itself_did(values, scale):
    columns = summary(*[(abs(value) % 900, 1 + abs(value) % 7, value) for value in values])
    measures = order_measures(
        recency_days=columns.recency_days, orders=columns.orders, monetary=columns.monetary
    )
    scores = rfm_scores(measures, scale=scale)
    units = {"recency": 1, "frequency": 1, "monetary": 10_000}
    record = {
        name: [round(float(edge / units[name]), 6) for edge in bins.thresholds]
        for name, bins in scores.bins.items()
    }
    again = rfm_scores(measures, scale=scale, thresholds=recorded_thresholds(record))
    assert again.cells().tolist() == scores.cells().tolist()


def test_frozen_thresholds_leave_fixed_ones_and_other_scales_alone():
    thresholds = {"recency": (30,), "frequency": (3,), "monetary": (5,)}
    fixed = definition(thresholds={"recency": [20]})
    kept = frozen(fixed, earlier=definition(), thresholds=thresholds)
    assert kept.thresholds == {"recency": (20,), "frequency": (3,), "monetary": (5,)}
    other = load_preset("classic-11")
    assert frozen(other, earlier=definition(), thresholds=thresholds) == other


def test_aging_without_a_window_is_more_days_for_buyers():
    older = aged(summary((10, 2, 5), NOBODY), days=7)
    assert older.recency_days.tolist() == [17, 0]
    assert older.monetary.tolist() == [5, 0]


# ---- what always holds -------------------------------------------------------------------------

row = st.just(NOBODY) | st.tuples(
    st.integers(0, 99), st.integers(1, 9), st.integers(-(10**5), 10**6)
)
limits = st.integers(0, 99)
rules = st.sampled_from([definition(), relabelled(Away="Gone"), relabelled(Away="Recent2")])


states = st.lists(st.tuples(row, row, row, row), max_size=12)


@settings(max_examples=150, deadline=None)
@given(states, st.tuples(limits, limits), st.tuples(rules, rules), st.booleans())
def test_any_two_runs(rows, thresholds, definitions, same_period):
    then, corrected, aged_to, now = zip(*rows, strict=True) if rows else ([], [], [], [])
    (was, is_), (old, new) = thresholds, definitions
    runs = {"old": old, "new": new, "was": was, "is_": is_, "same_period": same_period}
    moves = compare(then=then, corrected=corrected, aged_to=aged_to, now=now, **runs)
    published = scored(summary(*now), new, at(is_))
    names = [one.label for one in new.everyone]
    assert [moves.labels[code] if code != ABSENT else None for code in moves.chain[-1]] == [
        names[code] if code != ABSENT else None for code in published.codes
    ]
    assert ((moves.causes == NO_CAUSE) == (moves.before == moves.after)).all()
    steps, texts = moves.paths()
    assert ((steps == NO_CAUSE) == (moves.causes == NO_CAUSE)).all()
    for customer in np.flatnonzero(moves.causes != NO_CAUSE):
        way = json.loads(texts[steps[customer]])
        assert CAUSES[moves.causes[customer]] in [cause for cause, _ in way]
        end = moves.after[customer]
        assert way[-1][1] == (moves.labels[end] if end != ABSENT else None)
    _check_movement(movement_record(moves), moves)


def _one_label(row, rule, thresholds):
    """One customer's label, scored by hand."""
    recency, orders, monetary = row
    if not orders:
        return None
    above = [sum(value > edge for edge in thresholds[name]) for name, value in (
        ("recency", recency), ("frequency", orders), ("monetary", monetary),
    )]  # fmt: skip
    cell = f"{2 - above[0]}{above[1] + 1}{above[2] + 1}"
    return next(one.label for one in rule.segments if cell in one.cells)


@settings(max_examples=150, deadline=None)
@given(states, st.tuples(limits, limits), st.tuples(rules, rules))
def test_each_customer_on_their_own_comes_to_the_same(rows, thresholds, definitions):
    then, corrected, aged_to, now = zip(*rows, strict=True) if rows else ([], [], [], [])
    (was, is_), (old, new) = thresholds, definitions
    moves = compare(
        then=then, corrected=corrected, aged_to=aged_to, now=now, old=old, new=new, was=was, is_=is_
    )
    expected = []
    for states_of_one in zip(then, corrected, aged_to, now, strict=True):
        way = [_one_label(state, old, at(was)) for state in states_of_one]
        way += [_one_label(states_of_one[-1], old, at(is_))]
        way += [_one_label(states_of_one[-1], new, at(is_))]
        place = next((n for n in range(5, 0, -1) if way[n - 1] != way[-1]), 0)
        if way[0] is None and way[-1] is not None:  # who entered: what brought them in
            place = next(n for n in range(5, 0, -1) if way[n - 1] is None)
        moved = way[0] != way[-1]
        expected.append((way[0], way[-1], CAUSES[place - 1] if moved else None))
    assert labels_and_causes(moves) == expected


def _check_movement(record, moves):
    known = int(((moves.before != ABSENT) | (moves.after != ABSENT)).sum())
    assert sum(map(sum, record.matrix)) == record.customers == known
    assert known == sum(getattr(record, kind) for kind in ("stayed", "moved", "entered", "left"))
    changed = record.moved + record.entered + record.left
    assert changed == sum(one.customers for one in record.causes)
    assert changed == sum(one.customers for one in record.moves)
    for place, one in enumerate(record.segments):
        assert one.before == one.stayed + one.moved_out + one.left
        assert one.after == one.stayed + one.moved_in + one.entered
        assert one.before == int((moves.before == place).sum())
        assert one.after == int((moves.after == place).sum())
    assert decode(Movement, json.loads(json.dumps(encode(record))), document="x") == record
