"""Who came to a segment and who went, by cause, and the alerts made of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.statistics.flows import flows
from tessera.records.codec import encode
from tessera.segments.movement.causes import CAUSES
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.transitions import NO_CAUSE, Transitions
from tests.insights.made import insights_of

LABELS = ("Champions", "Loyal", "Lost")
ABSENT = -1
MOVES = st.lists(
    st.tuples(
        st.integers(ABSENT, 2), st.integers(ABSENT, 2), st.integers(0, len(CAUSES) - 1)
    ).filter(lambda move: move[:2] != (ABSENT, ABSENT)),
    max_size=60,
)


@given(MOVES)
def test_who_came_and_who_went_add_up_by_cause(moves):
    before, after, causes = np.array(moves, np.int16).reshape(-1, 3).T
    causes = np.where(before == after, NO_CAUSE, causes).astype(np.int8)
    movement = movement_record(
        Transitions(labels=LABELS, chain=(before,) * 5 + (after,), causes=causes)
    )
    made = flows(movement)
    assert [flow.label for flow in made] == list(LABELS)
    for flow in made:
        came, went = sum(flow.in_by_cause.values()), sum(flow.out_by_cause.values())
        assert came == flow.moved_in + flow.entered
        assert went == flow.moved_out + flow.left
        assert flow.before - went + came == flow.after
    joined = sum(sum(flow.in_by_cause.values()) for flow in made)
    assert joined == movement.moved + movement.entered


def test_a_first_run_has_no_changes(make_records):
    made = insights_of(make_records())
    assert (made.flows, made.alerts) == ((), ())


def test_an_alert_names_who_came_who_left_and_the_commonest_cause(shop_records):
    made = insights_of(shop_records("online_retail"))
    champions = next(flow for flow in made.flows if flow.label == "Champions")
    assert (champions.before, champions.after) == (675, 798)
    alert = next(one for one in made.alerts if one.about == "Champions")
    assert alert.kind == "segment_won"
    cause, most = next(iter(champions.in_by_cause.items()))
    assert cause == "own_behaviour"
    assert alert.text == (
        "Champions won 123 customers since 10 November 2011: 197 left and 320 came. "
        f"{most} came because their own behaviour changed."
    )


def test_a_segment_that_hardly_changed_is_no_alert(shop_records):
    made = insights_of(shop_records("cdnow"))
    about = {one.about for one in made.alerts}
    small = {f.label for f in made.flows if abs(f.after - f.before) < 10}
    assert small
    assert not about & small


def test_a_destination_that_failed_comes_before_segments(shop_records):
    records = shop_records("online_retail")
    why = {"state": "StartLoad", "error": "Refused", "message": "no permission"}
    first, *rest = encode(records)["destinations"]
    failed = shop_records("online_retail", destinations=[{**first, "failed": why}, *rest])
    alert = insights_of(failed).alerts[0]
    assert (alert.kind, alert.about) == ("destination_failed", first["destination"])
    assert alert.text == "no permission"
