"""Queues that call a function with what came, in batches and one batch at a time.

moto calls the function for each message while its sender waits, and any number of times at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.awslambda.utils import get_backend
from moto.sqs.models import Queue, sqs_backends

from local.aws.events.waking import HiddenMappings, Waking

MOST = 100  # messages of a batch
_GATHERS_S = 0.1  # how long a batch is waited for
_AGAIN_S = 1.0  # after a batch that failed

_make_queue = Queue.__init__
_add_message = Queue.add_message


class QueuePolling:
    """Calls the functions of queues in the background.

    Parameters
    ----------
    report
        Called with an error that no caller waits for.
    """

    def __init__(self, *, report: Callable[[str], None]) -> None:
        self._report = report
        self._waking = Waking()

    def wake(self, queue: Queue) -> None:
        """Let a queue's functions be called, unless somebody is at it already."""
        self._waking.wake(queue.queue_arn, lambda: self._work(queue))

    def _work(self, queue: Queue) -> None:
        while self._waking.has_come(queue.queue_arn):
            time.sleep(_GATHERS_S)
            for function_arn, mapping in dict.items(queue.lambda_event_source_mappings):
                try:
                    while mapping.enabled and _call(queue, function_arn):
                        pass
                except Exception as error:  # noqa: BLE001 (nobody waits for it)
                    self._report(f"queue {queue.name} could not call {function_arn}: {error}")


def _call(queue: Queue, function_arn: str) -> bool:
    """Call a function with a batch. Return whether there was one."""
    sqs = sqs_backends[queue.account_id][queue.region]
    visible_after_s = queue.visibility_timeout
    messages = sqs.receive_message(queue.name, MOST, 0, visible_after_s)
    if not messages:
        return False
    headers: dict[str, Any] = {}
    body = json.dumps({"Records": list(_records(messages, queue))})
    lambdas = get_backend(queue.account_id, queue.region)
    reply = lambdas.invoke(function_arn, None, body, {}, headers)
    failed = _failed(messages, None if "x-amz-function-error" in headers else reply)
    for one in messages:
        if one.id in failed:
            sqs.change_message_visibility(queue.name, one.receipt_handle, visibility_timeout=0)
        else:
            sqs.delete_message(queue.name, one.receipt_handle)
    if failed:
        time.sleep(_AGAIN_S)
    return True


def _failed(messages: Iterable[Any], reply: Any) -> set[str]:
    """Return the ids of those that come again: all without a reply, else those that it names."""
    if reply is None:
        return {one.id for one in messages}
    answer = json.loads(reply or "null")
    listed = answer.get("batchItemFailures", ()) if isinstance(answer, dict) else ()
    return {one["itemIdentifier"] for one in listed}


def _records(messages: Iterable[Any], queue: Queue) -> Iterable[dict[str, Any]]:
    for one in messages:
        yield {
            "messageId": one.id,
            "receiptHandle": one.receipt_handle,
            "body": one.body,
            "attributes": {
                "ApproximateReceiveCount": str(one.approximate_receive_count),
                "SentTimestamp": str(one.sent_timestamp),
            },
            "messageAttributes": {},
            "md5OfBody": one.body_md5,
            "eventSource": "aws:sqs",
            "eventSourceARN": queue.queue_arn,
            "awsRegion": queue.region,
        }


def install(polling: QueuePolling) -> None:
    """Make moto's queues hand their messages to functions in the background."""

    def make(queue: Queue, *args: Any, **kwargs: Any) -> None:
        _make_queue(queue, *args, **kwargs)
        queue.lambda_event_source_mappings = HiddenMappings()

    def add(queue: Queue, message: Any) -> None:
        _add_message(queue, message)
        if queue.lambda_event_source_mappings:
            polling.wake(queue)

    Queue.__init__ = make
    Queue.add_message = add
