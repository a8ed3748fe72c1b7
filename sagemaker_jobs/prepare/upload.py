"""The run's upload: fetched, read, checked, its events in a file. Nothing is stored yet."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from adapters.engines.duckdb import history, outputs
from adapters.engines.duckdb.reading.ingest import Ingested, ingest
from adapters.engines.duckdb.reading.parts import UploadFile
from adapters.engines.duckdb.session import Connection, parquet, scalar
from adapters.prepare.record import check_rows, upload_record
from adapters.prepare.run import Run, currency_of
from adapters.stores.digests import sha256_of
from adapters.stores.events import UploadRecord
from tessera.events.pseudonym import hmac_blocks


@dataclasses.dataclass(frozen=True)
class Upload:
    """The upload on its way: its record, what was found, its events' file, its parts."""

    record: UploadRecord
    found: Ingested
    events: Path
    inputs: list[dict[str, Any]]


def read_upload(run: Run, connection: Connection) -> Upload:
    """Read and check the run's upload.

    Raises
    ------
    InvalidInput
        It cannot be read, has no rows, or too many bad ones; rejects.csv.gz is written before. Or
        the tenant's history is in another currency.
    """
    began = time.perf_counter()
    told = run.ticket["upload"]
    currency = currency_of(run, but=told["id"])
    parts, inputs = _download(run, told["parts"])
    found = ingest(
        connection,
        parts,
        settings=run.settings,
        currency=currency,
        folder=run.folder,
    )
    run.lap("read_s", began)
    began = time.perf_counter()
    check_rows(run, found.tally, rejects=found.rejects(), name=parts[0].name)
    run.lap("check_s", began)
    outputs.make_keys(connection, hmac_blocks(run.secret, tenant=run.tenant))
    events = outputs.write_events(connection, run.folder / "events.parquet")
    stored = parquet([events])
    record = upload_record(
        run,
        history.span_of(connection, of=stored),
        tally=found.tally,
        event_ids=int(scalar(connection, f"SELECT count(event_id) FROM {stored}")),  # noqa: S608
        sha256=[part["sha256"] for part in inputs],
        currency=found.currency,
    )
    return Upload(record, found, events, inputs)


def _download(
    run: Run, told: Sequence[Mapping[str, Any]]
) -> tuple[list[UploadFile], list[dict[str, Any]]]:
    parts: list[UploadFile] = []
    inputs: list[dict[str, Any]] = []
    for index, part in enumerate(told):
        key = part["key"]
        path = run.folder / "upload" / f"{index:05d}-{PurePosixPath(key).name}"
        run.stores.data.download(key, path, version_id=part["version_id"] or None)
        parts.append(UploadFile(key, path))
        size = path.stat().st_size
        inputs.append({"key": key, "bytes": size, "sha256": sha256_of(path)})
        run.decided("downloaded", part=index + 1, parts=len(told), bytes=size)
    return parts, inputs
