"""A made-up shop as the Score job takes it: the customers, all models, and the run before.

Customers are drawn in blocks. Their models are those of Online Retail, which correct everything,
with all of their forecasts shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.aws.container import Container, read_json, write_json
from adapters.tables.columns import decimals
from adapters.tables.parquet import arrow_schema, iter_blocks, write_batches
from bench.forecasts.scale import corrected
from tessera import naming
from tessera.contracts.tables import CUSTOMER_PRODUCTS, CUSTOMERS, PREVIOUS, SUBSCRIPTIONS
from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.forecasting.history.known import WINDOWS
from tessera.records.codec import encode
from tessera.records.runs.prepare import History, PrepareRecord, Rows
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.report_card import Verdict
from tessera.settings import RunSettings

AS_OF = dt.date(2026, 1, 1)
_NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_SPAN_DAYS, _WEEK = 730, 7
_BLOCK = 250_000
_DAY_US = 86_400_000_000
_NOW_US = int(_NOW.timestamp()) * 1_000_000

Ints = npt.NDArray[np.int64]


def write_shop(container: Container, customers: int) -> None:
    """Write the inputs of a first run."""
    settings = RunSettings()
    ticket = Ticket.issue(tenant="bench", trigger="schedule", settings=settings, started_at=_NOW)
    write_json(container.input("ticket") / naming.TICKET, encode(ticket))
    write_json(container.input("record") / naming.PREPARE_RECORD, encode(_prepared(customers)))
    write_json(container.input("previous") / "previous.json", {"run_id": None})
    for name, contract in (
        ("previous", PREVIOUS),
        (naming.SUBSCRIPTIONS, SUBSCRIPTIONS),
        (naming.CUSTOMER_PRODUCTS, CUSTOMER_PRODUCTS),
    ):
        write_batches(_part(container, name), [], contract)
    write_batches(_part(container, "customers"), _customers(customers), CUSTOMERS)
    _archive(container, "forecasts", "forecasts.json", encode(_models()))
    first = next(_customers(_BLOCK))
    bought = np.asarray(first["frequency"]) > 0
    clusters = fit_clusters(
        recency_days=np.asarray(first["recency_days"].fill_null(0), np.int64)[bought],
        frequency=np.asarray(first["frequency"])[bought],
        monetary=np.asarray(first["monetary"].cast(pa.float64()))[bought].astype(np.int64) * 10_000,
        customers=np.ones(int(bought.sum()), np.int64),
        k=5,
        seed=18,
    )
    _archive(container, "model", "model.json", encode(clusters))


def write_earlier_run(container: Container) -> None:
    """Make what the first run published the previous run's, a week before."""
    record = read_json(container.output("score") / "score.json")
    kept = {name: record[name] for name in ("thresholds", "sets", "models")}
    before = {"run_id": "r0", "as_of": (AS_OF - dt.timedelta(_WEEK)).isoformat(), "days": _WEEK}
    write_json(
        container.input("previous") / "previous.json",
        {**before, **kept, "same_period": True, "settings": RunSettings().to_dict()},
    )
    write_batches(_part(container, "previous"), _previous(container), PREVIOUS)


def _previous(container: Container) -> Iterator[pa.Table]:
    """Yield PREVIOUS: last week's orders had not come, and one in ten had another's labels."""
    published = [
        iter_blocks(source, rows=_BLOCK, columns=names)
        for source, names in (
            (container.output("profiles"), ["segment", "monetary", "labels"]),
            (_part(container, "customers"), CUSTOMERS.names),
        )
    ]
    for labelled, customers in zip(*published, strict=True):
        places = np.arange(len(labelled))
        places[::10] = np.roll(places[::10], 1)
        profiles = labelled.take(pa.array(places))
        recency = np.asarray(customers["recency_days"].fill_null(0), np.int64)
        orders, events = (np.asarray(customers[name]) for name in ("frequency", "events"))
        new = (orders > 0) & (recency <= _WEEK)
        then = np.where(orders > 0, np.where(new, recency + _WEEK, recency - _WEEK), 0)
        history = {
            "recency_days": then,
            "frequency": orders - new,
            "last_event_at": pa.array(_NOW_US - (then + _WEEK) * _DAY_US),
            "events": events - new,
            "monetary": customers["monetary"],
        }
        yield _table(
            {
                "customer_key": customers["customer_key"],
                "segment": profiles["segment"],
                "published_recency_days": then,
                "published_frequency": orders - new,
                "published_monetary": profiles["monetary"],
                "published_labels": profiles["labels"],
                **{f"corrected_{name}": values for name, values in history.items()},
            },
            arrow_schema(PREVIOUS),
        )


