"""The live label of a customer is the batch's, for any history and whatever comes, in any order.

``TESSERA_LABEL_EXAMPLES=10000 python -m pytest tests/labels/test_equality.py`` draws so many.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tessera.customers.summary import Period
from tessera.errors import InvalidInput
from tessera.events.names import CANCELLED, EVENTS, REFUNDED, RETURNS, VOIDS, WITHOUT_MONEY
from tessera.labels.forwarding import moved_content
from tessera.labels.packing import pack_events, pack_state, unpack_events, unpack_state
from tessera.labels.rules import Rules
from tessera.labels.state import LiveState
from tessera.records.label_rules import LabelRules, PurchaseRule
from tessera.segments.definition import PRESETS, load_preset
from tessera.segments.sets.catalog import SHIPPED
from tests.labels import batch
from tests.labels.batch import Row, Upload

EXAMPLES = int(os.environ.get("TESSERA_LABEL_EXAMPLES", "40"))
ZONE, AS_OF = "Europe/Berlin", dt.date(2026, 11, 29)
DAYS = (dt.date(2026, 11, 26), dt.date(2026, 11, 27), dt.date(2026, 11, 28))
FILES = ("uploads/old.csv", "uploads/new.csv")
STREAM = tuple(f"uploads/default/stream-{day}/" for day in DAYS)
LATEST = dt.datetime(2026, 11, 28, 22, 59, 59, tzinfo=dt.UTC)
MODELS = {
    "bg_nbd": ("r", "alpha", "a", "b"),
    "mbg_nbd": ("r", "alpha", "a", "b"),
    "pareto_nbd": ("r", "alpha", "s", "beta"),
}
FLOORS = {
    "recency": st.integers(1, 40),
    "frequency": st.integers(1, 6),
    "monetary": st.integers(-90_000, 3_000_000),
}
FIRST = dt.datetime(2026, 10, 25, 0, 0, 0, 1, dt.UTC)
# Before the earlier change of clocks, and in the repeated hour of the later one.
INSTANTS = st.one_of(
    st.integers(0, 34 * 24 * 60), st.sampled_from([10, 70, 130]), st.integers(-400_000, 0)
).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))


@st.composite
def rows(draw, *, ids):
    """A row. Half of all orders are among two, so that uploads share some."""
    event = draw(st.sampled_from((*["PURCHASED"] * 6, *EVENTS, *RETURNS, *RETURNS, *VOIDS)))
    amount = 0 if event in (*WITHOUT_MONEY, *VOIDS) else draw(st.integers(-300, 900)) * 1_000
    if event in RETURNS:
        amount = -abs(amount)
    order = draw(st.sampled_from(["o1", "o2", None, None]))
    if event in (*VOIDS, REFUNDED):
        order = order or "o1"
    return Row(draw(st.sampled_from("ab")), event, draw(INSTANTS), amount, order, ids(draw))


@st.composite
def worlds(draw):
    """What the last run counted, what came since (with its day), and which day closed last."""
    number = iter(range(1000))
    named = rows(ids=lambda _: f"e{next(number)}")
    in_files = rows(ids=lambda draw: draw(st.sampled_from([None, None, f"e{next(number)}"])))
    before = [
        Upload(name, tuple(draw(st.lists(rows_of, max_size=6))), stored)
        for name, rows_of, stored in zip(
            (*FILES, *STREAM[:2]),
            (in_files, in_files, named, named),
            draw(st.permutations(range(1, 5))),
            strict=True,
        )
    ]
    before[0] = Upload(FILES[0], (*before[0].rows, SENTINEL), before[0].stored)
    known = [
        (row, day) for day, upload in zip(DAYS, before[2:], strict=False) for row in upload.rows
    ]
    came = draw(st.lists(st.tuples(named, st.sampled_from(DAYS)), min_size=1, max_size=8))
    again = draw(st.lists(st.sampled_from(known + came), max_size=5))
    repeated = draw(st.lists(st.tuples(st.sampled_from(came), st.sampled_from(DAYS)), max_size=2))
    late = [(row, day) for (row, _), day in repeated]
    arrived = draw(st.permutations(came + again + late))
    return before, arrived, draw(st.permutations(range(10, 13))), draw(st.integers(1, 5))


@st.composite
def choices(draw):
    """A preset, a model with its parameters, and floors by measure."""
    preset, kind = draw(st.sampled_from(PRESETS)), draw(st.sampled_from(sorted(MODELS)))
    size = load_preset(preset).scale - 1
    floors = {
        name: tuple(sorted(draw(st.lists(values, min_size=size, max_size=size))))
        for name, values in FLOORS.items()
    }
    shape = st.floats(0.05, 3.0)
    days = (1, 30, 1, 30 if kind == "pareto_nbd" else 1)
    values = [draw(shape) * unit for unit in days]
    return preset, kind, values, floors, draw(st.sampled_from([0, 0, 12]))


def rules_of(preset, kind, values, floors, months):
    definition = load_preset(preset)
    return LabelRules(
        run_id="r1",
        as_of=AS_OF,
        preset=preset,
        measures=definition.measures,
        scale=definition.scale,
        floors=floors,
        cells={cell: one.label for one in definition.segments for cell in one.cells},
        prospect=definition.everyone[-1].label,
        model=PurchaseRule(name=kind, parameters=dict(zip(MODELS[kind], values, strict=True))),
        start=PERIODS[months].start,
        last_event_at=LATEST,
        time_zone=ZONE,
    )


PERIODS = {months: Period(as_of=AS_OF, window_months=months, time_zone=ZONE) for months in (0, 12)}
SENTINEL = Row("z", "VIEWED", LATEST, 0, None, None)  # the latest event of all


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with batch.engine(tmp_path_factory.mktemp("engine")) as connection:
        yield connection


def refund(minutes, amount, event_id):
    return Row("a", "REFUNDED", FIRST + dt.timedelta(minutes=minutes), amount, "o1", event_id)


# Refunds of one number, 32 days apart, of two uploads: both count. One between joins them.
JOINED = (
    [
        Upload(FILES[0], (SENTINEL,), 1),
        Upload(FILES[1], (refund(0, -342_000, None),), 2),
        Upload(STREAM[0], (), 3),
        Upload(STREAM[1], (refund(-46_080, -1_000, "e1"),), 4),
    ],
    [(refund(-23_040, -2_000, "e2"), DAYS[1])],
    [10, 11, 12],
    1,
)
CLASSIC = (
    "classic-11", "bg_nbd", [1.0, 30.0, 1.0, 1.0],
    {"recency": (1,) * 4, "frequency": (1,) * 4, "monetary": (0, 0, 0, 1)}, 0,
)  # fmt: skip


@example(JOINED, CLASSIC)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(), choices())
def test_the_live_label_is_the_batchs(connection, world, choice):
    before, arrived, closed, size = world
    record, period = rules_of(*choice), PERIODS[choice[-1]]
    base = batch.states(connection, before, period=period)
    live = follow(base, arrived, rules=Rules(record), size=size)
    after = [*before[:2], *grown(before[2:], arrived, closed)]
    published = batch.publish(connection, after, rules=record, period=period)
    doubtful = replaced(after)
    only_void = {row.customer for upload in before for row in upload.voiding}
    for customer, one in published.items():
        label = Rules(record).label_as_of(live.get(customer, LiveState()), as_of=AS_OF)
        if customer not in base and customer in only_void:
            continue  # of a customer without any event, no run keeps what was void
        if label.waits:
            assert customer in doubtful
            continue
        assert label.segment == one.segment, customer
        assert (label.frequency, label.monetary) == (one.frequency, one.monetary)
        assert label.recency_days == one.recency_days
        state = live.get(customer, LiveState())
        assert moved_content({}, label=label, state=state) == one.content
        assert (label.p_alive is None) == (one.p_alive is None)
        if one.p_alive is not None:
            assert label.p_alive == pytest.approx(one.p_alive, rel=1e-9, abs=1e-12)


def follow(base, arrived, *, rules, size):
    """Take what came in batches, through bytes and back as the table keeps them."""
    kept = {customer: (pack_state(state), b"") for customer, state in base.items()}
    for start in range(0, len(arrived), size):
        by_customer = collections.defaultdict(list)
        for row, day in arrived[start : start + size]:
            by_customer[row.customer].append(row.live(day))
        for customer, events in by_customer.items():
            packed, recent = kept.get(customer, (pack_state(LiveState()), b""))
            state = unpack_state(packed)
            rules.fold(state, list(unpack_events(recent)))
            kept[customer] = packed, recent + pack_events(rules.fold(state, events))
    live = {}
    for customer, (packed, recent) in kept.items():
        live[customer] = unpack_state(packed)
        rules.fold(live[customer], list(unpack_events(recent)))
    return live


def grown(days, arrived, closed):
    """Return the stream's uploads with what came, each row once, and when each was closed."""
    by_day = collections.defaultdict(list)
    for row, day in arrived:
        by_day[day].append(row)
    uploads = []
    for place, (name, day) in enumerate(zip(STREAM, DAYS, strict=True)):
        known = days[place] if place < len(days) else Upload(name, (), 5 + place)
        new = [row for row in dict.fromkeys(by_day[day]) if row not in known.rows]
        # A record that comes twice has one sequence number or one event id: it counts once.
        stored = closed[place] if by_day[day] else known.stored
        uploads.append(Upload(name, (*known.rows, *new), stored))
    return uploads


