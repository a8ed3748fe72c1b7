"""The way to Amazon Connect Customer Profiles by upload jobs, a file of thousands at a time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws.errors import code_of, message_of
from adapters.destinations.aws.customer_profiles import WRONG, CustomerProfilesTransport
from adapters.http import presigned
from tessera.destinations.port import Item, Outcome
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles
from tessera.destinations.vendors.customer_profiles import uploads
from tessera.errors import Refused, Retryable

_PAUSES_SECONDS = (1, 2, 4, 8)  # before each look at a job. The last one repeats
_STILL_SECONDS = 60


class ProfileUploads(CustomerProfilesTransport):
    """One tenant's domain, for one run. Segments are made as they are for batches.

    Parameters
    ----------
    run_id
        Jobs are called after it, so a job that is under way is found again.
    clock
        For tests.
    others
        What ``CustomerProfilesTransport`` takes.
    """

    def __init__(
        self,
        *,
        run_id: str,
        clock: Callable[[], float] = time.monotonic,
        **others: Any,  # noqa: ANN401 (the base class's)
    ) -> None:
        super().__init__(**others)
        self._run_id = run_id
        self._clock = clock

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert a batch by a job.

        If the job does not name its failed customers, send the batch in requests of ten.

        Raises
        ------
        Retryable
            The job is still running: the same batch resumes it.
        Refused
            Somebody stopped it.
        """
        with self._translated(personal=True):
            job = self._ended(self._job(items))
        if job.get("Status") == uploads.STOPPED:
            raise Refused(
                "Customer Profiles stopped an upload job: the next run sends the other customers"
            )
        settled = uploads.outcome(items, job)
        return self._by_tens(items) if settled is None else settled

    def _job(self, items: Sequence[Item]) -> str:
        """Return the id of the batch's job, brought on its way from wherever it is."""
        file = uploads.document(items)
        name = uploads.job_name(self._run_id, file)
        existing = uploads.standing(self._jobs(), name=name, run_id=self._run_id)
        if existing is None:
            existing = {
                "JobId": self._made(uploads.job(items, name=name)),
                "Status": uploads.CREATED,
            }
        job_id = str(existing["JobId"])
        if existing["Status"] == uploads.CREATED:  # uploaded or not: once more does no harm
            self._upload(job_id, file)
            self._start(job_id)
        return job_id

    def _made(self, job: Mapping[str, Any]) -> str:
        try:
            return _member(self._client.create_upload_job(DomainName=self._domain, **job), "JobId")
        except ClientError as error:
            if code_of(error) not in WRONG:
                raise
            raise Refused(
                f"Customer Profiles rejected the upload job: {message_of(error)}; set the "
                "stage's 'customer_profiles.loader' to 'batches', and deploy again"
            ) from None

    def _jobs(self) -> list[Mapping[str, Any]]:
        jobs: list[Mapping[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            response = self._client.list_upload_jobs(
                DomainName=self._domain, MaxResults=500, **page
            )
            jobs += response.get("Items", [])
            if not response.get("NextToken"):
                return jobs
            page = {"NextToken": response["NextToken"]}

    def _upload(self, job_id: str, file: bytes) -> None:
        place = self._client.get_upload_job_path(DomainName=self._domain, JobId=job_id)
        presigned.put(
            _member(place, "Url"),
            file,
            key=_member(place, "ClientToken"),
            endpoint=self._client.meta.endpoint_url,
        )

    def _start(self, job_id: str) -> None:
        try:
            self._client.start_upload_job(DomainName=self._domain, JobId=job_id)
        except ClientError as error:
            if code_of(error) not in WRONG or self._look(job_id).get("Status") == uploads.CREATED:
                raise
            # An earlier request had started it, though its response was lost.

    def _look(self, job_id: str) -> Mapping[str, Any]:
        job: Mapping[str, Any] = self._client.get_upload_job(DomainName=self._domain, JobId=job_id)
        return job

    def _ended(self, job_id: str) -> Mapping[str, Any]:
        """Return a job once it has ended."""
        until = self._clock() + uploads.CAPABILITIES.exchange_seconds
        pauses = itertools.chain(_PAUSES_SECONDS, itertools.repeat(_PAUSES_SECONDS[-1]))
        while (job := self._look(job_id)).get("Status") in uploads.UNDER_WAY:
            seconds = next(pauses)
            if self._clock() + seconds > until:
                raise Retryable(
                    "Customer Profiles is still processing a batch", after_seconds=_STILL_SECONDS
                )
            self._pause(seconds)
        return job

    def _by_tens(self, items: Sequence[Item]) -> Outcome:
        size, done = customer_profiles.CAPABILITIES.batch_items, Outcome()
        for start in range(0, len(items), size):
            done += super().send(items[start : start + size])
        return done


def _member(response: Mapping[str, Any], name: str) -> str:
    """Return a required member of a response."""
    if not response.get(name):
        raise Retryable(f"Customer Profiles sent a response without {name}")
    return str(response[name])
