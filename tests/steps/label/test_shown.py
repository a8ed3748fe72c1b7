"""What a live label is made of: its scores, the last event that moved it, and what it waits for."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.label.label import labelled
from steps.label.shown import LabelMove, shown_label
from tessera.labels.packing import pack_state, unpack_state
from tessera.labels.rules import Rules
from tessera.labels.state import MOST_MARKS, LiveState
from tessera.labels.waiting import why_waits
from tests.labels.test_state import BUY, NOON
from tests.steps.label.test_label import NOTHING_KEPT, RULES

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
KNOWN = LiveState(orders={1}, sales={1: 0}, days={NOON // 86_400_000_000 + 719_163 - 30}, events=1)


def kept_after(*events, base=KNOWN):
    rules = Rules(RULES)
    packed = pack_state(base) if base else b""
    state = unpack_state(packed) if base else LiveState()
    new = rules.fold(state, events)
    return labelled(
        dataclasses.replace(NOTHING_KEPT, base=packed), rules.label(state), new=new, rules=rules
    )


def buy(number, seconds=0):
    return dataclasses.replace(BUY, order=number, mark=number, at_us=NOON + seconds * 1_000_000)


def shown(kept):
    return shown_label(kept, customer_key="k", rules=Rules(RULES))


def test_the_last_event_that_moved_the_label_is_named_with_the_label_before():
    one = shown(kept_after(buy(2), buy(3, seconds=60), buy(4, seconds=120)))
    assert one.label.segment == "Champions"
    assert one.moved == LabelMove(
        event="PURCHASED", happened_at=AT + dt.timedelta(minutes=2), previous="Need Attention"
    )
    assert (one.events_since_run, one.waits_because) == (3, "")
    assert one.thresholds == {
        "recency": (1, 2, 3, 4), "frequency": (1, 2, 3, 4), "monetary": (0, 0.0001, 0.0002, 0.0003)
    }  # fmt: skip
    assert (one.preset, one.measures, one.rules_as_of) == (
        RULES.preset, "orders", RULES.as_of,
    )  # fmt: skip


def test_without_a_move_the_label_is_the_runs_and_a_new_customer_had_none_before():
    assert shown(kept_after()).moved is None
    assert shown(kept_after(buy(9), base=None)).moved.previous is None


def test_who_waits_keeps_the_earlier_label_and_the_reason_is_named():
    ends = [
        dataclasses.replace(BUY, kind=kind, order=1, mark=n, amount=-1)
        for n, kind in enumerate(("CANCELLED", "REFUNDED"), start=7)
    ]
    one = shown(kept_after(*ends, base=None))
    assert one.label is None
    assert "cancelled and refunded" in one.waits_because


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LiveState(), ""),
        (LiveState(waits=True), "two uploads"),
        (LiveState(ids=set(range(MOST_MARKS + 1))), "20,001 orders and events"),
    ],
)
def test_each_reason_to_wait_has_its_words(state, words):
    assert words in why_waits(state)
    assert bool(words) == bool(why_waits(state))
