"""Upload jobs of the local Customer Profiles service: where to put a file, and what becomes of it.

A job ends at the second look after it was started. Like the service it says how many records
failed, and not which.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from werkzeug.datastructures import Headers

from local.services.customer_profiles.store import Domain
from local.services.frame.aws_service import ServiceError

PLACE = "/upload-jobs/"  # below it a file is put, as it would be into a bucket
_VALID_SECONDS = 900
_FILE_BYTES = 1 << 30
_LOOKS = 2
_SSE = "x-amz-server-side-encryption-customer-"
_HIDDEN = ("Fields", "UniqueKey", "ResultsSummary")
Parameters = Mapping[str, Any]


class UploadService(Protocol):
    """What an operation may touch."""

    domains: dict[str, Domain]
    address: str

    def domain(self, name: str) -> Domain:
        """Return a domain, or raise ServiceError."""
        ...

    def item_fault(self, item_id: str) -> tuple[int, str] | None:
        """Return the fault of a customer."""
        ...


def create(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """Create a job. Two jobs of the same name differ only by their ids."""
    domain, job_id = service.domain(parameters["DomainName"]), uuid.uuid4().hex
    if parameters["UniqueKey"] not in parameters["Fields"]:
        raise ServiceError("BadRequestException", "UniqueKey is none of the fields.")
    for name, field in parameters["Fields"].items():
        if not str(field.get("Target", "")).startswith("_profile."):
            raise ServiceError("BadRequestException", f"Field {name} has no target in a profile.")
    described = {name: value for name, value in parameters.items() if name != "DomainName"}
    domain.uploads[job_id] = {
        "DataExpiry": 14,
        **described,
        "JobId": job_id,
        "Status": "CREATED",
        "CreatedAt": time.time(),
        "_token": base64.b64encode(secrets.token_bytes(32)).decode(),
        "_signature": secrets.token_hex(8),
        "_looks": 0,
    }
    return {"JobId": job_id}


def path(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """Say where to put a job's file, and with which key."""
    job = _job(service, parameters)
    job["_until"] = time.time() + _VALID_SECONDS
    query = f"X-Amz-Signature={job['_signature']}"
    return {
        "Url": f"{service.address}{PLACE}{parameters['DomainName']}/{job['JobId']}?{query}",
        "ClientToken": job["_token"],
        "ValidUntil": job["_until"],
    }


def store(
    service: UploadService, where: str, file: bytes, *, signature: str, headers: Headers
) -> int:
    """Take a job's file as S3 would. Return the status of the answer."""
    name, _, job_id = where.removeprefix(PLACE).partition("/")
    job = service.domains[name].uploads.get(job_id) if name in service.domains else None
    if job is None or signature != job["_signature"] or time.time() > job.get("_until", 0):
        return 403
    digest = hashlib.md5(base64.b64decode(job["_token"]), usedforsecurity=False).digest()
    wanted = {
        f"{_SSE}algorithm": "AES256",
        f"{_SSE}key": job["_token"],
        f"{_SSE}key-MD5": base64.b64encode(digest).decode(),
    }
    if any(headers.get(name) != value for name, value in wanted.items()):
        return 400
    if len(file) >= _FILE_BYTES:
        return 400
    job["_file"] = file
    return 200


def start(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """Let a job begin, once, when its file is there."""
    job = _job(service, parameters)
    if job["Status"] != "CREATED" or "_file" not in job:
        raise ServiceError("BadRequestException", "The job has no file, or was started before.")
    job["Status"] = "IN_PROGRESS"
    return {}


def stop(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """End a job that has not ended."""
    job = _job(service, parameters)
    if job["Status"] not in ("CREATED", "IN_PROGRESS"):
        raise ServiceError("BadRequestException", "The job has ended.")
    job["Status"] = "STOPPED"
    return {}


def get(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """Describe a job, which comes a step further each time."""
    job = _job(service, parameters)
    if job["Status"] == "IN_PROGRESS":
        job["_looks"] += 1
        if job["_looks"] >= _LOOKS:
            job |= _carried_out(service, service.domain(parameters["DomainName"]), job)
    return _shown(job)


def listed(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    """List the jobs, a page at a time."""
    jobs = list(service.domain(parameters["DomainName"]).uploads.values())
    first = int(parameters.get("NextToken", 0))
    end = first + parameters.get("MaxResults", 500)
    items = [_shown(job, hidden=_HIDDEN) for job in jobs[first:end]]
    return {"Items": items, **({"NextToken": str(end)} if end < len(jobs) else {})}


def _job(service: UploadService, parameters: Parameters) -> dict[str, Any]:
    jobs = service.domain(parameters["DomainName"]).uploads
    if parameters["JobId"] not in jobs:
        raise ServiceError("ResourceNotFoundException", "Upload job does not exist.")
    return jobs[parameters["JobId"]]


def _shown(job: Mapping[str, Any], *, hidden: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        name: value
        for name, value in job.items()
        if not name.startswith("_") and name not in hidden
    }


def _carried_out(service: UploadService, domain: Domain, job: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a job comes to. Its profiles are upserted by the unique key."""
    rows = _rows(job["_file"], fields=job["Fields"])
    ended = {"CompletedAt": time.time()}
    if not rows:
        return {**ended, "Status": "FAILED", "StatusReason": "VALIDATION_FAILURE"}
    counts = dict.fromkeys(("UpdatedRecords", "CreatedRecords", "FailedRecords"), 0)
    for row in rows:
        known = len(domain.profiles)
        if service.item_fault(row.get(job["UniqueKey"], "")):
            counts["FailedRecords"] += 1
            continue
        try:
            domain.upsert(job["Fields"], row, unique=[job["UniqueKey"]])
        except ServiceError:
            counts["FailedRecords"] += 1
        else:
            counts["CreatedRecords" if len(domain.profiles) > known else "UpdatedRecords"] += 1
    status = "PARTIALLY_SUCCEEDED" if counts["FailedRecords"] else "SUCCEEDED"
    return {**ended, "Status": status, "ResultsSummary": counts}


def _rows(file: bytes, *, fields: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a file's records, without the cells that are empty. None where it is no such CSV."""
    try:
        text = file.decode("utf-8")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return []
    header = records[0] if records else []
    sources = {str(field["Source"]).removeprefix("_source.") for field in fields.values()}
    if sources != set(header) or any(len(row) != len(header) for row in records):
        return []
    return [
        {name: cell for name, cell in zip(header, row, strict=True) if cell} for row in records[1:]
    ]


OPERATIONS: Mapping[str, Callable[[Any, Parameters], dict[str, Any]]] = {
    "CreateUploadJob": create,
    "GetUploadJobPath": path,
    "StartUploadJob": start,
    "StopUploadJob": stop,
    "GetUploadJob": get,
    "ListUploadJobs": listed,
}
