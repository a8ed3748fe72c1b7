"""PREVIOUS as input for the causes of moves, and the moves as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import Ints, integers, unscaled
from adapters.tables.models import positions, taken
from tessera.customers.money import cents
from tessera.records.scoring.movement import MoneyChanges
from tessera.segments.assignment import Codes
from tessera.segments.definition import Definition
from tessera.segments.movement.causes import CAUSES
from tessera.segments.movement.money import money_changes
from tessera.segments.movement.rescoring import ABSENT, Histories, aged
from tessera.segments.movement.set_labels import Labels
from tessera.segments.movement.transitions import NO_CAUSE, Transitions
from tessera.segments.scoring import CustomerColumns

HISTORY = {  # the columns of each history, as ``history`` reads them
    name: tuple(
        f"{name}_{column}"
        for column in ("recency_days", "frequency", "monetary", "last_event_at", "events")
    )
    for name in ("corrected", "aged", "behaved")
}


class EitherRun:
    """Some customers of this run or the previous one, in the order of their keys.

    Parameters
    ----------
    table
        Their rows of PREVIOUS.
    customers
        The customer_keys of those that this run has, ascending.
    """

    def __init__(self, table: pa.Table, *, customers: pa.ChunkedArray) -> None:
        self._table = table
        self._places = np.asarray(
            pc.index_in(customers, value_set=table.column("customer_key"))
            .cast(pa.int64())
            .to_numpy()
        )

    def __len__(self) -> int:
        return len(self._table)

    def published(self, definition: Definition) -> Ints:
        """Return the previous labels as positions in ``definition.everyone``."""
        labels = [one.label for one in definition.everyone]
        return positions(self._table.column("segment"), labels)

    def money_changes(self, histories: Histories) -> MoneyChanges:
        """Return how far today's history of the previous day is from what was published."""
        column = self._table.column("published_monetary")
        return money_changes(
            unscaled(pc.fill_null(column, 0)),
            corrected=histories.corrected.monetary,
            known=np.asarray(pc.is_valid(column).to_numpy()),
        )

    def published_labels(self) -> Labels:
        """Return the previous labels in all sets."""
        encoded = self._table.column("published_labels").combine_chunks().dictionary_encode()
        codes = encoded.indices.cast(pa.int32()).fill_null(ABSENT)
        return Labels(texts=encoded.dictionary.to_pylist(), codes=np.asarray(codes.to_numpy()))

    def corrected(self, corrected: CustomerColumns) -> npt.NDArray[np.bool_]:
        """Return whose history of the previous day is not the published one."""
        column = {
            name: self._table.column(f"published_{name}")
            for name in ("recency_days", "frequency", "monetary")
        }
        known = np.asarray(pc.is_valid(column["frequency"]).to_numpy())
        differs = (
            (integers(column["recency_days"]) != corrected.recency_days)
            | (integers(column["frequency"]) != corrected.orders)
            | (unscaled(pc.fill_null(column["monetary"], 0)) != cents(corrected.monetary))
        )
        return np.asarray(known & differs, np.bool_)

    def present(self, codes: Codes) -> Codes:
        """Return this run's codes, ``ABSENT`` for customers it doesn't have."""
        everyone = np.full(len(self), ABSENT, codes.dtype)
        everyone[self._places] = codes
        return everyone

    def histories(
        self, now: CustomerColumns, *, days: int, windowed: bool, same: bool
    ) -> Histories:
        """Return today's history at the three moments between the runs.

        Parameters
        ----------
        now
            This run's customers.
        days
            From the previous day to the present one.
        windowed
            Whether the previous run had a rolling window.
        same
            Whether both runs count days in the same way.
        """
        corrected = history(self._table, "corrected")
        return Histories(
            corrected=corrected,
            aged=history(self._table, "aged") if windowed else aged(corrected, days=days),
            behaved=self._scattered(now) if same else history(self._table, "behaved"),
            same_period=same,
        )

    def _scattered(self, now: CustomerColumns) -> CustomerColumns:
        def spread(values: Ints) -> Ints:
            everyone = np.zeros(len(self), np.int64)
            everyone[self._places] = values
            return everyone

        return CustomerColumns(
            recency_days=spread(now.recency_days),
            orders=spread(now.orders),
            monetary=spread(now.monetary),
            last_event_us=spread(now.last_event_us),
            events=spread(now.events),
        )

    def transitions_table(self, moves: Transitions, *, as_of: dt.date) -> pa.Table:
        """Return those whose label changed as TRANSITIONS."""
        moved = np.flatnonzero(moves.causes != NO_CAUSE)
        paths, texts = moves.paths()
        return pa.table(
            {
                "customer_key": self._table.column("customer_key").take(pa.array(moved)),
                "from_segment": taken(moves.labels, moves.before[moved].astype(np.int64)),
                "to_segment": taken(moves.labels, moves.after[moved].astype(np.int64)),
                "cause": taken(CAUSES, moves.causes[moved].astype(np.int64)),
                "path": taken(texts, paths[moved]),
                "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), len(moved)),
            }
        )


def history(table: pa.Table, name: str) -> CustomerColumns:
    """Return one of the histories in PREVIOUS: ``corrected``, ``aged`` or ``behaved``."""
    recency, orders, monetary, last, events = (table.column(each) for each in HISTORY[name])
    return CustomerColumns(
        recency_days=integers(recency),
        orders=integers(orders),
        monetary=unscaled(pc.fill_null(monetary, 0)),
        last_event_us=integers(last),
        events=integers(events),
    )


def either_runs(
    previous: Iterable[pa.Table], keys: Iterator[pa.ChunkedArray]
) -> Iterator[tuple[EitherRun, slice]]:
    """Yield the customers of either run, with the rows of this run that they are.

    Parameters
    ----------
    previous
        PREVIOUS in the order of keys, some rows after the others. It has every customer.
    keys
        This run's customer_keys, ascending, some after the others.
    """
    waiting, start = next(keys), 0
    for table in previous:
        last = table.column("customer_key")[-1] if len(table) else pa.scalar("")
        while (more := _next(waiting, keys, last=last)) is not None:
            waiting = pa.chunked_array([*waiting.chunks, *more.chunks])
        here = int(pc.sum(pc.less_equal(waiting, last)).as_py() or 0)
        yield EitherRun(table, customers=waiting.slice(0, here)), slice(start, start + here)
        waiting, start = waiting.slice(here), start + here


def _next(
    waiting: pa.ChunkedArray, keys: Iterator[pa.ChunkedArray], *, last: pa.StringScalar
) -> pa.ChunkedArray | None:
    """Return the next keys where those that wait may not be all up to ``last``."""
    enough = len(waiting) and waiting[-1].as_py() > last.as_py()
    return None if enough else next(keys, None)
