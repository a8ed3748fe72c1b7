"""Customer attributes as Arrow tables: one file's, and those of all files together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.stores.attributes import AttributeRecord
from tessera.customers.subscriptions.attributes import KEY, LABEL, OBSERVED, Attribute, Floats
from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.sources.attributes.reading import AttributeFile, outcome_of
from tessera.sources.attributes.types import as_flag

Types = dict[str, pa.DataType]  # of columns, by normalised header
OURS: Types = {KEY: pa.string(), OBSERVED: pa.date32(), LABEL: pa.bool_()}
_HOLDS = {pa.bool_(): "yes or no", pa.float64(): "numbers", pa.date32(): "dates"}
_NO_DAY = dt.date(1970, 1, 1)


def file_table(file: AttributeFile, *, key_of: Callable[[str], str]) -> pa.Table:
    """Return a file's rows under pseudonyms: OURS, then its attributes under their headers."""
    unknown = np.full(len(file.customer_ids), np.nan)
    columns = {
        KEY: pa.array([key_of(each) for each in file.customer_ids], pa.string()),
        OBSERVED: _days(unknown if file.observed is None else file.observed),
        LABEL: _flags(unknown if file.cancelled is None else file.cancelled),
        **{attribute.name: _array(attribute) for attribute in file.attributes.columns},
    }
    return pa.table(columns)


def joined(
    tables: Sequence[tuple[AttributeRecord, pa.Table]],
    *,
    label: str = "",
    ignore: Collection[str] = (),
) -> pa.Table:
    """Return the rows of all files, one a customer and day, in that order.

    Columns whose headers differ in case, spaces and punctuation alone are one. Where two files
    describe a customer on the same day, the later file's values win.

    Parameters
    ----------
    tables
        What ``file_table`` made, the oldest file first.
    label
        The header of the column that is the label, in place of the one found in each file.
    ignore
        Headers of columns to omit.

    Raises
    ------
    InvalidInput
        A column holds numbers in one file and texts in another, or the label holds something else
        than yes and no.
    """
    left_out = {normalised(header) for header in ignore}
    headers: dict[str, str] = {}
    types: Types = {}
    parts = []
    for record, table in tables:
        columns = _by_header(record, table, label=normalised(label), left_out=left_out)
        for header in (*table.column_names[len(OURS) :], record.label_header):
            headers.setdefault(normalised(header), header)
        for key in columns.keys() - OURS.keys():
            types[key] = _common(types.get(key), columns[key].type, header=headers[key])
        parts.append(columns)
    schema = {**OURS, **{key: types[key] for key in sorted(types)}}
    empty = pa.table({key: pa.array([], type_) for key, type_ in schema.items()})
    _spell_flags(parts, types)
    rows = pa.concat_tables([empty, *(_aligned(columns, schema) for columns in parts)])
    return _one_a_day(rows).rename_columns([headers.get(key, key) for key in schema])


def until(rows: pa.Table, as_of: dt.date) -> pa.Table:
    """Return the rows that describe a day up to ``as_of``."""
    return rows.filter(pc.less_equal(rows.column(OBSERVED), pa.scalar(as_of, pa.date32())))


def _by_header(
    record: AttributeRecord, table: pa.Table, *, label: str, left_out: Collection[str]
) -> dict[str, pa.ChunkedArray]:
    """Return a file's columns: ours, and the attributes by normalised header."""
    day = dt.date.fromisoformat(record.as_of) if record.as_of else _NO_DAY
    columns = {normalised(name): table.column(name) for name in table.column_names[len(OURS) :]}
    label_key = normalised(record.label_header)
    if label_key:
        columns[label_key] = table.column(LABEL)
    columns = {key: column for key, column in columns.items() if key not in left_out}
    outcome = columns.pop(label or label_key, None)
    return {
        KEY: table.column(KEY),
        OBSERVED: table.column(OBSERVED).fill_null(pa.scalar(day, pa.date32())),
        LABEL: pa.nulls(len(table), pa.bool_()) if outcome is None else _outcomes(outcome),
        **columns,
    }


