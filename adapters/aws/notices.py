"""How a run went, for others: an event for programs, a notification for people."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adapters.aws import clients
from adapters.aws.errors import error_for, translated
from tessera.naming import EVENT_SOURCE

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sns import SNSClient

_NO_TOPIC = "there is no topic {}: deploy the stage again"
_NO_BUS = "there is no default event bus: check the region of the credentials"
_SUBJECT_LIMIT = 100  # characters, and ASCII only: SNS refuses anything else


class Notices:
    """The account's default event bus and one topic.

    Parameters
    ----------
    topic_arn
        Where notifications go.
    events, sns
        Clients. By default for the environment's credentials and region.

    Raises
    ------
    Retryable
        The bus or the topic was busy or could not be reached.
    Refused, InvalidInput
        It denied access, or the topic does not exist.
    """

    def __init__(
        self,
        topic_arn: str,
        *,
        events: EventBridgeClient | None = None,
        sns: SNSClient | None = None,
    ) -> None:
        self.topic_arn = topic_arn
        self._given = (events, sns)

    @functools.cached_property
    def _events(self) -> EventBridgeClient:
        return self._given[0] or clients.event_bridge()

    @functools.cached_property
    def _sns(self) -> SNSClient:
        return self._given[1] or clients.sns()

    def publish(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put one event on the bus, such as "Run Finished"."""
        what = f"the event {detail_type!r}"
        with translated("EventBridge", what=what, missing=_NO_BUS):
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
            entry = answer["Entries"][0]
            raise error_for(
                entry.get("ErrorCode", "InternalFailure"),
                service="EventBridge",
                what=what,
                missing=_NO_BUS,
                words=entry.get("ErrorMessage", ""),
            )

    def notify(self, subject: str, text: str) -> None:
        """Send one message to the topic. The subject is made to fit."""
        fitting = " ".join(subject.split()).encode("ascii", "replace").decode()[:_SUBJECT_LIMIT]
        with translated(
            "SNS",
            what=f"a notification to {self.topic_arn}",
            missing=_NO_TOPIC.format(self.topic_arn),
        ):
            self._sns.publish(TopicArn=self.topic_arn, Subject=fitting, Message=text)
