"""The three histories as SQL, on real purchases: between two runs nothing is blamed on the data."""

from __future__ import annotations

import dataclasses
import datetime as dt

import duckdb
import numpy as np
import pytest

from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.money import cents
from tessera.customers.summary import Period
from tessera.segments.definition import load_preset
from tessera.segments.movement.causes import CAUSES, Cause
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.rescoring import ABSENT, Histories, Published, aged
from tessera.segments.movement.transitions import NO_CAUSE, transitions
from tessera.segments.scoring import CustomerColumns, ScoringRule
from tessera.segments.scoring_record import score_record
from tessera.segments.thresholds import recorded_thresholds
from tests.folding import fold_all
from tests.reference import EVENTS

MARCH = Period(as_of=dt.date(1998, 3, 1), window_months=0, time_zone="UTC")
APRIL = Period(as_of=dt.date(1998, 4, 1), window_months=0, time_zone="UTC")

_EVENTS = """
CREATE TABLE events AS
SELECT CustomerID AS customer_key, 'PURCHASED' AS event,
    strptime("Date"[:16], '%a, %d %b %Y')::TIMESTAMP AS occurred_at,
    UnitPrice::DECIMAL(18, 4) AS amount, NULL::VARCHAR AS order_id
FROM read_csv('{file}', all_varchar = true, header = true)"""


@pytest.fixture
def shop():
    """A year and a half of a real shop's purchases, as canonical events."""
    connection = duckdb.connect()
    connection.execute(_EVENTS.format(file=EVENTS["cdnow_sample"]))
    yield connection
    connection.close()


def joined(shop, *, before, now):
    """The previous published columns, today's three histories, and the present ones."""
    then = dataclasses.replace(before, as_of=now.as_of)
    folds = {
        "published": ("published", before),
        "corrected": ("events", before),
        "aged": ("events", dataclasses.replace(then, known_until=before.as_of)),
        "behaved": ("events", then),
        "present": ("events", now),
    }
    for name, (events, period) in folds.items():
        shop.register(f"{name}_summary", fold_all(shop, events, period=period).customers)
    everyone = " UNION ".join(f"SELECT customer_key FROM {name}_summary" for name in folds)
    return {name: columns(shop, f"{name}_summary", everyone) for name in folds}


def columns(shop, table, everyone):
    fetched = shop.execute(f"""
        SELECT COALESCE(recency_days, 0)::BIGINT AS recency_days,
            COALESCE(frequency, 0)::BIGINT AS orders,
            (COALESCE(monetary, 0) * 10000)::BIGINT AS monetary,
            COALESCE(epoch_us(last_event_at), 0)::BIGINT AS last_event_us,
            COALESCE(events, 0)::BIGINT AS events
        FROM ({everyone}) AS everyone LEFT JOIN {table} USING (customer_key)
        ORDER BY everyone.customer_key""").fetchnumpy()
    return CustomerColumns(**{name: np.asarray(one, np.int64) for name, one in fetched.items()})


def run(columns, preset):
    """Score the customers of a summary, and read thresholds back from the record, as runs do."""
    known = columns.events > 0
    there = CustomerColumns(
        **{field.name: getattr(columns, field.name)[known] for field in dataclasses.fields(columns)}
    )
    model = fit_clusters(
        recency_days=there.recency_days,
        frequency=there.orders,
        monetary=there.monetary,
        customers=np.ones(known.sum(), np.int64),
        k=2,
        seed=18,
    )
    definition = load_preset(preset)
    rule = ScoringRule.learnt(there, definition=definition, model=model)
    scored = rule.score(there)
    record = score_record(there, scored, rule=rule)
    codes = np.full(len(known), ABSENT, np.int64)
    codes[known] = scored.codes
    thresholds = recorded_thresholds(record.thresholds)
    return Published(codes=codes, definition=definition, thresholds=thresholds)


def compare(shop, *, before=MARCH, now=APRIL, presets=("classic-11", "classic-11")):
    histories = joined(shop, before=before, now=now)
    moves = transitions(
        before=run(histories["published"], presets[0]),
        after=run(histories["present"], presets[1]),
        histories=Histories(
            corrected=histories["corrected"],
            aged=histories["aged"],
            behaved=histories["behaved"],
            same_period=dataclasses.replace(before, as_of=now.as_of) == now,
        ),
    )
    return histories, moves, {one.cause: one for one in movement_record(moves).causes}


def remember(shop):
    """What the previous run knew is today's history."""
    shop.execute("CREATE OR REPLACE TABLE published AS SELECT * FROM events")


@pytest.mark.parametrize("preset", ["classic-11", "grid-10", "nine", "aws-guidance"])
@pytest.mark.parametrize("window_months", [0, 12])
def test_a_month_passes_and_no_history_was_corrected(shop, preset, window_months):
    remember(shop)
    march, april = (dataclasses.replace(one, window_months=window_months) for one in (MARCH, APRIL))
    histories, moves, causes = compare(shop, before=march, now=april, presets=(preset, preset))
    assert (moves.chain[1] == moves.chain[0]).all()
    assert causes["data_corrected"].customers == causes["definition_changed"].customers == 0
    assert causes["own_behaviour"].moved > 0
    assert causes["time_passing"].moved > 0
    assert bool(causes["time_passing"].left) == bool(window_months)

    bought = histories["behaved"].orders != histories["aged"].orders
    own = moves.causes == CAUSES.index(Cause.OWN_BEHAVIOUR)
    assert not (own & ~bought).any()  # who didn't order moved for other reasons


def test_aging_a_summary_without_a_window_is_what_its_sql_says(shop):
    remember(shop)
    histories, _, _ = compare(shop)
    older = aged(histories["corrected"], days=(APRIL.as_of - MARCH.as_of).days)
    for field in dataclasses.fields(older):
        same = getattr(older, field.name) == getattr(histories["aged"], field.name)
        assert same.all(), field.name


def test_orders_that_were_missing_are_a_correction_of_their_customers(shop):
    shop.execute("CREATE TABLE published AS SELECT * FROM events WHERE customer_key >= '0201'")
    shop.execute("""INSERT INTO published SELECT * FROM events WHERE customer_key < '0201'
        QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_key ORDER BY occurred_at) = 1""")
    histories, moves, causes = compare(shop)
    then, today = (histories[name] for name in ("published", "corrected"))
    differs = (then.orders != today.orders) | (cents(then.monetary) != cents(today.monetary))
    corrected = moves.causes == CAUSES.index(Cause.DATA_CORRECTED)
    assert causes["data_corrected"].customers == corrected.sum() > 10
    assert not (corrected & ~differs).any()


def test_an_upload_that_vanished_takes_its_customers_out_by_correction(shop):
    remember(shop)
    shop.execute("DELETE FROM events WHERE customer_key < '0501'")
    _, _, causes = compare(shop)
    assert causes["data_corrected"].left == 500


def test_a_new_window_and_a_new_preset_are_the_definitions_doing(shop):
    remember(shop)
    window = dataclasses.replace(MARCH, window_months=12)
    _, moves, causes = compare(shop, now=window)
    assert causes["definition_changed"].left > 0
    assert set(moves.causes.tolist()) <= {NO_CAUSE, CAUSES.index(Cause.DEFINITION_CHANGED)}
    _, moves, _ = compare(shop, now=MARCH, presets=("classic-11", "aws-guidance"))
    assert set(moves.causes.tolist()) <= {NO_CAUSE, CAUSES.index(Cause.DEFINITION_CHANGED)}
