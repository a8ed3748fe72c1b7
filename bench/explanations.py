"""One customer with the whole explanation, through the API's function, among 10 million.

The example is run first. Its customers are repeated under new keys: their values, models and labels
are real ones, as an explanation needs them. Files are local.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.tables.parquet import completed, write_batches, write_table
from bench.api import DAY, NOW, RUN, TENANT, function_on, insights_of, key_of, latencies, times_of
from bench.folder_objects import FolderObjects
from bench.latency import EXAMPLE
from bench.measure import command
from bench.peers import ROOT
from bench.report import Section
from tessera import naming
from tessera.contracts.table import Table
from tessera.contracts.tables import CUSTOMERS, PROFILES, SUBSCRIPTIONS, TRANSITIONS
from tessera.records.codec import encode
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings

_CUSTOMERS = 10_000_000
_ONE_MOVED_IN = 10
_CALLS = 400
_BEFORE = RunOfDay(run_id="1" * 16, as_of=DAY - dt.timedelta(days=7))


def measure(customers: int = _CUSTOMERS, *, say: Callable[[str], None]) -> Section:
    """Time a customer's explanation and labels over time."""
    say("the example, for customers to explain")
    with tempfile.TemporaryDirectory() as scratch:
        example, folder = Path(scratch, "out"), Path(scratch, "data")
        arguments = ["-m", "local", "run", str(EXAMPLE), "--out", str(example), "--quiet"]
        command([sys.executable, *arguments, "--fresh"], cwd=ROOT)
        say(f"{customers:,} customers as they are")
        _write_run(example, folder, customers)
        call = function_on(FolderObjects(folder))
        numbers = np.random.default_rng(3).integers(0, customers, _CALLS + 1).tolist()
        addresses = [f"/v1/customers/{key_of(number)}" for number in numbers]
        began = time.process_time()
        call(addresses[0])
        first = time.process_time() - began
        timed = {
            "one customer, explained": times_of(call, addresses),
            "the customer's labels over two runs": times_of(
                call, [f"{address}/labels" for address in addresses]
            ),
        }
    lines, ratios = latencies(timed)
    return Section(
        "Explanations", (*lines, f"The first, with imports: {first:.1f} s."), tuple(ratios)
    )


def _write_run(example: Path, folder: Path, customers: int) -> None:
    data = FolderObjects(folder)
    made = dataclasses.replace(insights_of(customers), previous=_BEFORE)
    run = folder / naming.run_prefix(TENANT, RUN)
    profiles = _repeated(example / "customers.parquet", PROFILES, customers)
    file = write_batches(folder / made.profiles / "part-0.parquet", profiles, PROFILES)
    before = folder / naming.profiles_prefix(TENANT) / _partition(_BEFORE)
    before.mkdir(parents=True)
    shutil.copyfile(file, before / file.name)
    summary = example / "explain" / naming.CUSTOMERS / file.name
    write_batches(
        run / naming.CUSTOMERS / file.name, _repeated(summary, CUSTOMERS, customers), CUSTOMERS
    )
    write_batches(run / naming.SUBSCRIPTIONS / file.name, [], SUBSCRIPTIONS)
    moves = folder / naming.transitions_prefix(TENANT) / _partition(made) / file.name
    write_table(moves, _moves(customers), TRANSITIONS)
    (run / naming.SCORE).mkdir()
    shutil.copyfile(example / "explain" / "score.json", run / naming.SCORE_RECORD)
    ticket = Ticket.issue(tenant=TENANT, trigger="schedule", settings=RunSettings(), started_at=NOW)
    latest = RunOfDay(run_id=RUN, as_of=DAY)
    data.write_json(naming.run_key(TENANT, RUN, naming.TICKET), encode(ticket))
    data.write_json(naming.latest_key(TENANT), encode(latest))
    data.write_json(naming.run_key(TENANT, RUN, naming.INSIGHTS), encode(made))


def _partition(run: RunOfDay) -> str:
    return naming.profiles_partition(run.as_of.isoformat(), run.run_id)


def _repeated(file: Path, contract: Table, customers: int) -> Iterator[pa.Table]:
    """Yield a table's rows again and again, with new keys in their order."""
    table = pq.read_table(file).sort_by("customer_key")  # two tables of the same customers
    known = [name for name in table.column_names if name in contract.names]
    rows = completed(table.select(known).combine_chunks().to_batches()[0], contract)
    place = rows.schema.get_field_index("customer_key")
    for first in range(0, customers, len(rows)):
        count = min(len(rows), customers - first)
        keys = pa.array([key_of(first + number) for number in range(count)])
        yield rows.slice(0, count).set_column(place, "customer_key", keys)


def _moves(customers: int) -> pa.Table:
    keys = [key_of(number) for number in range(0, customers, _ONE_MOVED_IN)]
    same = {
        "from_segment": "Loyal", "to_segment": "Lost", "cause": "time_passing",
        "path": '[["time_passing", "Lost"]]', "as_of": DAY,
    }  # fmt: skip
    columns = {name: [value] * len(keys) for name, value in same.items()}
    return pa.table({"customer_key": keys, **columns})
