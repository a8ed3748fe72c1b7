"""Who moved since the previous run, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from adapters.tables.columns import integers
from adapters.tables.joint_labels import JointLabels
from adapters.tables.movement import HISTORY, EitherRun, either_runs, history
from adapters.tables.parquet import by_key, iter_blocks
from adapters.tables.profiles import CustomerBlocks
from steps.score.run import ScoreRun
from steps.score.ways import Ways
from tessera.contracts.tables import PREVIOUS
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.previous import PreviousRun
from tessera.records.scoring.movement import Breaker, MoneyChanges, Movement
from tessera.segments.definition import definition_for
from tessera.segments.movement.breaker import BreakerLimits, GuardedChanges, verdict
from tessera.segments.movement.money import added
from tessera.segments.movement.record import MoveCounts, set_changes
from tessera.segments.movement.rescoring import Moments, Published
from tessera.segments.movement.set_labels import Happened
from tessera.segments.movement.transitions import Transitions, transitions
from tessera.segments.scoring import (
    ColumnsInParts,
    CustomerColumns,
    ScoredInParts,
    blocks_of,
)
from tessera.segments.thresholds import recorded_thresholds


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moves:
    """The movement since the previous run.

    Parameters
    ----------
    previous, movement, breaker
        The members of score.json.
    sets
        The movement in the other segment sets, by name.
    """

    previous: RunOfDay | None
    movement: Movement | None
    breaker: Breaker
    sets: Mapping[str, Movement] = dataclasses.field(default_factory=dict)


class Compared:
    """A run's customers and the previous run's, compared block after block.

    Parameters
    ----------
    run, previous
        The two runs.
    customers, columns, scored
        This run's customers, in blocks and as scoring takes them, and what scoring made of them.
    thresholds
        By which they were scored, as recorded.
    labels
        Their labels in all sets.
    by_previous
        The same by the previous run's rule, see ``labels_by_previous``.
    scratch
        An empty folder, for a sorted copy.
    """

    def __init__(
        self,
        run: ScoreRun,
        previous: PreviousRun,
        *,
        customers: CustomerBlocks,
        columns: ColumnsInParts,
        scored: ScoredInParts,
        thresholds: Mapping[str, Sequence[float]],
        labels: JointLabels,
        by_previous: JointLabels | None,
        scratch: Path,
    ) -> None:
        self._run, self._previous = run, previous
        self._customers, self._columns, self._scored = customers, columns, scored
        self._labels, self._by_previous = labels, by_previous
        self._source = by_key(run.container.input("previous"), PREVIOUS, scratch=scratch)
        nobody = np.zeros(0, np.int16)
        self._before = Published(
            codes=nobody,
            definition=definition_for(previous.settings),
            thresholds=recorded_thresholds(previous.thresholds),
        )
        self._after = Published(
            codes=nobody,
            definition=run.definition,
            thresholds=recorded_thresholds(thresholds),
        )
        self._ways = Ways(
            scratch / "ways",
            after=labels.texts,
            between=None if by_previous is None else by_previous.texts,
        )
        self._money: list[MoneyChanges] = []
        self._counts: MoveCounts | None = None

    def transitions(self) -> Iterator[pa.Table]:
        """Yield TRANSITIONS in the order of keys. All others of its methods come after it."""
        moments = self._moments()
        for either, rows in either_runs(self._read(PREVIOUS.names), self._customers.keys()):
            moves = self._add(either, rows, moments)
            yield either.transitions_table(moves, as_of=self._run.as_of)

    def moves(self, *, order: Mapping[str, Sequence[str]]) -> Moves:
        """Return the movement in numbers.

        Parameters
        ----------
        order
            By set, its labels in their order.
        """
        assert self._counts is not None  # noqa: S101 (there is at least one block)
        previous = RunOfDay(run_id=self._previous.run_id, as_of=self._previous.as_of)
        movement, sets = self._counts.record(), self._ways.movements(order=order)
        changes = GuardedChanges(
            movement=movement,
            sets=tuple(set_changes(name, one) for name, one in sets.items()),
            money=added(self._money),
        )
        return Moves(
            previous=previous,
            movement=movement,
            breaker=verdict(
                changes, previous=previous, as_of=self._run.as_of, limits=_limits(self._run)
            ),
            sets=sets,
        )

    def _add(self, either: EitherRun, rows: slice, moments: Moments) -> Transitions:
        previous, by_previous = self._previous, self._by_previous
        histories = either.histories(
            self._columns.take(rows),
            days=previous.days,
            windowed=bool(previous.settings.window_months),
            same=previous.same_period,
        )
        published = either.published(self._before.definition)
        present = either.present(self._scored.codes[rows])
        moves = transitions(
            before=dataclasses.replace(self._before, codes=published),
            after=dataclasses.replace(self._after, codes=present),
            histories=histories,
            moments=moments,
        )
        self._counts = self._counts or MoveCounts(moves.labels)
        self._counts.add(moves)
        self._money.append(either.money_changes(histories))
        self._ways.append(
            before=either.published_labels(),
            between=None if by_previous is None else either.present(by_previous[rows].codes),
            after=either.present(self._labels[rows].codes),
            happened=Happened(
                corrected=either.corrected(histories.corrected),
                quiet=histories.aged.events == histories.behaved.events,
                presence=moves.causes,
            ),
        )
        return moves

    def _moments(self) -> Moments:
        same = self._previous.same_period
        then = (integers(table.column(0)) for table in self._read(["corrected_last_event_at"]))

        def behaved() -> Iterator[CustomerColumns]:
            if same:
                return blocks_of(self._columns)
            return (history(table, "behaved") for table in self._read(HISTORY["behaved"]))

        return Moments.of(
            self._before,
            after=self._after,
            then_us=max(int(events.max(initial=0)) for events in then),
            behaved=behaved,
            same_period=same,
        )

    def _read(self, names: Sequence[str]) -> Iterator[pa.Table]:
        return iter_blocks(self._source, rows=self._run.block_rows, columns=names)


def not_compared(run: ScoreRun) -> Moves:
    """Return the movement of a run that has nothing to compare with."""
    unlike = run.not_compared
    return Moves(
        previous=None,
        movement=None,
        breaker=verdict(
            None,
            previous=unlike.latest if unlike else None,
            as_of=run.as_of,
            limits=_limits(run),
            why=unlike.why if unlike else "",
        ),
    )


def _limits(run: ScoreRun) -> BreakerLimits:
    return BreakerLimits(share=run.settings.breaker_limit, days=run.settings.as_of_limit_days)