def replaced(uploads):
    """Return the customers that only a run can settle, for an order or for a cancellation."""
    places, ends = collections.defaultdict(set), collections.defaultdict(set)
    for upload in uploads:
        for row in upload.rows:
            for kind in kinds_of(row) if row.order else ():
                places[row.customer, row.order, kind].add(upload.name)
                ends[row.customer, row.order].add(row.event)
    several = {customer for (customer, *_), names in places.items() if len(names) > 1}
    bare = {
        row.customer
        for upload in uploads
        for row in upload.rows
        if row.event == CANCELLED and row.order is None
    }
    return (
        several
        | bare
        | {customer for (customer, _), events in ends.items() if {CANCELLED, REFUNDED} <= events}
    )


def kinds_of(row):
    """Return which lines of its order a row replaces, of older uploads."""
    if row.event in VOIDS:
        return ("sale", "return")
    if row.event == "PURCHASED" and row.amount >= 0:
        return ("sale",)
    return ("return",) if row.event in ("PURCHASED", *RETURNS) else ()


def test_groups_of_loyalty_are_a_set_which_no_live_label_follows():
    """So every preset has its equality: what needs all customers cannot be chosen as one."""
    with pytest.raises(InvalidInput, match=r"which live labels cannot follow.*'segment_sets'"):
        load_preset("loyalty-3")
    assert "loyalty_3" in SHIPPED
    names = {field.name for field in dataclasses.fields(LabelRules)}
    assert not any("sets" in name or "loyalty" in name for name in names)
