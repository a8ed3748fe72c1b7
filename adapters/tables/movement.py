"""PREVIOUS as input for the causes of moves, and the moves as a table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import Ints, integers, unscaled
from adapters.tables.models import positions, taken
from adapters.tables.parquet import read_table
from tessera.contracts.tables import PREVIOUS
from tessera.customers.money import cents
from tessera.records.scoring.movement import MoneyChanges
from tessera.segments.definition import Definition
from tessera.segments.movement.causes import CAUSES
from tessera.segments.movement.money import money_changes
from tessera.segments.movement.rescoring import ABSENT, Histories, aged
from tessera.segments.movement.set_labels import (
    Happened,
    LabelChain,
    Labels,
    SetMoves,
    set_moves,
)
from tessera.segments.movement.transitions import NO_CAUSE, Transitions
from tessera.segments.scoring import CustomerColumns


class EitherRun:
    """Every customer of this run or the previous one, in the order of their keys.

    Parameters
    ----------
    folder
        Holds PREVIOUS.
    customers
        This run's customer_keys, ascending.
    """

    def __init__(self, folder: Path, *, customers: pa.ChunkedArray) -> None:
        self._table = read_table(folder, columns=PREVIOUS.names).sort_by("customer_key")
        self._places = np.asarray(
            pc.index_in(customers, value_set=self._table.column("customer_key"))
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

    def set_moves(
        self,
        labels: pa.ChunkedArray,
        *,
        by_previous: pa.ChunkedArray | pa.Array | None,
        histories: Histories,
        moves: Transitions,
        order: Mapping[str, Sequence[str]],
    ) -> tuple[SetMoves, ...]:
        """Return everybody's way in each set.

        Parameters
        ----------
        labels
            This run's.
        by_previous
            The same customers' by the previous run's rule. None where it cannot be applied.
        histories
            Of everybody.
        moves
            Between segments: they have the causes of who came or went.
        order
            By set, its labels in their order.
        """
        chain = LabelChain(
            before=_labels(self._table.column("published_labels")),
            between=None if by_previous is None else self._present_labels(by_previous),
            after=self._present_labels(labels),
        )
        happened = Happened(
            corrected=self._corrected(histories.corrected),
            quiet=histories.aged.events == histories.behaved.events,
            presence=moves.causes.astype(np.int64),
        )
        return set_moves(chain, happened, order=order)

    def _present_labels(self, column: pa.ChunkedArray | pa.Array) -> Labels:
        labels = _labels(column)
        return dataclasses.replace(labels, codes=self.present(labels.codes))

    def _corrected(self, corrected: CustomerColumns) -> npt.NDArray[np.bool_]:
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

    def present(self, codes: Ints) -> Ints:
        """Return this run's codes, ``ABSENT`` for customers it doesn't have."""
        everyone = np.full(len(self), ABSENT, np.int64)
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
        corrected = self._columns("corrected")
        return Histories(
            corrected=corrected,
            aged=self._columns("aged") if windowed else aged(corrected, days=days),
            behaved=self._scattered(now) if same else self._columns("behaved"),
            same_period=same,
        )

    def _columns(self, name: str) -> CustomerColumns:
        table = self._table
        return CustomerColumns(
            recency_days=integers(table.column(f"{name}_recency_days")),
            orders=integers(table.column(f"{name}_frequency")),
            monetary=unscaled(pc.fill_null(table.column(f"{name}_monetary"), 0)),
            last_event_us=integers(table.column(f"{name}_last_event_at")),
            events=integers(table.column(f"{name}_events")),
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


def _labels(column: pa.ChunkedArray | pa.Array) -> Labels:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = column.dictionary_encode()
    codes = encoded.indices.cast(pa.int64()).fill_null(ABSENT)
    return Labels(
        texts=encoded.dictionary.to_pylist(), codes=np.asarray(codes.to_numpy(), np.int64)
    )
