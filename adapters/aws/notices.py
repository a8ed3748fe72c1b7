"""Telling others how a run went: an event for programs, a notification for people."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from adapters.aws.errors import code_of
from tessera.errors import Refused, Retryable
from tessera.naming import EVENT_SOURCE

_BUSY = {"InternalError", "InternalException", "InternalFailure", "KMSThrottling", "Throttled",
         "ThrottlingException", "ServiceUnavailable"}  # fmt: skip
_SUBJECT_LIMIT = 100  # characters, and ASCII only: SNS refuses anything else


class Notices:
    """The account's default event bus and one topic.

    Parameters
    ----------
    topic_arn
        Where notifications go.
    events, sns
        Clients; by default for the environment's credentials and region.

    Raises
    ------
    Retryable
        The bus or the topic was busy or could not be reached.
    Refused
        It said no.
    """

    def __init__(
        self,
        topic_arn: str,
        *,
        events: Any = None,
        sns: Any = None,
    ) -> None:
        self.topic_arn = topic_arn
        self._events: Any = events or boto3.client("events")
        self._sns: Any = sns or boto3.client("sns")

    def publish(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put one event on the bus, such as "Run Finished"."""
        with _translated(f"event {detail_type!r}"):
            answer = self._events.put_events(
                Entries=[
                    {
                        "Source": EVENT_SOURCE,
                        "DetailType": detail_type,
                        "Detail": json.dumps(detail, sort_keys=True),
                    }
                ]
            )
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode", "no reason given")
            raise Retryable(f"EventBridge did not take the event {detail_type!r} ({code})")

    def notify(self, subject: str, text: str) -> None:
        """Send one message to the topic; the subject is made to fit."""
        fitting = " ".join(subject.split()).encode("ascii", "replace").decode()[:_SUBJECT_LIMIT]
        with _translated(f"notification to {self.topic_arn}"):
            self._sns.publish(TopicArn=self.topic_arn, Subject=fitting, Message=text)


@contextlib.contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code in _BUSY:
            raise Retryable(f"{what}: the service was busy ({code})") from error
        raise Refused(f"{what} was refused ({code}): check the role and the topic") from error
    except (ConnectionError, HTTPClientError) as error:
        raise Retryable(f"{what}: the service could not be reached") from error
