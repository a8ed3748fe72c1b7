"""manifest.json: what a run was given and what it made, by hash.

``reproducible`` depends on bytes, settings and the day alone: two runs of the same data agree in
it, whatever their ids and times. ``run`` is what differs.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from typing import Any

from tessera import __version__
from tessera.insights.records import RunRecords
from tessera.naming import tenant_prefix

MANIFEST_VERSION = 1


def manifest(records: RunRecords) -> dict[str, Any]:
    """Return the manifest of a finished run."""
    given = {
        "inputs": _files(records, records.prepare.get("inputs", ())),
        "settings": records.ticket["settings"],
        "settings_digest": records.ticket["settings_digest"],
        "as_of": records.as_of,
        "version": __version__,
    }
    made = {"outputs": _files(records, _outputs(records)), "row_counts": records.prepare["rows"]}
    return {
        "manifest_version": MANIFEST_VERSION,
        "reproducible": {
            "given": given,
            "given_digest": _digest(given),
            "made": made,
            "made_digest": _digest(made),
        },
        "run": {
            "tenant": records.tenant,
            "run_id": records.run_id,
            "trigger": records.ticket["trigger"],
            "upload": records.ticket["upload"],
            "started_at": records.ticket["started_at"],
            "finished_at": records.finished_at,
            "runtime": {"python": platform.python_version()},
        },
    }


def _outputs(records: RunRecords) -> Iterable[Mapping[str, Any]]:
    yield from records.prepare.get("outputs", ())
    yield from records.score.get("outputs", ())
    for load in records.loads:
        yield from load.get("parts", ())


def _files(records: RunRecords, files: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Name files as any run of this tenant would: without the tenant's folder and the run's id."""
    named = [
        {
            "name": str(file["key"])
            .removeprefix(tenant_prefix(records.tenant))
            .replace(records.run_id, "<run>"),
            "bytes": file["bytes"],
            "sha256": file["sha256"],
        }
        for file in files
    ]
    return sorted(named, key=lambda file: str(file["name"]))


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
