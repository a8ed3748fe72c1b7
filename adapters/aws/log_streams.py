"""The streams of one CloudWatch log group that other teams write to as well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


class LogStreams:
    """The streams of a log group.

    Parameters
    ----------
    group
        The log group's name.
    logs
        A client. By default for the environment's credentials and region.

    Raises
    ------
    Refused
        CloudWatch Logs denied the call.
    Retryable
        CloudWatch Logs was busy or could not be reached.
    """

    def __init__(self, group: str, *, logs: CloudWatchLogsClient | None = None) -> None:
        self.group = group
        self._logs = logs or clients.logs(attempts=8)

    def expire(self, prefix: str, *, before: dt.datetime) -> int:
        """Delete the streams with a prefix that got nothing since. Return how many."""
        missing = f"there is no log group {self.group!r}: check the region of the credentials"
        with translated("CloudWatch Logs", what=f"log group {self.group}", missing=missing):
            old = list(self._older(prefix, before=before))
            for name in old:
                self._logs.delete_log_stream(logGroupName=self.group, logStreamName=name)
        return len(old)

    def _older(self, prefix: str, *, before: dt.datetime) -> Iterator[str]:
        pages = self._logs.get_paginator("describe_log_streams").paginate(
            logGroupName=self.group, logStreamNamePrefix=prefix
        )
        try:
            for page in pages:
                for stream in page["logStreams"]:
                    last = stream.get("lastEventTimestamp", stream["creationTime"])
                    if last < before.timestamp() * 1000:
                        yield stream["logStreamName"]
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise  # an account that has never run such a job has no such group
