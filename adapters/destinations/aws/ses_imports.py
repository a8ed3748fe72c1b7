"""Import jobs of Amazon SES: a file in the bucket, the job that reads it, and what it came to.

A batch's record says which file it has and which job, so a batch that comes again finds its job
whatever was lost. SES lists its jobs without their files: a job whose creation was not answered is
looked for among the latest ones.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.destinations.aws.ses_contacts import SesCalls
from adapters.http import presigned
from tessera.destinations.port import Item
from tessera.destinations.requests import Malformed
from tessera.destinations.vendors.ses import imports as vendor_imports
from tessera.errors import Retryable
from tessera.naming import IMPORTS

_LOOK_SECONDS = 5
_LATER_SECONDS = 60
_LATEST = 20
_CLOCKS_DIFFER = dt.timedelta(minutes=5)


class ImportJobs:
    """The imports of one run into one list.

    Parameters
    ----------
    ses
        Sends the requests.
    contact_list
        Where contacts go.
    objects, prefix
        The bucket and the folder that the files and records go to.
    """

    def __init__(self, ses: SesCalls, *, contact_list: str, objects: Objects, prefix: str) -> None:
        self._ses = ses
        self._list = contact_list
        self._objects = objects
        self._folder = prefix + IMPORTS

    def find(self, items: Sequence[Item]) -> str:
        """Return the id of the job that a batch has, "" when it has none."""
        record = self._record(items)
        if record.get("job_id") or not record.get("key"):
            return str(record.get("job_id", ""))
        job_id = self._look_for(record)
        if job_id:
            self._write(items, {**record, "job_id": job_id})
        return job_id

    def create(self, items: Sequence[Item], text: str) -> str:
        """Write a batch's file and make the job that reads it. Return its id."""
        data = text.encode()
        key = f"{self._folder}{hashlib.sha256(data).hexdigest()}.json"
        self._objects.write(key, data, content_type="application/json")
        record = {"key": key, "asked_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
        self._write(items, record)
        response = self._ses.call(
            "create_import_job",
            repeated=False,
            personal=False,
            ImportDestination={
                "ContactListDestination": {
                    "ContactListName": self._list,
                    "ContactListImportAction": "PUT",
                }
            },
            ImportDataSource={"S3Url": self._url(key), "DataFormat": "JSON"},
        )
        job_id = response.get("JobId")
        if not job_id:
            raise Malformed("a job has no id")
        self._write(items, {**record, "job_id": job_id})
        return str(job_id)

    def ended(self, job_id: str, *, until: float) -> Mapping[str, Any]:
        """Return a job when it has ended, well or not.

        Raises
        ------
        Malformed
            It has no status.
        Retryable
            It takes longer.
        """
        while True:
            job = self._ses.call("get_import_job", JobId=job_id)
            status = job.get("JobStatus")
            if status not in vendor_imports.STATUSES:
                raise Malformed("a job has no status")
            if status in vendor_imports.ENDED:
                return job
            if self._ses.clock() + _LOOK_SECONDS > until:
                raise Retryable("SES is still processing an import", after_seconds=_LATER_SECONDS)
            self._ses.pause(_LOOK_SECONDS)

    def file(self, items: Sequence[Item]) -> str:
        """Return the text of a batch's file, "" when it is gone."""
        key = self._record(items).get("key", "")
        return self._objects.read(key).decode() if key and self._objects.exists(key) else ""

    def finish(self, items: Sequence[Item], *, again: bool = False) -> None:
        """Remove a batch's file. If it must be imported ``again``, its record goes too."""
        key = self._record(items).get("key", "")
        if again:
            self._write(items, {})
        if key:
            self._objects.delete_prefix(key)

    def failed_records(self, job: Mapping[str, Any]) -> str:
        """Return a job's file of failed records, "" when there is none that can be had."""
        url = job.get("FailureInfo", {}).get("FailedRecordsS3Url", "")
        if not url or not job.get("FailedRecordsCount"):
            return ""
        records = presigned.get(url, endpoint=self._ses.endpoint) or b""
        return records.decode(errors="replace")

    def _look_for(self, record: Mapping[str, Any]) -> str:
        """Return the id of the job that reads a file, among those made since it was written."""
        since = dt.datetime.fromisoformat(record["asked_at"]) - _CLOCKS_DIFFER
        listed: list[Mapping[str, Any]] = []
        token: dict[str, Any] = {}
        while True:
            page = self._ses.call("list_import_jobs", ImportDestinationType="CONTACT_LIST", **token)
            listed += [one for one in page["ImportJobs"] if one["CreatedTimestamp"] >= since]
            if not page.get("NextToken"):
                break
            token = {"NextToken": page["NextToken"]}
        listed.sort(key=lambda one: str(one["CreatedTimestamp"]), reverse=True)
        for one in listed[:_LATEST]:
            job = self._ses.call("get_import_job", JobId=one["JobId"])
            if job.get("ImportDataSource", {}).get("S3Url") == self._url(record["key"]):
                return str(one["JobId"])
        return ""

    def _record(self, items: Sequence[Item]) -> dict[str, Any]:
        key = self._record_key(items)
        record: dict[str, Any] = self._objects.read_json(key) if self._objects.exists(key) else {}
        return record

    def _write(self, items: Sequence[Item], record: Mapping[str, Any]) -> None:
        self._objects.write_json(self._record_key(items), record)

    def _record_key(self, items: Sequence[Item]) -> str:
        name = "".join(f"{item.key} {item.digest}\n" for item in items)
        return f"{self._folder}{hashlib.sha256(name.encode()).hexdigest()[:32]}.job"

    def _url(self, key: str) -> str:
        return f"s3://{self._objects.bucket}/{key}"
