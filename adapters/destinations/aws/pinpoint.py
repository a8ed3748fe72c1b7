"""The way to Amazon Pinpoint, which ended on 2026-10-30, and what its errors mean to us.

A batch is a file in the identities bucket, below its run's folder, and an import job that reads
it. The file is named by its content, so a batch that comes again finds the job that it has.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from adapters.aws import clients
from adapters.aws.errors import translated
from adapters.aws.objects import Objects
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.port import DELETED, Item, Outcome
from tessera.destinations.requests import sort_out
from tessera.destinations.vendors.pinpoint import destination as vendor
from tessera.destinations.vendors.pinpoint import imports as vendor_imports
from tessera.destinations.vendors.pinpoint import segments as vendor_segments
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.naming import IMPORTS
from tessera.records.loads.segment import Segment

if TYPE_CHECKING:
    from mypy_boto3_pinpoint import PinpointClient
    from mypy_boto3_pinpoint.type_defs import ImportJobRequestTypeDef, WriteSegmentRequestTypeDef

_PAUSES_SECONDS = (1, 2, 4, 8)  # before each further look at a job. The last one repeats
_LATER_SECONDS = 60
_REQUESTED = (
    "Pinpoint deletes all endpoints of the user, with their opt-outs. It ended on 2026-10-30"
)


class PinpointTransport:
    """One tenant's Pinpoint application.

    Parameters
    ----------
    application_id
        Whose users are updated.
    role_arn
        The role by which Pinpoint reads the files.
    identities, prefix
        The bucket, and the folder there that is this run's for Pinpoint.
    addresses
        Whether endpoints are made for customers' addresses.
    client, clock, pause
        For tests: the SDK's client, the seconds, and how to wait some.
    """

    def __init__(
        self,
        *,
        application_id: str,
        role_arn: str,
        identities: Objects,
        prefix: str,
        addresses: bool,
        client: PinpointClient | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._app = {"ApplicationId": application_id}
        self._missing = (
            f"Pinpoint has no application {application_id!r}. It ended on 2026-10-30: take "
            "'pinpoint' out of the setting 'destinations', or correct 'pinpoint.application_id'"
        )
        self._role_arn = role_arn
        self._identities = identities
        self._folder = prefix + IMPORTS
        self._addresses = addresses
        self._clock = clock
        self._pause = pause
        self._client = client or clients.pinpoint()
        # No request that creates something is repeated.
        self._once = client or clients.pinpoint(attempts=1)
        self._lock = threading.Lock()
        self._jobs: dict[str, str] | None = None
        self._segments: dict[str, dict[str, Any]] | None = None

    def check(self, _segments: Sequence[Segment]) -> None:
        """Make sure that the application is there."""
        with self._translated():
            self._client.get_app(**self._app)

    def identity(self) -> str:
        """Return the application's id. An application that is created again has another one."""
        return self._app["ApplicationId"]

    def send(self, items: Sequence[Item]) -> Outcome:
        """Import a batch, and wait until the job has ended.

        A customer with a name or a value that Pinpoint would not accept is rejected beforehand. A
        job that outlasts the time limit is resumed when its batch comes again.
        """
        bad = {
            index: why for index, item in enumerate(items) if (why := vendor_imports.unfit(item))
        }
        good = [item for index, item in enumerate(items) if index not in bad]
        if not good:
            return sort_out(items, bad)
        until = self._clock() + vendor.CAPABILITIES.exchange_seconds
        text = vendor_imports.to_json(good, addresses=self._addresses).encode()
        key = f"{self._folder}{hashlib.sha256(text).hexdigest()}.json"
        job_id = self._find_or_create(key, text)
        job = self._ended(job_id, until=until) if job_id else {}
        if job.get("JobStatus") in vendor_imports.ENDED:
            self._identities.delete_prefix(key)
        if vendor_imports.hopeless(job):
            raise Refused(
                "Pinpoint's import failed before it read anything: see the job in Pinpoint, and "
                f"whether the role {self._role_arn} may read s3://{self._identities.bucket}"
            )
        imported = vendor_imports.outcome(good, job, addresses=self._addresses)
        refused = (*sort_out(items, bad).refused, *imported.refused)
        return Outcome(imported.acknowledged, imported.again, refused)

    def ensure(self, segment: Segment) -> str:
        """Create or update the segment. Return created, kept or recreated.

        A segment is changed in place, so it keeps the identity that campaigns may hold on to.
        Pinpoint's names are no identifiers: of several, the oldest one is ours.
        """
        wanted = cast("WriteSegmentRequestTypeDef", vendor_segments.definition(segment))
        with self._lock, self._translated():
            try:
                known = self._known_segments()
                existing = known.get(segment.name)
                if existing is None:
                    known[segment.name] = self._create_segment(wanted)
                    return "created"
                _check_kind(existing)
                if vendor_segments.same(wanted, existing):
                    return "kept"
                response = self._client.update_segment(
                    **self._app, SegmentId=existing["Id"], WriteSegmentRequest=wanted
                )
                known[segment.name] = dict(response["SegmentResponse"])
            except (ClientError, ConnectionError, HTTPClientError):
                self._segments = None  # what was made is unknown: the next request looks again
                raise
        return "recreated"

    def retire(self, segment: Segment) -> str:
        """Delete a segment that is no longer requested. An imported one is not ours."""
        with self._lock, self._translated():
            existing = self._known_segments().pop(segment.name, None)
            if existing and existing["SegmentType"] == vendor_segments.DIMENSIONAL:
                with suppress(self._client.exceptions.NotFoundException):
                    self._client.delete_segment(**self._app, SegmentId=existing["Id"])
        return DELETED

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete all endpoints of the user with the customer's id."""
        self.check([])  # a missing user and a missing application get the same response
        with self._translated(personal=True):
            try:
                done = self._client.delete_user_endpoints(**self._app, UserId=person.customer_id)
            except self._client.exceptions.NotFoundException:
                return ErasureAnswer("absent")
        if not done.get("EndpointsResponse"):
            raise Retryable("Pinpoint sent a response without endpoints")
        return ErasureAnswer("requested", _REQUESTED)

    def size(self, _segment: Segment) -> int | None:
        """Return None: Pinpoint has no request that counts a segment's members."""
        return None

    # ---- import jobs ---------------------------------------------------------------------------

    def _find_or_create(self, key: str, text: bytes) -> str:
        """Return the id of the job that reads a file, "" if the response has none."""
        url = f"s3://{self._identities.bucket}/{key}"
        with self._lock, self._translated(personal=True):
            try:
                jobs = self._known_jobs()
                if url not in jobs:
                    self._identities.write(key, text, content_type="application/json")
                    wanted = cast(
                        "ImportJobRequestTypeDef",
                        vendor_imports.import_request(url, role_arn=self._role_arn),
                    )
                    response = self._once.create_import_job(**self._app, ImportJobRequest=wanted)
                    job_id = str(response["ImportJobResponse"].get("Id", ""))
                    self._jobs = {**jobs, url: job_id} if job_id else None
                    return job_id
                return jobs[url]
            except (ClientError, ConnectionError, HTTPClientError):
                self._jobs = None
                raise

    def _ended(self, job_id: str, *, until: float) -> Mapping[str, Any]:
        """Return a job when it has ended, or a response without a status."""
        for pause in itertools.chain(_PAUSES_SECONDS, itertools.repeat(_PAUSES_SECONDS[-1])):
            with self._translated(personal=True):
                response = self._client.get_import_job(**self._app, JobId=job_id)
            job: Mapping[str, Any] = response.get("ImportJobResponse", {})
            if not vendor_imports.is_usable(job):
                self._jobs = None  # the batch gets a new one when it comes again
            if job.get("JobStatus", "") in ("", *vendor_imports.ENDED):
                return job
            if self._clock() + pause > until:
                break
            self._pause(pause)
        raise Retryable("Pinpoint is still processing an import", after_seconds=_LATER_SECONDS)

    def _known_jobs(self) -> dict[str, str]:
        """Return every job's id by the file that it reads, all but those that failed."""
        if self._jobs is None:
            pages = self._pages(self._client.get_import_jobs, "ImportJobsResponse")
            self._jobs = {
                job.get("Definition", {}).get("S3Url", ""): job["Id"]
                for job in pages
                if vendor_imports.is_usable(job)
            }
        return self._jobs

    # ---- segments ------------------------------------------------------------------------------

    def _known_segments(self) -> dict[str, dict[str, Any]]:
        if self._segments is None:
            segments = list(self._pages(self._client.get_segments, "SegmentsResponse"))
            segments.sort(key=lambda one: str(one["CreationDate"]), reverse=True)
            segments.sort(key=lambda one: one["SegmentType"] == vendor_segments.DIMENSIONAL)
            self._segments = {one.get("Name", ""): one for one in segments}  # the last one stays
        return self._segments

    def _create_segment(self, wanted: WriteSegmentRequestTypeDef) -> dict[str, Any]:
        response = self._once.create_segment(**self._app, WriteSegmentRequest=wanted)
        return dict(response["SegmentResponse"])

    def _pages(self, ask: Callable[..., Any], name: str) -> Iterator[dict[str, Any]]:
        token: dict[str, str] = {}
        while True:
            page = ask(**self._app, **token)[name]
            yield from page.get("Item", [])
            if not page.get("NextToken"):
                return
            token = {"Token": page["NextToken"]}

    def _translated(self, *, personal: bool = False) -> AbstractContextManager[None]:
        return translated("Pinpoint", missing=self._missing, personal=personal)


def _check_kind(existing: Mapping[str, Any]) -> None:
    if existing["SegmentType"] != vendor_segments.DIMENSIONAL:
        raise InvalidInput(
            f"Pinpoint has a segment {existing['Name']!r} that was imported, so it cannot follow "
            "Tessera's attributes: rename it there, and the next run makes ours"
        )
