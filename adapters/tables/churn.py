"""A run's attributes as typed columns, and what a churn model makes of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.stores.model_archive import read_model
from adapters.tables.parquet import read_table
from tessera.customers.subscriptions.attributes import (
    KEY,
    LABEL,
    OBSERVED,
    Attribute,
    AttributeColumns,
    Bools,
    Floats,
    Ints,
    Kind,
)
from tessera.customers.subscriptions.model import published_model
from tessera.customers.subscriptions.top_reasons import reasons_record
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.scoring.churn import ChurnRecord, ChurnScored, ChurnTraining, TrainedChurn

CHURN = "churn.json"  # in the archive of TrainChurn
MOST_DAYS_OLD = 90  # of what is known of a customer. Older rows get no chance
_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Customers:
    """Customers in the order of their keys and days, so that the order of files leaves no trace.

    Parameters
    ----------
    keys
        The customer of each row. A customer has as many rows as days.
    label : shape (n,)
        1 for customers who cancelled, 0 for those who did not, NaN if unknown. None without the
        column.
    observed : shape (n,)
        The day that each row describes, as days since 1970-01-01.
    """

    keys: pa.ChunkedArray
    attributes: AttributeColumns
    label: Floats | None
    observed: Floats

    @property
    def latest(self) -> Ints:
        """The rows that describe each customer's last day."""
        texts = self.keys.to_numpy()
        ends = np.append(texts[1:] != texts[:-1], True) if len(texts) else np.zeros(0, np.bool_)
        return np.flatnonzero(ends).astype(np.int64)

    @property
    def numbers(self) -> Ints:
        """Each row's customer as a whole number from 0."""
        return np.asarray(self.keys.combine_chunks().dictionary_encode().indices, np.int64)


@dataclasses.dataclass(frozen=True, eq=False)
class Cancellations:
    """Each customer's chance to cancel, and the record of it.

    Parameters
    ----------
    probability : shape (n,)
        NaN for customers who have left, or with too few known attributes.
    left : shape (n,)
        Who has left, by the attributes.
    record
        For score.json. None for a run without attributes.
    """

    probability: Floats
    left: Bools
    record: ChurnRecord | None


def cancellations(
    model: Path, attributes: Path, *, keys: pa.ChunkedArray, as_of: dt.date
) -> Cancellations:
    """Return what the run's churn model says of customers who are still there.

    Parameters
    ----------
    model, attributes
        The folders of the model's archive, absent when none was trained, and of the attributes.
    keys
        The customers, each once.
    as_of
        The run's day. What was known more than 90 days before it predicts nothing.
    """
    nothing, nobody = np.full(len(keys), np.nan), np.zeros(len(keys), np.bool_)
    if not model.is_dir():
        return Cancellations(nothing, nobody, None)
    document, digest = read_model(model, name=CHURN)
    trained = decode(TrainedChurn, document, document=CHURN)
    record = _record(trained, digest)
    known = read_attributes(attributes)
    latest = known.latest
    places = pc.index_in(known.keys.take(latest), value_set=keys.combine_chunks())
    place = _floats(places)
    left = np.zeros(len(latest), np.bool_) if known.label is None else known.label[latest] == 1
    counted = ~np.isnan(place)
    gone = nobody.copy()
    gone[place[counted & left].astype(np.int64)] = True
    published = published_model(trained)
    if published is None:
        return Cancellations(nothing, gone, record)
    old = (as_of - _EPOCH).days - known.observed[latest] > MOST_DAYS_OLD
    scored = counted & ~left & ~old
    rows = latest[scored]
    day, attributes_now = known.observed[rows], known.attributes.take(rows)
    chances = published.p_cancel(attributes_now, day=day)
    probability = nothing.copy()
    probability[place[scored].astype(np.int64)] = chances
    outcome = ChurnScored(
        customers=len(rows),
        left=int((counted & left).sum()),
        known_too_long_ago=int((counted & ~left & old).sum()),
        mean=round(float(chances.mean()), 6) if len(rows) else None,
    )
    reasons = reasons_record(published, attributes_now, day=day, probability=chances)
    done = dataclasses.replace(record, scored=outcome, reasons=reasons)
    return Cancellations(probability, gone, done)


def _record(trained: TrainedChurn, digest: str) -> ChurnRecord:
    """Return what was learnt, without the model itself."""
    names = [field.name for field in dataclasses.fields(ChurnTraining)]
    return ChurnRecord(**{name: getattr(trained, name) for name in names}, sha256=digest)


def read_attributes(folder: Path) -> Customers:
    """Read a folder of Parquet files: customer_key, observed_at, attributes, perhaps a label.

    Booleans are flags, numbers numbers, dates and timestamps (in UTC) dates, texts categories.

    Raises
    ------
    InvalidInput
        There is no file, no customer_key, no day in a row, or a column of another type.
    """
    table = read_table(folder)
    for name in (KEY, OBSERVED):
        if name not in table.column_names or table.column(name).null_count:
            raise InvalidInput(
                f"the attributes need a {name!r} in every row: the previous step writes it"
            )
    table = table.sort_by([(KEY, "ascending"), (OBSERVED, "ascending")])
    columns = {name: table.column(name) for name in table.column_names if name != KEY}
    keys = table.column(KEY)
    label, observed = columns.pop(LABEL, None), columns.pop(OBSERVED)
    attributes = tuple(_attribute(name, column) for name, column in columns.items())
    return Customers(
        keys=keys,
        attributes=AttributeColumns(attributes),
        label=None if label is None else _floats(label),
        observed=_floats(_days(observed)),
    )


def _attribute(name: str, column: pa.ChunkedArray) -> Attribute:
    kind = _kind(name, column.type)
    if kind == "category":
        return _category(name, column)
    return Attribute(name, kind, _floats(_days(column) if kind == "date" else column))


def _kind(name: str, data_type: pa.DataType) -> Kind:
    types = pa.types
    if types.is_boolean(data_type):
        return "flag"
    if types.is_integer(data_type) or types.is_floating(data_type) or types.is_decimal(data_type):
        return "number"
    if types.is_date(data_type) or types.is_timestamp(data_type):
        return "date"
    if (
        types.is_string(data_type)
        or types.is_large_string(data_type)
        or types.is_dictionary(data_type)
    ):
        return "category"
    raise InvalidInput(
        f"attribute {name!r} has the type {data_type}: expected numbers, texts, booleans or dates"
    )


def _category(name: str, column: pa.ChunkedArray) -> Attribute:
    texts = column.cast(pa.string())
    levels = sorted(text for text in pc.unique(texts).to_pylist() if text is not None)
    places = pc.index_in(texts, value_set=pa.array(levels, pa.string()))
    return Attribute(name, "category", _floats(places), tuple(levels))


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return dates as days since 1970-01-01."""
    return column.cast(pa.date32()).cast(pa.int32())


def _floats(column: pa.ChunkedArray) -> Floats:
    """Return numbers or booleans as floats, NaN where they are absent or infinite."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = column.cast(pa.float64()).fill_null(np.nan)
    plain = np.array(values.to_numpy(), np.float64)
    plain[~np.isfinite(plain)] = np.nan
    return plain
