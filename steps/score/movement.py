"""Who moved since the previous run, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pyarrow as pa

from adapters.tables.movement import EitherRun
from adapters.tables.parquet import arrow_schema
from steps.score.run import ScoreRun
from tessera.contracts.tables import TRANSITIONS
from tessera.records.movement import Breaker, Movement, RunOfDay
from tessera.records.previous import PreviousRun
from tessera.segments.definition import definition_for
from tessera.segments.movement.breaker import verdict
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.rescoring import Published
from tessera.segments.movement.transitions import Transitions, transitions
from tessera.segments.scoring import CustomerColumns, Scored
from tessera.segments.thresholds import recorded_thresholds


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moves:
    """The movement since the previous run.

    Parameters
    ----------
    previous, movement, breaker
        The members of score.json.
    table
        TRANSITIONS.
    """

    previous: RunOfDay | None
    movement: Movement | None
    breaker: Breaker
    table: pa.Table


def moves_since(
    run: ScoreRun,
    columns: CustomerColumns,
    scored: Scored,
    *,
    thresholds: Mapping[str, Sequence[float]],
    keys: pa.ChunkedArray,
) -> Moves:
    """Compare with the previous run.

    Parameters
    ----------
    columns, scored
        This run's customers, and what scoring made of them.
    thresholds
        By which they were scored, as recorded.
    keys
        The customers, in the same order.
    """
    limit = run.settings.breaker_limit
    if run.previous is None:
        return Moves(
            previous=None,
            movement=None,
            breaker=verdict(None, limit=limit),
            table=arrow_schema(TRANSITIONS).empty_table(),
        )
    everyone = EitherRun(run.container.input("previous"), customers=keys)
    moves = _transitions(
        run, run.previous, everyone, columns=columns, scored=scored, thresholds=thresholds
    )
    movement = movement_record(moves)
    return Moves(
        previous=RunOfDay(run_id=run.previous.run_id, as_of=run.previous.as_of),
        movement=movement,
        breaker=verdict(movement, limit=limit),
        table=everyone.transitions_table(moves, as_of=run.as_of),
    )


def _transitions(
    run: ScoreRun,
    previous: PreviousRun,
    everyone: EitherRun,
    *,
    columns: CustomerColumns,
    scored: Scored,
    thresholds: Mapping[str, Sequence[float]],
) -> Transitions:
    definition = definition_for(previous.settings)
    return transitions(
        before=Published(
            codes=everyone.published(definition),
            definition=definition,
            thresholds=recorded_thresholds(previous.thresholds),
        ),
        after=Published(
            codes=everyone.present(scored.codes),
            definition=run.definition,
            thresholds=recorded_thresholds(thresholds),
        ),
        histories=everyone.histories(
            columns,
            days=previous.days,
            windowed=bool(previous.settings.window_months),
            same=previous.same_period,
        ),
    )
