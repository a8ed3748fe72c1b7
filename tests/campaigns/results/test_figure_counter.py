"""Figures by band, by variant and over time each add up to the total."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.figures import EventFigures, added, figures
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.results.figure_counter import FigureCounter
from tessera.campaigns.results.run_figures import RunFigures
from tessera.campaigns.sending.outcomes import PARTITIONS
from tessera.records.codec import decode, encode
from tests.campaigns.fakes import hexes
from tests.campaigns.results.made import Person, assigned

AT = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
PEOPLE = [
    Person(hexes(n), variant="ab"[n % 2], band=["High", "Low", ""][n % 3], held_out=n == 9)
    for n in range(10)
]
KINDS = ["ACCEPTED", "DELIVERED", "BOUNCED", "COMPLAINED", "OPENED", "CLICKED", "SUBSCRIBED"]
EVENTS = st.lists(
    st.builds(
        lambda n, kind, minutes, link: MessageEvent(
            kind=kind, tenant="shop", run="r", recipient=hexes(n), message_id=f"m{n}",
            at=AT + dt.timedelta(minutes=minutes), link=link,
            reason="Permanent" if minutes % 2 else "Transient",
        ),
        st.integers(0, 8), st.sampled_from(KINDS), st.integers(0, 300), st.sampled_from("xyz"),
    ),
    max_size=40,
)  # fmt: skip


def counted(events, unsubscribed=()) -> RunFigures:
    counter = FigureCounter(assigned(*PEOPLE))
    for digit in PARTITIONS:
        own = [event for event in events if event.recipient[0] == digit]
        counter.add(digit, own, unsubscribed=unsubscribed)
    return counter.figures(run_id="r", campaign="c", measured_at=AT, simulated=False)


@given(events=EVENTS, unsubscribed=st.sets(st.integers(0, 8)))
def test_every_division_adds_up_to_the_total(events, unsubscribed):
    made = counted(events, {hexes(n) for n in unsubscribed})
    assert made.total.events == figures(events)
    assert made.total.recipients == 9  # without the held out
    assert made.total.unsubscribed == len(unsubscribed)
    for groups in (made.by_band, made.by_variant):
        assert added(one.events for one in groups) == made.total.events
        assert sum(one.recipients for one in groups) == made.total.recipients
        assert sum(one.unsubscribed for one in groups) == made.total.unsubscribed
    assert added(one.events for one in made.by_hour) == made.total.events
    assert [one.hour for one in made.by_hour] == sorted({one.hour for one in made.by_hour})
    assert made.notes == (() if not made.total.events.opened else made.notes)
    assert decode(RunFigures, encode(made), document="figures") == made


@given(EVENTS)
def test_order_and_repetition_change_nothing(events):
    assert counted([*reversed(events), *events]) == counted(events)


def test_groups_without_an_event_are_there():
    made = counted([])
    assert [one.group for one in made.by_band] == ["High", "Low", "unknown"]
    assert [one.group for one in made.by_variant] == ["a", "b"]
    assert made.by_hour == ()


def test_a_recipient_counts_in_the_hour_of_the_first_event():
    event = MessageEvent(kind="OPENED", tenant="shop", run="r", recipient=hexes(0),
                         message_id="m", at=AT)  # fmt: skip
    later = dataclasses.replace(event, at=AT + dt.timedelta(hours=2))
    [hour] = counted([later, event]).by_hour
    assert (hour.hour, hour.events) == (AT, EventFigures(opened=1))


def test_the_held_out_and_strangers_are_in_no_figure_but_in_a_note():
    event = MessageEvent(kind="DELIVERED", tenant="shop", run="r", recipient=hexes(9),
                         message_id="m", at=AT)  # fmt: skip
    stranger = dataclasses.replace(event, recipient=hexes(77))
    canary = dataclasses.replace(event, recipient=CANARY)
    made = counted([event, stranger, canary])
    assert made.total.events == EventFigures()
    assert "Events name 2 people" in made.notes[0]


def test_nobody_taken_is_no_error():
    counter = FigureCounter(assigned())
    made = counter.figures(run_id="r", campaign="c", measured_at=AT, simulated=True)
    assert (made.total.recipients, made.by_band, made.simulated) == (0, (), True)
