"""manifest.json: what a run was given and what it made, by hash. FinishRun writes it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.fields import Milliseconds
from tessera.records.runs.prepare import Rows
from tessera.records.runs.ticket import Trigger, Upload
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file, named as any run of the tenant would name it.

    Parameters
    ----------
    name
        Its key without the tenant's folder, and with ``<run>`` in place of the run's id.
    bytes
        Its size as stored.
    sha256
        The hash of its content, in hexadecimal.
    """

    name: str
    bytes: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunInputs:
    """All that decides a run's result.

    Parameters
    ----------
    inputs
        The files that it read.
    settings, settings_digest
        Its settings, and their SHA-256.
    as_of
        The day that it describes.
    version
        The version of Tessera.
    """

    inputs: tuple[NamedFile, ...]
    settings: RunSettings
    settings_digest: str
    as_of: dt.date
    version: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunOutputs:
    """What a run made.

    Parameters
    ----------
    outputs
        The files that it wrote.
    row_counts
        The upload's rows.
    """

    outputs: tuple[NamedFile, ...]
    row_counts: Rows


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reproducible:
    """What depends on bytes, settings and the day alone: two runs of the same data agree in it.

    Parameters
    ----------
    given, given_digest
        What the run was given, and its SHA-256.
    made, made_digest
        What the run made, and its SHA-256.
    """

    given: RunInputs
    given_digest: str
    made: RunOutputs
    made_digest: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Occasion:
    """What differs between two runs of the same data.

    Parameters
    ----------
    tenant, run_id, trigger
        Which run, and what started it.
    upload
        The events that started it. None for a scheduled run, and for attributes.
    started_at, finished_at
        When it began and ended.
    runtime
        Versions of what it ran on, by name.
    """

    tenant: str
    run_id: str
    trigger: Trigger
    upload: Upload | None
    started_at: Milliseconds
    finished_at: Milliseconds
    runtime: Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a run was given and what it made, by hash.

    Parameters
    ----------
    manifest_version
        The version of this document's form.
    reproducible
        What two runs of the same data agree in.
    run
        What differs between them.
    """

    manifest_version: int
    reproducible: Reproducible
    run: Occasion
