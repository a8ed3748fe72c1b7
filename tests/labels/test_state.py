"""What a state takes, what it leaves to the batch, and its bytes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.labels.events import KINDS, LiveEvent, instant, micros
from tessera.labels.packing import pack_events, pack_state, unpack_events, unpack_state
from tessera.labels.rules import Rules
from tessera.labels.state import MOST_MARKS, LiveState
from tessera.records.label_rules import LabelRules, PurchaseRule
from tessera.segments.definition import load_preset

NOON = micros(dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC))
BUY = LiveEvent("PURCHASED", NOON, 250_000, 7, 1, 20_420)
EVENT = st.builds(
    LiveEvent,
    st.sampled_from(KINDS),
    st.integers(-(10**12), 4 * 10**15),
    st.integers(-(10**12), 10**12),
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 2**64 - 1),
    st.integers(0, 3),
)


def rules(preset="classic-11", **changes):
    definition = load_preset(preset)
    middle = tuple(range(1, definition.scale))
    record = LabelRules(
        run_id="r1",
        as_of=dt.date(2026, 11, 28),
        preset=preset,
        measures=definition.measures,
        scale=definition.scale,
        floors={"recency": middle, "frequency": middle, "monetary": middle},
        cells={cell: one.label for one in definition.segments for cell in one.cells},
        prospect=definition.everyone[-1].label,
        last_event_at=instant(NOON),
    )
    return Rules(dataclasses.replace(record, **changes))


def test_an_order_moves_a_new_customer():
    state = LiveState()
    assert rules().fold(state, [BUY]) == [BUY]
    label = rules().label(state)
    assert label.as_of == dt.date(2026, 11, 29)
    assert (label.segment, label.scores, label.frequency) == ("Promising", "515", 1)
    assert label.p_alive is None


def test_an_event_that_comes_again_changes_nothing():
    state = LiveState()
    rules().fold(state, [BUY])
    before = pack_state(state)
    assert rules().fold(state, [BUY, BUY]) == []
    assert pack_state(state) == before


def test_clicks_are_left_out_unless_the_definition_measures_them():
    click = LiveEvent("VIEWED", NOON, 0, None, 2, 20_420)
    assert rules().fold(LiveState(), [click]) == []
    guidance, state = rules("aws-guidance"), LiveState()
    assert guidance.fold(state, [click]) == [click]
    assert guidance.label(state).segment == "Volatile" or guidance.label(state).scores == "411"


def test_an_order_of_two_uploads_waits_for_the_batch():
    state = LiveState()
    rules().fold(state, [BUY])
    again = dataclasses.replace(BUY, window=BUY.window + 1)
    assert rules().fold(state, [again]) == [again]
    assert rules().label(state).waits
    assert rules().fold(state, [again]) == []


def test_a_cancelled_and_refunded_order_waits_for_the_batch():
    state = LiveState()
    ends = [
        dataclasses.replace(BUY, kind=kind, amount=-250_000, mark=mark)
        for kind, mark in (("CANCELLED", 2), ("REFUNDED", 3))
    ]
    rules().fold(state, [BUY, ends[0]])
    assert not rules().label(state).waits
    rules().fold(state, ends)
    assert rules().label(state).waits


def test_a_void_order_takes_nothing_from_its_own_upload():
    void = LiveEvent(KINDS[-1], 0, 0, BUY.order, None, BUY.window)
    state = LiveState()
    assert rules().fold(state, [void, void, BUY]) == [void, BUY]
    assert not rules().label(state).waits
    elsewhere = dataclasses.replace(void, window=BUY.window + 1)
    rules().fold(state, [elsewhere])
    assert rules().label(state).waits


@pytest.mark.parametrize(("more", "waits"), [(0, False), (1, True)])
def test_a_state_too_large_for_an_item_waits_for_the_batch(more, waits):
    state = LiveState(ids=set(range(MOST_MARKS - 1)))
    rules().fold(state, [dataclasses.replace(BUY, mark=MOST_MARKS + i) for i in range(more)])
    state.orders.add(1)
    assert rules().label(LiveState(ids=state.ids, orders=state.orders, days={1})).waits == waits
    assert len(pack_state(state)) < 200_000


def test_events_before_the_window_do_not_count():
    late = rules(start=instant(NOON + 1))
    assert late.fold(LiveState(), [dataclasses.replace(BUY, order=None)]) == []


def test_silence_is_seen_by_the_chance_to_be_active():
    model = PurchaseRule(name="mbg_nbd", parameters={"r": 0.4, "alpha": 30.0, "a": 0.8, "b": 2.9})
    live, state = rules(model=model), LiveState()
    live.fold(state, [BUY])
    soon = live.label_as_of(state, as_of=dt.date(2026, 11, 29)).p_alive
    later = live.label_as_of(state, as_of=dt.date(2027, 11, 29)).p_alive
    assert soon is not None
    assert later is not None
    assert 0 < later < soon < 1


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENT, max_size=12), st.randoms(use_true_random=False))
def test_any_order_and_any_repeats_give_the_same_label_and_the_same_bytes_come_back(events, chance):
    one, other, live = LiveState(), LiveState(), rules("aws-guidance")
    # Equal ids are equal events.
    by_id = {event.mark: event for event in events}
    events = [event if event.mark is None else by_id[event.mark] for event in events]
    live.fold(one, events)
    again = [*events, *(event for event in events if event.mark is not None)]
    chance.shuffle(again)
    live.fold(other, [event for event in again if event.voids or event.mark is not None or event])
    unnamed = any(event.mark is None and not event.voids for event in events)
    assert unnamed or live.label(one) == live.label(other)
    assert list(unpack_events(pack_events(events))) == events
    assert unpack_state(pack_state(one)) == one
