"""A run's subscriptions as columns, and what a retention model makes of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.aws.container import Container
from adapters.tables.churn import Cancellations, cancellations
from adapters.tables.parquet import iter_batches, read_table
from tessera import naming
from tessera.contracts.tables import SUBSCRIPTIONS
from tessera.customers.subscriptions.attributes import Floats, Ints
from tessera.customers.subscriptions.retention.cohorts import cohorts_of, p_cancel
from tessera.customers.subscriptions.retention.record import published_retention, retention_record
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.retention import ChanceSources, RetentionRecord


def chances_to_cancel(
    container: Container,
    *,
    keys: Iterable[pa.ChunkedArray],
    customers: int,
    as_of: dt.date,
    period_days: int,
) -> tuple[Floats, ChurnRecord | None, RetentionRecord | None]:
    """Return customers' p_cancel_30d: by their attributes, else by how long they subscribe.

    Parameters
    ----------
    container
        With the inputs ``churn`` (absent when no model was trained), ``attributes`` and
        ``details``.
    keys
        The customers, each once, some after the others. Read where there is something to learn
        from.
    customers
        How many they are.
    as_of
        The run's day.
    period_days
        How many days a subscription's payment is for.

    Returns
    -------
    probability : shape (n,)
        NaN for who never subscribed or has left, and where both models are withheld.
    churn, retention
        For score.json, each None where there is nothing to learn from. The second says how many
        chances each of the two models ``gave``.
    """
    model, subscriptions = container.input("churn"), container.input(naming.SUBSCRIPTIONS)
    if not model.is_dir() and not any(len(batch) for batch in iter_batches(subscriptions)):
        return np.broadcast_to(np.nan, customers), None, None
    everyone = pa.chunked_array([chunk for some in keys for chunk in some.chunks], pa.string())
    cancelling = cancellations(model, container.input("attributes"), keys=everyone, as_of=as_of)
    probability, retention = with_retention(
        cancelling, subscriptions, keys=everyone, period_days=period_days
    )
    return probability, cancelling.record, retention


def with_retention(
    cancelling: Cancellations, subscriptions: Path, *, keys: pa.ChunkedArray, period_days: int
) -> tuple[Floats, RetentionRecord | None]:
    """Predict by tenure for subscribers without a prediction by attributes.

    Parameters
    ----------
    cancelling
        The predictions by attributes. They stay as they are.
    subscriptions
        The folder of SUBSCRIPTIONS.
    keys
        The customers of ``cancelling``.
    period_days
        How many days a payment is for.

    Returns
    -------
    probability : shape (n,)
        With all that ``cancelling`` has.
    record
        The retention model's, with ``active`` subscribers and how many chances each model
        ``gave``. None where nobody ever subscribed.
    """
    table = read_table(subscriptions, columns=SUBSCRIPTIONS.names)
    if not len(table):
        return cancelling.probability, None
    begun = _whole(table.column("begun_days_ago"))
    ended = table.column("ended_days_ago").cast(pa.float64()).fill_null(np.nan).to_numpy()
    record = retention_record(
        cohorts_of(begun, ended, period_days=period_days), period_days=period_days
    )
    probability = cancelling.probability.copy()
    running = np.isnan(ended)
    model = published_retention(record)
    if model is not None:
        places = _whole(pc.index_in(table.column("customer_key"), keys.combine_chunks()))
        asked = running & np.isnan(probability[places]) & ~cancelling.left[places]
        chances = p_cancel(model, begun[asked], period_days=period_days)
        probability[places[asked]] = chances
    by_attributes = int((~np.isnan(cancelling.probability)).sum())
    gave = ChanceSources(
        attributes=by_attributes,
        retention=int((~np.isnan(probability)).sum()) - by_attributes,
    )
    return probability, dataclasses.replace(record, active=int(running.sum()), gave=gave)


def _whole(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.cast(pa.int64()).to_numpy(), np.int64)