def _outcomes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return who cancelled. A column of words is read as a label's."""
    if pa.types.is_boolean(column.type):
        return column
    words = {text: outcome_of(f"{text:g}" if isinstance(text, float) else str(text))
             for text in pc.unique(column).to_pylist() if text is not None}  # fmt: skip
    if any(np.isnan(value) for value in words.values()):
        raise InvalidInput(
            "the setting 'churn_label' names a column with values that are neither yes nor no "
            "(true, false, 1, 0, churned, active …); name the one that says who cancelled"
        )
    values = pa.array(list(words), column.type)
    places = pc.index_in(column, value_set=values)
    return pa.array([bool(value) for value in words.values()], pa.bool_()).take(places)


def _common(known: pa.DataType | None, new: pa.DataType, *, header: str) -> pa.DataType:
    """Return the type of a column that two files have."""
    if known is None or known == new:
        return new
    for wider in (pa.float64(), pa.string()):  # 0 and 1 alone, or yes and no, look like flags
        if {known, new} == {pa.bool_(), wider}:
            return wider
    one, other = (_HOLDS.get(type_, "texts") for type_ in (known, new))
    raise InvalidInput(
        f"the files of attributes have {one} and {other} in column {header!r}: write it alike in "
        "all of them, rename it in one, or name it in the setting 'churn_ignore'"
    )


def _spell_flags(parts: Sequence[dict[str, pa.ChunkedArray]], types: Types) -> None:
    """Write the flags of a column that has texts in another file in that file's words."""
    for key in (key for key, type_ in types.items() if type_ == pa.string()):
        columns = [columns for columns in parts if key in columns]
        texts = [each[key] for each in columns if not pa.types.is_boolean(each[key].type)]
        words = sorted({text for column in texts for text in pc.unique(column).to_pylist() if text})
        yes, no = (next((w for w in words if as_flag(w) == flag), "") for flag in (1, 0))
        for each in columns:
            if pa.types.is_boolean(each[key].type):
                each[key] = pc.if_else(each[key], yes or "yes", no or "no")


def _aligned(columns: Mapping[str, pa.ChunkedArray], schema: Types) -> pa.Table:
    rows = len(columns[KEY])
    return pa.table(
        {
            key: columns[key].cast(type_) if key in columns else pa.nulls(rows, type_)
            for key, type_ in schema.items()
        }
    )


def _one_a_day(rows: pa.Table) -> pa.Table:
    rest = [name for name in rows.column_names if name not in (KEY, OBSERVED)]
    keep_known = pc.ScalarAggregateOptions(skip_nulls=True, min_count=0)
    grouped = rows.group_by([KEY, OBSERVED], use_threads=False).aggregate(
        [(name, "last", keep_known) for name in rest]
    )
    named = {name: grouped.column(f"{name}_last") for name in rest}
    one = pa.table({KEY: grouped.column(KEY), OBSERVED: grouped.column(OBSERVED), **named})
    ordered = one.sort_by([(KEY, "ascending"), (OBSERVED, "ascending")])
    return ordered.select(rows.column_names).cast(rows.schema)


def _array(attribute: Attribute) -> pa.Array:
    if attribute.kind == "flag":
        return _flags(attribute.values)
    if attribute.kind == "date":
        return _days(attribute.values)
    if attribute.kind == "number":
        return pa.array(attribute.values, from_pandas=True)
    absent = np.isnan(attribute.values)
    places = pa.array(np.where(absent, 0, attribute.values).astype(np.int64), mask=absent)
    return pa.array(attribute.levels, pa.string()).take(places)


def _flags(values: Floats) -> pa.Array:
    return pa.array(values == 1, mask=np.isnan(values))


def _days(values: Floats) -> pa.Array:
    absent = np.isnan(values)
    days = np.where(absent, 0, values).astype(np.int32)
    return pa.array(days, mask=absent).cast(pa.date32())
