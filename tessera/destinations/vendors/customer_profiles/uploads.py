"""Load Customer Profiles by upload jobs: CSV files of thousands of customers.

A job's display name has the run's id and the hash of its file. So a load that resumes after a crash
can look the job up, whatever step it has reached.

Assumed, since nothing was run against a live account:

- ``_profile.Attributes.*`` can be the target of a job's field. Only standard ones are documented.
- ``UniqueKey`` is the name of such a field.
- A job matches a profile of our object type by the same account number.
- An empty cell removes a profile's value. A missing label has a value in the file, as for a
  customer who left, so segments stay right even if empty cells are ignored.
- A client token is the key in base64, as S3 requires.

No interface reports which records failed. Their batch is then put ten at a time, and the responses
name them.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tessera.contracts.customer_profiles import (
    EXPIRATION_DAYS,
    FIELDS,
    UNIQUE_FIELD,
    fields_of,
    is_set_attribute,
)
from tessera.destinations import content
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import sort_out
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles

TITLE = customer_profiles.TITLE
CAPABILITIES = dataclasses.replace(
    customer_profiles.CAPABILITIES,
    batch_items=10_000,
    batch_bytes=50_000_000,  # of less than 1 GB: a file is whole in memory
    item_overhead_bytes=300,  # cells that are empty or have NO_LABEL
    calls_a_batch=7,  # find, create, get the upload URL, put, start, and poll twice
    exchange_seconds=150,
    lanes=2,
)
render = customer_profiles.render
cleared = customer_profiles.cleared

CREATED = "CREATED"
UNDER_WAY = (CREATED, "IN_PROGRESS")
STOPPED = "STOPPED"
_FAILED = "FAILED"
_FINISHED = ("SUCCEEDED", "PARTIALLY_SUCCEEDED")
_WRONG_FILE = "VALIDATION_FAILURE"
_OURS = "tessera-"
_NO_RESULTS = ("malformed", "the response has no results of the upload job")


def columns(items: Iterable[Item]) -> list[str]:
    """Return the file's columns: those that any customer may have, then users' own sets."""
    own = {name for item in items for name in item.content} - FIELDS.keys()
    return [*FIELDS, *sorted(own)]


def document(items: Sequence[Item]) -> bytes:
    """Return a batch as a file: UTF-8 with a header, every cell quoted unless it is empty."""
    names = columns(items)
    missing = {name: customer_profiles.NO_LABEL if _is_label(name) else "" for name in names}
    lines = [",".join(names)]
    for item in items:
        cells = {**missing, **item.content}
        lines.append(",".join(_cell(cells[name]) for name in names))
    return "\n".join([*lines, ""]).encode()


def _is_label(name: str) -> bool:
    return name in content.LABELS or is_set_attribute(name)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text else ""


def job(items: Sequence[Item], *, name: str) -> dict[str, Any]:
    """Return CreateUploadJob's arguments, apart from the domain."""
    return {
        "DisplayName": name,
        "Fields": fields_of(columns(items)),
        "UniqueKey": UNIQUE_FIELD,
        "DataExpiry": EXPIRATION_DAYS,  # the service's own default is two weeks
    }


def job_name(run_id: str, file: bytes) -> str:
    """Return the display name of a file's job in a run."""
    return f"{_run(run_id)}{hashlib.sha256(file).hexdigest()[:32]}"


def _run(run_id: str) -> str:
    return f"{_OURS}{run_id}-"


def standing(
    jobs: Iterable[Mapping[str, Any]], *, name: str, run_id: str
) -> Mapping[str, Any] | None:
    """Return the job from ListUploadJobs that a load can resume, None if there is none.

    A job that failed or was stopped is created again. So is one that has ended before another
    run's job: the later job may have written other values for these customers.
    """
    dated = sorted(
        (job for job in jobs if job.get("CreatedAt") and "JobId" in job),
        key=lambda job: job["CreatedAt"],
    )
    latest = None
    for one in dated:
        called, status = str(one.get("DisplayName", "")), one.get("Status")
        if called == name and status in (*UNDER_WAY, *_FINISHED):
            latest = one
        elif called.startswith(_OURS) and not called.startswith(_run(run_id)):
            latest = latest if latest and latest["Status"] in UNDER_WAY else None
    return latest


def outcome(items: Sequence[Item], job: Mapping[str, Any]) -> Outcome | None:
    """Return the outcome of a job that has ended, None if records failed without being named.

    The counts decide, not the status: a job with failed records may have the status of success.
    """
    status = job.get("Status")
    if status == _FAILED and job.get("StatusReason") == _WRONG_FILE:
        return None
    if status == _FAILED:
        return sort_out(items, {}, again=("failed", "the upload job failed at the service"))
    results = job.get("ResultsSummary")
    if status not in _FINISHED or not isinstance(results, Mapping):
        return sort_out(items, {}, again=_NO_RESULTS)
    taken = sum(int(results.get(name, 0)) for name in ("UpdatedRecords", "CreatedRecords"))
    if results.get("FailedRecords", 0) or taken < len(items):
        return None
    return Outcome(acknowledged=tuple(items))
