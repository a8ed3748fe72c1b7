"""What Score does, in order: scores, forecasts, sets, profiles, and who moved since then."""

from __future__ import annotations

import tempfile
from pathlib import Path

from adapters.aws.container import write_json
from adapters.stores.model_archive import MODEL, read_model
from adapters.tables.models import card_table
from adapters.tables.parquet import write_batches, write_table
from adapters.tables.profiles import PROFILE_COLUMNS, CustomerBlocks, profile_table
from adapters.tables.scored_files import ScoredFiles
from steps.score.forecasts import forecast_customers, predicted_columns
from steps.score.movement import Compared, not_compared
from steps.score.previous_rule import labels_by_previous
from steps.score.products import products_of_run
from steps.score.run import ScoreRun, Stopwatch
from tessera import naming
from tessera.contracts.tables import MODEL_CARDS, PROFILES, TRANSITIONS
from tessera.customers.clusters.model import ClusterModel
from tessera.records.codec import decode, encode
from tessera.records.scoring.score import ModelReference, ScoreRecord
from tessera.segments.definition import Definition, definition_for
from tessera.segments.scoring import ScoringRule
from tessera.segments.scoring_record import score_record
from tessera.segments.thresholds import frozen, recorded_thresholds

_INPUTS = (
    ("customers", naming.CUSTOMERS),
    (naming.SUBSCRIPTIONS, naming.SUBSCRIPTIONS),
    (naming.CUSTOMER_PRODUCTS, naming.CUSTOMER_PRODUCTS),
    ("previous", naming.PREVIOUS),
)
_PREFIXES = (naming.profiles_prefix, naming.transitions_prefix, naming.model_cards_prefix)


def score(run: ScoreRun) -> ScoreRecord:
    """Score every customer, write the tables and score.json, and return the record.

    Customers are read and written in blocks. What is known of all of them waits in files, so memory
    hardly grows with a shop.

    Raises
    ------
    InvalidInput
        An input is missing or does not match what the step before writes.
    """
    with tempfile.TemporaryDirectory() as scratch:
        return _score(run, scratch=Path(scratch))


def _score(run: ScoreRun, *, scratch: Path) -> ScoreRecord:
    watch = Stopwatch()
    document, digest = read_model(run.container.input("model"))
    model = decode(ClusterModel, document, document=MODEL)
    folder = run.container.input("customers")
    customers = CustomerBlocks(folder, rows=run.block_rows, scratch=scratch)
    columns = customers.columns(scratch / "columns")
    watch.lap("read_s")

    rule = ScoringRule.learnt(columns, definition=_definition(run), model=model)
    scored = ScoredFiles(rule, columns, folder=scratch / "scored")
    scores = score_record(columns, scored, rule=rule)
    watch.lap("score_s")
    forecasts = forecast_customers(run, customers, columns, scored, folder=scratch / "forecasts")
    watch.lap("forecast_s")

    products = products_of_run(run, customers, scored)
    watch.lap("products_s")

    joint = forecasts.labelled.joint()
    profiles = (
        profile_table(
            table,
            columns=columns.take(rows),
            scored=scored.take(rows),
            predicted={
                **predicted_columns(forecasts.labelled, joint, rows),
                **products.columns(rows),
            },
            as_of=run.as_of,
        )
        for rows, table in customers.read(PROFILE_COLUMNS)
    )
    files = [write_batches(run.output("profiles"), profiles, PROFILES)]
    path = run.output("transitions")
    if run.previous is None:
        moves = not_compared(run)
        files.append(write_batches(path, [], TRANSITIONS))
    else:
        compared = Compared(
            run,
            run.previous,
            customers=customers,
            columns=columns,
            scored=scored,
            thresholds=scores.thresholds,
            labels=joint,
            by_previous=labels_by_previous(
                run, customers, columns, model=model, folder=scratch / "by_previous"
            ),
            scratch=scratch,
        )
        files.append(write_batches(path, compared.transitions(), TRANSITIONS))
        moves = compared.moves(order=forecasts.labelled.texts)
    card = card_table(forecasts.models.card, as_of=run.as_of)
    files.append(write_table(run.output("model_cards"), card, MODEL_CARDS))
    watch.lap("write_s")
    record = ScoreRecord(
        **vars(scores),
        as_of=run.as_of,
        model=ModelReference(sha256=digest, note=model.note, chosen=model.chosen),
        models=forecasts.models,
        churn=forecasts.churn,
        retention=forecasts.retention,
        sets=forecasts.sets,
        groups=forecasts.groups,
        value=forecasts.value,
        totals=forecasts.totals,
        products=products.record,
        previous=moves.previous,
        movement=moves.movement,
        set_movements=moves.sets,
        breaker=moves.breaker,
        inputs=tuple(file for name, prefix in _INPUTS for file in run.read_files(name, prefix)),
        outputs=tuple(
            run.written(file, prefix(run.ticket.tenant))
            for file, prefix in zip(files, _PREFIXES, strict=True)
        ),
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
