"""Customer Profiles told by upload jobs: a CSV file of thousands of customers in place of tens.

A job is known by its display name, the run's id and the hash of its file, so that whoever comes
back after a crash finds it at whatever step it is.

Assumed, as nothing was run against a live account: that ``_profile.Attributes.*`` may be the
target of a job's field (the documentation names standard ones), that ``UniqueKey`` is the name of
such a field, that a profile which our object type made is found by the same account number, that
an empty cell takes away what a profile had, and that a client token is the key in base64, as S3
asks for. What no interface tells is which records failed: their batch is put by tens then, and
the answers name them. Where a label is missing the file says so in words, like for who left, so
that segments are right even if empty cells were passed over.
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
    set_attribute,
)
from tessera.destinations import content
from tessera.destinations.calls import sort_out
from tessera.destinations.port import Item, Outcome
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles

TITLE = customer_profiles.TITLE
CAPABILITIES = dataclasses.replace(
    customer_profiles.CAPABILITIES,
    batch_items=10_000,
    batch_bytes=50_000_000,  # of less than 1 GB: a file is whole in memory
    item_overhead_bytes=300,  # cells that are empty or say that there is no label
    calls_a_batch=7,  # find, create, ask where to, put, start, and two looks
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
_UNSAID = ("malformed", "the job's answer has no results, so it counts as none")


def columns(items: Iterable[Item]) -> list[str]:
    """Return the file's columns: all that every customer may have, then users' own sets."""
    own = {name for item in items for name in item.content} - FIELDS.keys()
    return [*FIELDS, *sorted(own)]


def document(items: Sequence[Item]) -> bytes:
    """Return the file of a batch: UTF-8 with a header, every cell that says something in quotes."""
    names = columns(items)
    missing = {name: customer_profiles.NO_LABEL if _is_label(name) else "" for name in names}
    lines = [",".join(names)]
    for item in items:
        told = {**missing, **item.content}
        lines.append(",".join(_cell(told[name]) for name in names))
    return "\n".join([*lines, ""]).encode()


def _is_label(name: str) -> bool:
    return name in content.LABELS or name.startswith(set_attribute(""))


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
    """Return what a file's job is called in a run."""
    return f"{_run(run_id)}{hashlib.sha256(file).hexdigest()[:32]}"


def _run(run_id: str) -> str:
    return f"{_OURS}{run_id}-"


def standing(
    jobs: Iterable[Mapping[str, Any]], *, name: str, run_id: str
) -> Mapping[str, Any] | None:
    """Return the job that can be gone on with, of those that ListUploadJobs has; None for none.

    A job that failed or was stopped is made anew. So is one that has ended where another run's
    job came later: that one may have told these customers otherwise.
    """
    dated = sorted(
        (job for job in jobs if job.get("CreatedAt") and "JobId" in job),
        key=lambda job: job["CreatedAt"],
    )
    found = None
    for one in dated:
        called, status = str(one.get("DisplayName", "")), one.get("Status")
        if called == name and status in (*UNDER_WAY, *_FINISHED):
            found = one
        elif called.startswith(_OURS) and not called.startswith(_run(run_id)):
            found = found if found and found["Status"] in UNDER_WAY else None
    return found


def outcome(items: Sequence[Item], job: Mapping[str, Any]) -> Outcome | None:
    """Return what a job that has ended came to, None where it is not said for whom it failed.

    The numbers count, not the status: that of a job with failed records may read like success.
    """
    status = job.get("Status")
    if status == _FAILED and job.get("StatusReason") == _WRONG_FILE:
        return None
    if status == _FAILED:
        return sort_out(items, {}, again=("failed", "the service could not carry out the job"))
    results = job.get("ResultsSummary")
    if status not in _FINISHED or not isinstance(results, Mapping):
        return sort_out(items, {}, again=_UNSAID)
    taken = sum(int(results.get(name, 0)) for name in ("UpdatedRecords", "CreatedRecords"))
    if results.get("FailedRecords", 0) or taken < len(items):
        return None
    return Outcome(acknowledged=tuple(items))
