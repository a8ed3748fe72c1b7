"""The run's upload: fetched, read, checked, its events in a file. Nothing is stored yet."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from adapters.engines import history, outputs
from adapters.engines.ingest import Ingested, ingest
from adapters.engines.parts import Part
from adapters.engines.session import Connection, only_row, parquet
from adapters.event_store import EventStore, UploadRecord
from adapters.objects import Objects, sha256_of
from sagemaker_jobs.prepare.rejects import write_rejects
from tessera import __version__, naming
from tessera.errors import InvalidInput
from tessera.events.pseudonym import customer_keys, fingerprint
from tessera.events.reasons import BY_CODE
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True)
class Stores:
    """The two buckets."""

    data: Objects
    identities: Objects


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """What Prepare was told, and where it works.

    Parameters
    ----------
    ticket
        What ticket.json holds.
    secret
        Makes pseudonyms; never written anywhere.
    folder
        An empty folder, as large as a few times the history.
    say
        Takes progress lines, which hold no personal data.
    """

    ticket: Mapping[str, Any]
    stores: Stores
    secret: bytes
    folder: Path
    say: Callable[[str], None]
    laps: dict[str, float] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return RunSettings.parse(self.ticket["settings"])

    @property
    def tenant(self) -> str:
        """Whose run it is."""
        return str(self.ticket["tenant"])

    @property
    def events(self) -> EventStore:
        """The tenant's history."""
        return EventStore(self.stores.data, tenant=self.tenant)

    def key(self, name: str) -> str:
        """Return the key of one of the run's files."""
        return naming.run_key(self.tenant, self.ticket["run_id"], name)

    def lap(self, name: str, began: float) -> None:
        """Add the seconds since ``began`` to a timing."""
        self.laps[name] = round(self.laps.get(name, 0) + time.perf_counter() - began, 3)


@dataclasses.dataclass(frozen=True)
class Upload:
    """The upload on its way: its record, what was found, its events' file, its parts."""

    record: UploadRecord
    found: Ingested
    events: Path
    inputs: list[dict[str, Any]]


def currency_of(run: Run, *, but: str = "") -> str:
    """Return the currency in force: the setting, or that of the tenant's other uploads, or none.

    Raises
    ------
    InvalidInput
        An upload is stored in another one.
    """
    inside = run.settings.currency
    said = "the setting 'currency'" if inside else ""
    for record in run.events.uploads():
        if record.id == but or not record.currency:
            continue
        inside, said = inside or record.currency, said or f"upload {record.name!r}"
        if record.currency != inside:
            raise InvalidInput(
                f"upload {record.name!r} is stored in {record.currency} and {said} says {inside}: "
                f"money of both can't be added. Set 'currency' to {record.currency}, with a rate "
                f"for {inside} in 'currency_rates', or upload {inside} to a tenant of its own"
            )
    return inside


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
    run.say(f"{found.read} rows read, {sum(found.rejected.values())} rejected")
    _write_rejects(run, found)
    _check_share(run, found)
    run.lap("check_s", began)
    outputs.make_keys(connection, customer_keys(run.secret, tenant=run.tenant))
    events = outputs.write_events(connection, run.folder / "events.parquet")
    record = _record(run, connection, found, events, inputs)
    return Upload(record, found, events, inputs)


def _download(
    run: Run, told: Sequence[Mapping[str, Any]]
) -> tuple[list[Part], list[dict[str, Any]]]:
    parts: list[Part] = []
    inputs: list[dict[str, Any]] = []
    for index, part in enumerate(told):
        key = part["key"]
        path = run.folder / "upload" / f"{index:05d}-{PurePosixPath(key).name}"
        run.stores.data.download(key, path, version_id=part["version_id"] or None)
        parts.append(Part(key, path))
        size = path.stat().st_size
        inputs.append({"key": key, "bytes": size, "sha256": sha256_of(path)})
        run.say(f"{index + 1} of {len(told)} parts: {size} bytes")
    return parts, inputs


def _write_rejects(run: Run, found: Ingested) -> None:
    path = write_rejects(run.folder / naming.REJECTS, found.rejects())
    run.stores.identities.upload(path, run.key(naming.REJECTS))


def _check_share(run: Run, found: Ingested) -> None:
    bad = sum(found.rejected.values())
    if found.read == 0:
        raise InvalidInput(f"{found.parts[0].name} has a header but no rows: nothing to do")
    if bad <= run.settings.max_bad_share * found.read:
        return
    most = sorted(found.rejected.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{code} {count}" for code, count in most)
    where = f"s3://{run.stores.identities.bucket}/{run.key(naming.REJECTS)}"
    raise InvalidInput(
        f"{bad} of {found.read} rows are bad ({bad / found.read:.1%}), more than "
        f"'max_bad_share' = {run.settings.max_bad_share:.1%} allows: {listed}. "
        f"{BY_CODE[most[0][0]].advice}. The rows, with their lines, are in {where}; "
        "nothing was stored"
    )


def _record(
    run: Run, connection: Connection, found: Ingested, events: Path, inputs: list[dict[str, Any]]
) -> UploadRecord:
    told = run.ticket["upload"]
    before = run.events.find(told["id"])
    query = f"""SELECT count(*), count(event_id), epoch_us(min(occurred_at)),
        epoch_us(max(occurred_at)) FROM {parquet([events])}"""  # noqa: S608 (our own file)
    row = only_row(connection, query)
    if row[0] != found.stored:
        raise AssertionError(f"{found.stored} rows were accepted, {row[0]} stored")
    return UploadRecord(
        id=told["id"],
        name=told["name"],
        content=_content(run, inputs, found.currency),
        since=before.since if before else run.ticket["started_at"],
        events=int(row[0]),
        event_ids=int(row[1]),
        first_event_at=history.iso(row[2]),
        last_event_at=history.iso(row[3]),
        currency=found.currency,
    )


def _content(run: Run, inputs: list[dict[str, Any]], currency: str) -> str:
    """Hash what the stored events depend on."""
    settings = run.settings.to_dict()
    read_by = ("time_zone", "decimal", "currency_rates", "mapping", "columns")
    parts = {
        "sha256": [part["sha256"] for part in inputs],
        "settings": {name: settings[name] for name in read_by},
        "currency": currency,
        "secret": fingerprint(run.secret),
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