def _customers(count: int) -> Iterator[pa.Table]:
    """Yield CUSTOMERS in the order of keys. One in ten has only looked."""
    for start in range(0, count, _BLOCK):
        rows = min(_BLOCK, count - start)
        yield _drawn(np.random.default_rng(start), start=start, rows=rows)


def _drawn(draws: np.random.Generator, *, start: int, rows: int) -> pa.Table:
    tenure = draws.integers(1, _SPAN_DAYS, rows)
    repeats = np.minimum(draws.poisson(draws.gamma(0.6, 1 / 60, rows) * tenure), tenure - 1)
    bought = draws.random(rows) > 0.1
    last = np.where(repeats > 0, (draws.random(rows) * (tenure - repeats)).astype(int) + repeats, 0)
    recency, days = tenure - last, np.where(bought, repeats + 1, 0)
    cents = (draws.lognormal(3.5, 0.8, rows) * days * 100).astype(np.int64)
    views = draws.poisson(2.0, rows)
    recent = {each: np.minimum(days, (recency <= each) * (1 + days // 8)) for each in WINDOWS}

    def buyers(values: Ints) -> pa.Array:
        return pa.array(values, mask=~bought)

    def at(days_ago: Ints) -> pa.Array:
        return buyers(_NOW_US - days_ago * _DAY_US)

    return _table(
        {
            "customer_key": [f"{start + n:08x}-0000-4000-8000-000000000000" for n in range(rows)],
            "first_purchase_at": at(tenure),
            "last_purchase_at": at(recency),
            "last_event_at": pa.array(_NOW_US - recency * _DAY_US),
            "recency_days": buyers(recency),
            "tenure_days": buyers(tenure),
            "frequency": days,
            "purchase_days": days,
            "lines": 2 * days,
            "monetary": decimals(100 * cents, scale=4),
            "first_day_monetary": decimals(100 * (cents // np.maximum(days, 1)), scale=4),
            "last_day_monetary": decimals(100 * (cents // np.maximum(days, 1)), scale=4),
            "gap_squares": last**2 // np.maximum(repeats, 1),
            "events": days + views,
            "last_view_days": pa.array(recency, mask=views == 0),
            **{f"purchase_days_{each}d": recent[each] for each in WINDOWS},
            **dict.fromkeys(("views", "visits", "sessions"), views),
        },
        arrow_schema(CUSTOMERS),
    )


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    """Return a table of a contract. Columns that are missing are empty, or 0."""
    rows = len(columns["customer_key"])
    made = {}
    for field in schema:
        if field.name in columns:
            values = columns[field.name]
        else:
            values = pa.nulls(rows, field.type) if field.nullable else np.zeros(rows, np.int64)
        column = values if isinstance(values, pa.ChunkedArray) else pa.array(values)
        made[field.name] = column.cast(field.type)
    return pa.table(made)


def _models() -> ForecastModels:
    learnt = corrected()
    assert learnt.card is not None  # noqa: S101 (it corrects everything)
    assert learnt.card.verdicts is not None  # noqa: S101
    full = Verdict(grade="full", reasons=("made up",))
    verdicts = dataclasses.replace(
        learnt.card.verdicts,
        orders=full,
        money=full,
        no_order=dict.fromkeys(learnt.card.verdicts.no_order, full),
    )
    card = dataclasses.replace(learnt.card, verdicts=verdicts)
    return ForecastModels(
        **{**vars(learnt), "card": card}, learnt_as_of=AS_OF, reused=False, drift=None, terms=""
    )


def _prepared(customers: int) -> PrepareRecord:
    return PrepareRecord(
        tenant="bench", run_id="r1", as_of=AS_OF, time_zone="UTC", last_event_at=_NOW, currency="",
        decimal="dot", rows=Rows(), customers=customers, buyers=0, orders=0, monetary="0.00",
        history=History(uploads=1, events=0, first_event_at=None, last_event_at=None),
        reupload="new", warnings=(), inputs=(), outputs=(), timings={},
    )  # fmt: skip


def _part(container: Container, name: str) -> Path:
    return container.input(name) / "part-0.parquet"


def _archive(container: Container, folder: str, name: str, document: object) -> None:
    path = write_json(container.root / name, document)
    container.input(folder).mkdir(parents=True, exist_ok=True)
    with tarfile.open(container.input(folder) / "model.tar.gz", "w:gz") as archive:
        archive.add(path, name)
