"""Rows of texts, judged by executors: events, or the code of their fault."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from adapters.engines.spark.reading.rows import (
    CELLS,
    KEPT,
    PLACE,
    ReadSlices,
    TextRows,
    bad_batch,
    record_batch,
)
from adapters.engines.spark.session import guarded
from tessera.events.consent import CONSENTS
from tessera.events.names import UNCOUNTED, VOIDS, WITHOUT_MONEY
from tessera.events.products import PRODUCT, PRODUCT_CELLS, product_text
from tessera.events.pseudonym import ID_KINDS, customer_keys, id_keys
from tessera.sources.amounts import Mark
from tessera.sources.differences import COMPARED, differs
from tessera.sources.memory import Memory
from tessera.sources.rows import Cell, Currency, Reading, ReadRow, RowReader

_NAMELESS = frozenset({*UNCOUNTED} - {*VOIDS})  # whose order's and event's ids nothing needs
_KEYS = 100_000  # of ids that are remembered: their texts and keys take 20 MB
_NAME = "readable_{}"  # an id as the shop writes it, beside its key
ROW_SCHEMA = pa.schema(
    [
        *PLACE,
        ("customer_id", pa.string()),
        ("customer_key", pa.string()),
        ("stand_in", pa.string()),
        ("doubt", pa.string()),
        ("doubtful_id", pa.string()),
        ("one_assumed", pa.bool_()),
        ("compared", pa.bool_()),
        ("difference", pa.list_(pa.string())),
        ("event", pa.string()),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("amount", pa.decimal128(18, 4)),
        *((name, pa.string()) for name in (*KEPT, *PRODUCT)),
        *((_NAME.format(column), pa.string()) for column in ID_KINDS),
        *((name, pa.string()) for name in CONSENTS),
    ]
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class JudgeRows:
    """Travels to the executors. There it reads texts into events or faults.

    Parameters
    ----------
    reading, currency
        How.
    tenant, secret
        Make the customers' keys.
    compares
        Whether amounts are compared with price × quantity.
    """

    reading: Reading
    currency: Currency
    tenant: str
    secret: bytes = dataclasses.field(repr=False)
    compares: bool = False

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield, of rows in ``CELL_SCHEMA``, what they say, in ``ROW_SCHEMA``."""
        yield from self.rows(_texts(batch) for batch in batches)

    def rows(self, slices: Iterable[TextRows]) -> Iterator[pa.RecordBatch]:
        """Yield what rows say, in ``ROW_SCHEMA``. Only refused ones keep their text."""
        reader = RowReader(self.reading, currency=self.currency)
        keys = _remembered(customer_keys(self.secret, tenant=self.tenant))
        id_keys_of = {
            column: _remembered(id_keys(self.secret, tenant=self.tenant, column=column))
            for column in ID_KINDS
        }
        products = Memory(product_text)
        for one in slices:
            read = list(reader.read(one.cells))
            named = [row.code is None and row.event not in _NAMELESS for row in read]
            ids = [row.customer_id or row.stand_in for row in read]
            given = one.cells["customer_id"]
            codes = [row.code for row in read]
            columns: dict[str, Sequence[object]] = {
                "part": one.parts,
                "line": one.lines,
                "code": codes,
                "raw": [one.raws[place] if code else None for place, code in enumerate(codes)],
                "customer_id": ids,
                "customer_key": list(map(keys.__getitem__, ids)),
                "stand_in": [row.stand_in for row in read],
                "doubt": [row.doubt for row in read],
                "doubtful_id": [
                    cell if row.doubt else None for row, cell in zip(read, given, strict=True)
                ],
                "one_assumed": [row.one_assumed for row in read],
                "event": [row.event for row in read],
                "occurred_at": [row.occurred_at for row in read],
                "amount": [row.amount for row in read],
                **(_compared(one.cells, mark=self.reading.mark) if self.compares else {}),
                **{name: one.cells[name] for name in KEPT},
                **_products(one.cells, read, texts=products),
                **_keyed({name: _where(named, one.cells[name]) for name in ID_KINDS}, id_keys_of),
                **{name: [getattr(row, name) for row in read] for name in CONSENTS},
            }
            yield record_batch(ROW_SCHEMA, columns, count=len(read))
            yield bad_batch(ROW_SCHEMA, one.bad)


@dataclasses.dataclass(frozen=True)
class ReadAndJudge:
    """Both at once, where no row needs to know its order's other rows."""

    read: ReadSlices
    judge: JudgeRows

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield rows in ``ROW_SCHEMA``."""
        yield from self.judge.rows(self.read.texts(batches))


def _compared(
    cells: Mapping[str, Sequence[Cell]], *, mark: Mark
) -> dict[str, list[bool] | list[list[str] | None]]:
    """Return which rows have an amount to compare, and the texts of those where it differs."""
    rows = list(zip(*(cells[name] for name in COMPARED), strict=True))
    differing = [differs(*texts, mark=mark) for texts in rows]
    return {
        "compared": [one is not None for one in differing],
        "difference": [
            [text or "" for text in texts] if one else None
            for texts, one in zip(rows, differing, strict=True)
        ],
    }


def _products(
    cells: Mapping[str, Sequence[Cell]], read: Sequence[ReadRow], *, texts: Memory[Cell, Cell]
) -> dict[str, list[Cell]]:
    """Return what the rows with money are about."""
    paid = [row.code is None and row.event not in WITHOUT_MONEY for row in read]
    kept = {name: list(map(texts.__getitem__, cells[name])) for name in PRODUCT_CELLS}
    return {name: _where(paid, kept.get(name, cells[name])) for name in PRODUCT}


def _remembered(key_of: Callable[[str], str]) -> Memory[Cell, Cell]:
    """Return the keys of ids, each made once. No id has no key."""
    return Memory(lambda each: None if each is None else key_of(each), most=_KEYS)


def _where(chosen: Sequence[bool], cells: Sequence[Cell]) -> list[Cell]:
    return [cell if keep else None for cell, keep in zip(cells, chosen, strict=True)]


@dataclasses.dataclass(frozen=True)
class ReadCurrencies:
    """Travels to the executors. There it reads which currency each row has."""

    reading: Reading

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield, of rows in ``CELL_SCHEMA``, the names of their currencies."""
        reader = RowReader(self.reading, currency=Currency(code="", rates={}))
        for batch in batches:
            names = list(reader.currencies(_texts(batch).cells))
            yield pa.RecordBatch.from_arrays([pa.array(names, pa.string())], names=["currency"])


def _keyed(
    ids: Mapping[str, list[Cell]], keys_of: Mapping[str, Memory[Cell, Cell]]
) -> dict[str, list[Cell]]:
    """Return ids as their keys, and beside them as the shop writes them."""
    keyed: dict[str, list[Cell]] = {}
    for column, cells in ids.items():
        keyed[column] = list(map(keys_of[column].__getitem__, cells))
        keyed[_NAME.format(column)] = cells
    return keyed


def _texts(batch: pa.RecordBatch) -> TextRows:
    """Return a batch's rows, those that are none already apart."""
    places = {name: batch.column(name).to_pylist() for name, _ in PLACE}
    bad = [row for row in zip(*places.values(), strict=True) if row[2] is not None]
    good = pc.is_null(batch.column("code"))
    rows = batch.filter(good)
    return TextRows(
        parts=rows.column("part").to_pylist(),
        lines=rows.column("line").to_pylist(),
        raws=rows.column("raw").to_pylist(),
        cells={name: rows.column(name).to_pylist() for name in CELLS},
        bad=bad,
    )
