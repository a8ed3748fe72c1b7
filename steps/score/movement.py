"""Who moved since the previous run, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pyarrow as pa

from adapters.tables.movement import EitherRun
from adapters.tables.parquet import arrow_schema
from steps.score.run import ScoreRun
from tessera.contracts.tables import TRANSITIONS
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.previous import PreviousRun
from tessera.records.scoring.movement import Breaker, Movement
from tessera.segments.definition import definition_for
from tessera.segments.movement.breaker import BreakerLimits, GuardedChanges, verdict
from tessera.segments.movement.causes import SET_WORDS
from tessera.segments.movement.record import movement_record, set_changes
from tessera.segments.movement.rescoring import Histories, Published
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
    sets
        The movement in the other segment sets, by name.
    """

    previous: RunOfDay | None
    movement: Movement | None
    breaker: Breaker
    table: pa.Table
    sets: Mapping[str, Movement] = dataclasses.field(default_factory=dict)


def moves_since(
    run: ScoreRun,
    columns: CustomerColumns,
    scored: Scored,
    *,
    thresholds: Mapping[str, Sequence[float]],
    keys: pa.ChunkedArray,
    labels: pa.ChunkedArray,
    by_previous: pa.Array | None,
    order: Mapping[str, Sequence[str]],
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
    labels
        Their labels in all sets.
    by_previous
        The same by the previous run's rule, see ``labels_by_previous``.
    order
        By set, its labels in their order.
    """
    if run.previous is None:
        return _not_compared(run)
    previous = RunOfDay(run_id=run.previous.run_id, as_of=run.previous.as_of)
    everyone = EitherRun(run.container.input("previous"), customers=keys)
    histories = everyone.histories(
        columns,
        days=run.previous.days,
        windowed=bool(run.previous.settings.window_months),
        same=run.previous.same_period,
    )
    moves = _transitions(
        run, run.previous, everyone, histories=histories, scored=scored, thresholds=thresholds
    )
    movement = movement_record(moves)
    set_moves = everyone.set_moves(
        labels, by_previous=by_previous, histories=histories, moves=moves, order=order
    )
    sets = {one.name: movement_record(one, words=SET_WORDS) for one in set_moves}
    changes = GuardedChanges(
        movement=movement,
        sets=tuple(set_changes(name, one) for name, one in sets.items()),
        money=everyone.money_changes(histories),
    )
    return Moves(
        previous=previous,
        movement=movement,
        breaker=verdict(changes, previous=previous, as_of=run.as_of, limits=_limits(run)),
        table=everyone.transitions_table(moves, as_of=run.as_of),
        sets=sets,
    )


def _not_compared(run: ScoreRun) -> Moves:
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
        table=arrow_schema(TRANSITIONS).empty_table(),
    )


def _limits(run: ScoreRun) -> BreakerLimits:
    return BreakerLimits(share=run.settings.breaker_limit, days=run.settings.as_of_limit_days)


def _transitions(
    run: ScoreRun,
    previous: PreviousRun,
    everyone: EitherRun,
    *,
    histories: Histories,
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
        histories=histories,
    )
