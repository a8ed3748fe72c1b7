"""What Score does, in order: scores, forecasts, sets, profiles, and who moved since then."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.aws.container import Container, read_json
from adapters.stores.digests import sha256_of
from adapters.stores.model_archive import read_model
from adapters.tables.models import (
    backtest,
    buyers,
    card_table,
    everyones,
    forecast_columns,
    label_columns,
    taken,
)
from adapters.tables.movement import EitherRun
from adapters.tables.parquet import arrow_schema, parquet_files, read_table, write_table
from adapters.tables.profiles import (
    customer_columns,
    profile_table,
    read_customers,
    set_columns,
)
from adapters.tables.subscriptions import chances_to_cancel
from tessera import __version__, naming
from tessera.contracts.tables import BACKTEST, MODEL_CARDS, PROFILES, TRANSITIONS
from tessera.customers.clusters import ClusterModel
from tessera.customers.drift import drift
from tessera.customers.forecast import Buyers, forecast, learn
from tessera.customers.spend.clv import ClvTerms
from tessera.segments.definition import Definition, definition_for
from tessera.segments.movement.breaker import verdict
from tessera.segments.movement.record import movement_record
from tessera.segments.movement.rescoring import Published
from tessera.segments.movement.transitions import transitions
from tessera.segments.scoring import CustomerColumns, Scored, score_customers, score_record
from tessera.segments.sets.catalog import SegmentSets, sets_for
from tessera.segments.sets.labels import SetLabels, labels_for, set_records
from tessera.segments.sets.value_map import value_record
from tessera.segments.thresholds import frozen, recorded_thresholds
from tessera.settings import RunSettings

PART = "part-0.parquet"


class Job:
    """One run's Score step, in its container."""

    def __init__(self, container: Container) -> None:
        self._container = container
        ticket = read_json(container.input("ticket") / naming.TICKET)
        self._tenant, self._run_id = ticket["tenant"], ticket["run_id"]
        self._settings = RunSettings.parse(ticket["settings"])
        self._prepared = read_json(container.input("record") / naming.PREPARE_RECORD)
        self._as_of = dt.date.fromisoformat(self._prepared["as_of"])
        self._previous = _previous(container.input("previous"))
        self._own = definition_for(self._settings)
        self._partition = naming.profiles_partition(self._prepared["as_of"], self._run_id)
        self._laps: dict[str, float] = {}
        self._began = time.perf_counter()

    def run(self) -> dict[str, Any]:
        """Do it all; return the record."""
        container = self._container
        document, digest = read_model(container.input("model"))
        model = ClusterModel.from_dict(document)
        table = read_customers(container.input("customers"))
        columns = customer_columns(table)
        self._lap("read_s")

        scored = score_customers(columns, definition=self._definition(), model=model)
        record = score_record(columns, scored, model=model)
        self._lap("score_s")
        predicted, more = self._forecast(table, scored)
        self._lap("forecast_s")

        profiles = profile_table(
            table, columns=columns, scored=scored, predicted=predicted, as_of=self._as_of
        )
        path = container.output("profiles") / self._partition / PART
        written = [
            self._listed(
                write_table(path, profiles, PROFILES), naming.profiles_prefix(self._tenant)
            )
        ]
        moves, transitions_file = self._movement(
            columns, scored, record=record, keys=table.column("customer_key")
        )
        written.append(self._listed(transitions_file, naming.transitions_prefix(self._tenant)))
        written.append(self._card(more["models"]["card"]))
        self._lap("write_s")
        return {
            **record,
            **more,
            **moves,
            "as_of": self._prepared["as_of"],
            "model": {"sha256": digest, "note": document["note"], "chosen": document["chosen"]},
            "inputs": self._inputs(),
            "outputs": written,
            "timings": self._laps,
        }

    # ---- scores --------------------------------------------------------------------------------

    def _definition(self) -> Definition:
        """Return the definition to score by: with the previous thresholds where they are frozen."""
        before = self._previous
        if before is None or not self._settings.freeze_thresholds:
            return self._own
        return frozen(
            self._own,
            earlier=definition_for(RunSettings.parse(before["settings"])),
            thresholds=recorded_thresholds(before["thresholds"]),
        )

    # ---- forecasts and sets ----------------------------------------------------------------------

    def _forecast(
        self, table: pa.Table, scored: Scored
    ) -> tuple[dict[str, pa.Array], dict[str, Any]]:
        settings = self._settings
        people, bought = buyers(table)
        terms = ClvTerms(
            horizon_days=settings.clv_horizon_days,
            annual_discount_rate=settings.clv_discount_rate,
            margin=settings.margin,
        )
        models = self._models(people)
        found = forecast(people, record=models, terms=terms)
        predictions = everyones(found, bought=bought)
        predictions["p_cancel_30d"], cancelling = chances_to_cancel(
            self._container,
            keys=table.column("customer_key"),
            as_of=self._as_of,
            period_days=settings.subscription_period_days,
        )
        sets = sets_for(settings)
        labelled = labels_for(
            {**set_columns(table, scored=scored), **predictions},
            sets,
            rfm=scored.codes,
            frozen=self._frozen_sets(),
        )
        predicted = forecast_columns(predictions, forecast=found, bought=bought, as_of=self._as_of)
        record = {
            "models": {**models, "terms": terms.label},
            **cancelling,
            "sets": set_records(sets, labelled),
            "value": value_record(
                predictions["clv"].astype(np.float64), sets=sets, labelled=labelled
            ),
        }
        return {**predicted, **_labels(sets, labelled, rows=len(table))}, record

    def _models(self, people: Buyers) -> dict[str, Any]:
        """Return the previous run's models while they are young and fit; else learn new ones."""
        known = self._previous["models"] if self._previous else None
        if known:
            age_days = (self._as_of - dt.date.fromisoformat(known["learnt_as_of"])).days
            moved = drift(people.history, net_spend=people.net_spend, since=known["inputs"])
            worst = max(moved.values())
            if age_days < self._settings.retrain_days and worst <= self._settings.drift_limit:
                return {**known, "reused": True, "drift": moved}
        rows = read_table(self._container.input("backtest"), columns=BACKTEST.names)
        tested = backtest(rows, holdout_days=self._prepared["holdout_days"])
        return {
            **learn(people, backtest=tested),
            "learnt_as_of": self._prepared["as_of"],
            "code_version": __version__,
            "reused": False,
            "drift": moved if known else None,
        }

    def _frozen_sets(self) -> Mapping[str, Any] | None:
        before = self._previous
        return before["sets"] if before and self._settings.freeze_thresholds else None

    # ---- movement --------------------------------------------------------------------------------

    def _movement(
        self,
        columns: CustomerColumns,
        scored: Scored,
        *,
        record: Mapping[str, Any],
        keys: pa.ChunkedArray,
    ) -> tuple[dict[str, Any], Path]:
        """Compare with the previous run; return the record and the table's file."""
        path = self._container.output("transitions") / self._partition / PART
        before, limit = self._previous, self._settings.breaker_limit
        if before is None:
            empty = arrow_schema(TRANSITIONS).empty_table()
            nothing = verdict(None, limit=limit).to_dict()
            return {"previous": None, "movement": None, "breaker": nothing}, write_table(
                path, empty, TRANSITIONS
            )
        settings = RunSettings.parse(before["settings"])
        definition = definition_for(settings)
        everyone = EitherRun(self._container.input("previous"), customers=keys)
        moves = transitions(
            before=Published(
                codes=everyone.published(definition),
                definition=definition,
                thresholds=recorded_thresholds(before["thresholds"]),
            ),
            after=Published(
                codes=everyone.present(scored.codes),
                definition=self._own,
                thresholds=recorded_thresholds(record["thresholds"]),
            ),
            histories=everyone.histories(
                columns,
                days=before["days"],
                windowed=bool(settings.window_months),
                same=before["same_period"],
            ),
        )
        table = everyone.transitions_table(moves, as_of=self._as_of)
        movement = movement_record(moves)
        return {
            "previous": {"run_id": before["run_id"], "as_of": before["as_of"]},
            "movement": movement,
            "breaker": verdict(movement, limit=limit).to_dict(),
        }, write_table(path, table, TRANSITIONS)

    def _card(self, card: Mapping[str, Any] | None) -> dict[str, Any]:
        path = self._container.output("model_cards") / self._partition / PART
        file = write_table(path, card_table(card, as_of=self._as_of), MODEL_CARDS)
        return self._listed(file, naming.model_cards_prefix(self._tenant))

    # ---- the record ------------------------------------------------------------------------------

    def _inputs(self) -> list[dict[str, Any]]:
        return [
            _entry(file, naming.run_key(self._tenant, self._run_id, prefix + PART))
            for name, prefix in (
                ("customers", naming.CUSTOMERS),
                ("backtest", naming.BACKTEST),
                ("subscriptions", naming.SUBSCRIPTIONS),
                ("previous", naming.PREVIOUS),
            )
            for file in parquet_files(self._container.input(name))
        ]

    def _listed(self, file: Path, prefix: str) -> dict[str, Any]:
        return _entry(file, prefix + self._partition + PART)

    def _lap(self, name: str) -> None:
        total = time.perf_counter() - self._began
        self._laps[name] = round(total - self._laps.get("total_s", 0.0), 3)
        self._laps["total_s"] = round(total, 3)


def _previous(folder: Path) -> dict[str, Any] | None:
    record = read_json(folder / Path(naming.PREVIOUS_RECORD).name)
    return record if record["run_id"] else None


def _labels(
    sets: SegmentSets, labelled: Mapping[str, SetLabels], *, rows: int
) -> dict[str, pa.Array]:
    """Return the sets' columns: one for each that a profile has, and all of them as JSON."""
    everyone = {one.name: one.everyone for one in sets.simple}
    everyone |= {one.name: one.everyone for one in sets.combined}
    texts = {name: [label.label for label in labels] for name, labels in everyone.items()}
    made = {
        name: taken(texts[name], found.codes)
        for name, found in labelled.items()
        if name in PROFILES.names and name != "cluster"
    }
    joint = {name: (texts[name], found.codes) for name, found in labelled.items()}
    return {**made, "labels": label_columns(joint, rows=rows)}


def _entry(file: Path, key: str) -> dict[str, Any]:
    return {"key": key, "bytes": file.stat().st_size, "sha256": sha256_of(file)}
