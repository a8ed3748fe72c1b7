"""What Score does, in order: scores, forecasts, sets, profiles, and who moved since then."""

from __future__ import annotations

import pyarrow as pa

from adapters.aws.container import write_json
from adapters.stores.model_archive import MODEL, read_model
from adapters.tables.models import card_table
from adapters.tables.parquet import write_table
from adapters.tables.profiles import customer_columns, profile_table, read_customers
from steps.score.forecasts import Forecasts, forecast_customers
from steps.score.movement import Moves, moves_since
from steps.score.previous_rule import labels_by_previous
from steps.score.run import ScoreRun, Stopwatch
from tessera import naming
from tessera.contracts.tables import MODEL_CARDS, PROFILES, TRANSITIONS
from tessera.customers.clusters.model import ClusterModel
from tessera.records.codec import decode, encode
from tessera.records.file import File
from tessera.records.scoring.score import ModelReference, ScoreRecord
from tessera.segments.definition import Definition, definition_for
from tessera.segments.scoring import score_customers, score_record
from tessera.segments.thresholds import frozen, recorded_thresholds

_INPUTS = (
    ("customers", naming.CUSTOMERS),
    ("subscriptions", naming.SUBSCRIPTIONS),
    ("previous", naming.PREVIOUS),
)


def score(run: ScoreRun) -> ScoreRecord:
    """Score every customer, write the tables and score.json, and return the record.

    Raises
    ------
    InvalidInput
        An input is missing or does not match what the step before writes.
    """
    watch = Stopwatch()
    document, digest = read_model(run.container.input("model"))
    model = decode(ClusterModel, document, document=MODEL)
    customers = read_customers(run.container.input("customers"))
    columns = customer_columns(customers)
    watch.lap("read_s")

    scored = score_customers(columns, definition=_definition(run), model=model)
    scores = score_record(columns, scored, model=model)
    watch.lap("score_s")
    forecasts = forecast_customers(run, customers, columns, scored)
    watch.lap("forecast_s")

    profiles = profile_table(
        customers, columns=columns, scored=scored, predicted=forecasts.columns, as_of=run.as_of
    )
    keys = customers.column("customer_key")
    moves = moves_since(
        run,
        columns,
        scored,
        thresholds=scores.thresholds,
        keys=keys,
        labels=profiles.column("labels"),
        by_previous=labels_by_previous(run, customers, columns, model=model, forecasts=forecasts),
        order={name: [row.group for row in rows] for name, rows in forecasts.groups.items()},
    )
    outputs = _write(run, profiles, moves=moves, forecasts=forecasts)
    watch.lap("write_s")
    reference = ModelReference(sha256=digest, note=model.note, chosen=model.chosen)
    record = ScoreRecord(
        **vars(scores),
        as_of=run.as_of,
        model=reference,
        models=forecasts.models,
        churn=forecasts.churn,
        retention=forecasts.retention,
        sets=forecasts.sets,
        groups=forecasts.groups,
        value=forecasts.value,
        totals=forecasts.totals,
        previous=moves.previous,
        movement=moves.movement,
        set_movements=moves.sets,
        breaker=moves.breaker,
        inputs=tuple(file for name, prefix in _INPUTS for file in run.read_files(name, prefix)),
        outputs=outputs,
        timings=watch.laps,
    )
    name = naming.SCORE_RECORD.removeprefix(naming.SCORE)
    write_json(run.container.output("score") / name, encode(record))
    return record


def _definition(run: ScoreRun) -> Definition:
    """Return the definition to score by: with the previous thresholds where they are frozen."""
    if run.previous is None or not run.settings.freeze_thresholds:
        return run.definition
    return frozen(
        run.definition,
        earlier=definition_for(run.previous.settings),
        thresholds=recorded_thresholds(run.previous.thresholds),
    )


def _write(
    run: ScoreRun, profiles: pa.Table, *, moves: Moves, forecasts: Forecasts
) -> tuple[File, ...]:
    """Write the three tables of the run."""
    tenant, card = run.ticket.tenant, card_table(forecasts.models.card, as_of=run.as_of)
    written = (
        (write_table(run.output("profiles"), profiles, PROFILES), naming.profiles_prefix),
        (
            write_table(run.output("transitions"), moves.table, TRANSITIONS),
            naming.transitions_prefix,
        ),
        (write_table(run.output("model_cards"), card, MODEL_CARDS), naming.model_cards_prefix),
    )
    return tuple(run.written(file, prefix(tenant)) for file, prefix in written)
