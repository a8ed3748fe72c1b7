"""Customers and the cluster model become profiles (Parquet) and score.json."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Any

from adapters.container import Container, read_json, write_json
from adapters.model_archive import read_model
from adapters.objects import sha256_of
from adapters.parquet import parquet_files, write_table
from adapters.profile_tables import customer_columns, profile_table, read_customers
from tessera import naming
from tessera.contracts.tables import PROFILES
from tessera.customers.clusters import ClusterModel
from tessera.segments.definition import definition_for
from tessera.segments.scoring import score_customers, score_record
from tessera.settings import RunSettings

PART = "part-0.parquet"
RECORD = "score.json"


def score(container: Container) -> dict[str, Any]:
    """Read, score, write; return the record."""
    clock = _Clock()
    ticket = read_json(container.input("ticket") / naming.TICKET)
    definition = definition_for(RunSettings.parse(ticket["settings"]))
    as_of = read_json(container.input("record") / naming.PREPARE_RECORD)["as_of"]
    model, model_digest = read_model(container.input("model"))
    table = read_customers(container.input("customers"))
    columns = customer_columns(table)
    clock.lap("read_s")

    scored = score_customers(columns, definition=definition, model=ClusterModel.from_dict(model))
    record = score_record(columns, scored, model=ClusterModel.from_dict(model))
    clock.lap("score_s")

    tenant, run_id = ticket["tenant"], ticket["run_id"]
    name = naming.profiles_partition(as_of, run_id) + PART
    profiles = profile_table(
        table, columns=columns, scored=scored, as_of=dt.date.fromisoformat(as_of)
    )
    written = write_table(container.output("profiles") / name, profiles, PROFILES)
    customers = container.input("customers")
    inputs = [
        _listed(
            file, naming.run_key(tenant, run_id, f"{naming.CUSTOMERS}{file.relative_to(customers)}")
        )
        for file in parquet_files(customers)
    ]
    clock.lap("write_s")
    return {
        **record,
        "as_of": as_of,
        "model": {"sha256": model_digest, "note": model["note"], "chosen": model["chosen"]},
        "inputs": inputs,
        "outputs": [_listed(written, naming.profiles_prefix(tenant) + name)],
        "timings": clock.laps,
    }


def _listed(file: Path, key: str) -> dict[str, Any]:
    return {"key": key, "bytes": file.stat().st_size, "sha256": sha256_of(file)}


class _Clock:
    """Seconds between laps: the only part of the record that differs from run to run."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self._last, 3)
        self.laps["total_s"] = round(now - self._start, 3)
        self._last = now


def main() -> None:
    """Score in this container; any error is left where SageMaker reads it."""
    container = Container(os.environ)
    with container.failing_to("message"):
        record = score(container)
        write_json(container.output("score") / RECORD, record)
        sys.stdout.write(
            f"{record['customers']} customers in {len(record['segments'])} segments and "
            f"{len(record['clusters'])} clusters as of {record['as_of']}\n"
        )


if __name__ == "__main__":
    main()
