"""manifest.json: what a run was given and what it made, by hash.

``reproducible`` depends on bytes, settings and the day alone: two runs of the same data agree in
it, whatever their ids and times. ``run`` is what differs.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator

from tessera import __version__
from tessera.naming import tenant_prefix
from tessera.records.codec import encode
from tessera.records.file import File
from tessera.records.loads.load import ImportFile
from tessera.records.runs.manifest import (
    Manifest,
    NamedFile,
    Occasion,
    Reproducible,
    RunInputs,
    RunOutputs,
)
from tessera.records.runs.run import RunRecords

MANIFEST_VERSION = 1


def manifest(records: RunRecords) -> Manifest:
    """Return the manifest of a finished run."""
    ticket = records.ticket
    given = RunInputs(
        inputs=_files(records, records.prepare.inputs),
        settings=ticket.settings,
        settings_digest=ticket.settings_digest,
        as_of=records.as_of,
        version=__version__,
    )
    made = RunOutputs(outputs=_files(records, _outputs(records)), row_counts=records.prepare.rows)
    return Manifest(
        manifest_version=MANIFEST_VERSION,
        reproducible=Reproducible(
            given=given, given_digest=_digest(given), made=made, made_digest=_digest(made)
        ),
        run=Occasion(
            tenant=records.tenant,
            run_id=records.run_id,
            trigger=ticket.trigger,
            upload=ticket.upload,
            started_at=ticket.started_at,
            finished_at=records.finished_at,
            runtime={"python": platform.python_version()},
        ),
    )


def _outputs(records: RunRecords) -> Iterator[File | ImportFile]:
    yield from records.prepare.outputs
    yield from records.score.outputs
    for load in records.loads:
        yield from load.parts


def _files(records: RunRecords, files: Iterable[File | ImportFile]) -> tuple[NamedFile, ...]:
    """Name files as any run of this tenant would: without the tenant's folder and the run's id."""
    named = (
        NamedFile(
            name=file.key.removeprefix(tenant_prefix(records.tenant)).replace(
                records.run_id, "<run>"
            ),
            bytes=file.bytes,
            sha256=file.sha256,
        )
        for file in files
    )
    return tuple(sorted(named, key=lambda file: file.name))


def _digest(record: object) -> str:
    text = json.dumps(encode(record), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
