"""EventBridge: deliver events to the targets that moto drops, as the service words them."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import json
import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

from jsonpath_ng.parser import parse
from moto.events.models import EventsBackend, Rule, events_backends
from moto.s3.models import S3Backend

_PLACE = re.compile(r"<([^<>]+)>")
_STRING_OR_PLACE = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]+>')
_S3_REASONS = {
    "Put": "PutObject",
    "Post": "POST Object",
    "Copy": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
}


_put_object = S3Backend.put_object


class LocalEventsBackend(EventsBackend):
    """moto's backend, whose rules deliver to every target that we know."""

    __module__ = EventsBackend.__module__  # moto finds the service's URLs by this name
    delivery: Delivery

    def put_rule(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Make a rule that delivers."""
        rule = super().put_rule(name, *args, **kwargs)
        rule.send_to_targets = functools.partial(self.delivery.send, rule)
        return rule


class Delivery:
    """Sends an event to a rule's targets.

    Parameters
    ----------
    client
        Makes a boto3 client of a service.
    report
        Called for a delivery that failed: EventBridge would drop it after its retries.
    """

    def __init__(self, client: Callable[[str], Any], *, report: Callable[[str], None]) -> None:
        self._client = client
        self._report = report

    def send(self, rule: Any, event: dict[str, Any], transform_input: bool = True) -> None:  # noqa: FBT001, FBT002
        """Send an event to a rule's targets, when the rule is on and wants it.

        A rule without a pattern has a schedule only. moto would send it every event.
        """
        pattern = rule.event_pattern
        if rule.state != "ENABLED" or not pattern.get_pattern() or not pattern.matches_event(event):
            return
        worded = as_the_service_words_it(event)
        for target in list(rule.targets):
            if target["Arn"].split(":")[2] in {"states", "lambda", "sns", "sqs"}:
                self.deliver(target, worded)
            else:
                alone = copy.copy(rule)
                alone.targets = [target]
                Rule.send_to_targets(alone, event, transform_input)

    def deliver(self, target: dict[str, Any], event: dict[str, Any]) -> None:
        """Send one event to one target, without waiting for what the target does with it."""
        body = body_for(target, event)
        threading.Thread(target=self._call, args=(target, body), daemon=True).start()

    def _call(self, target: dict[str, Any], body: str) -> None:
        arn = target["Arn"]
        service = arn.split(":")[2]
        try:
            if service == "states":
                name = f"{uuid.uuid4()}_{uuid.uuid4()}"
                self._client("stepfunctions").start_execution(
                    stateMachineArn=arn, name=name, input=body
                )
            elif service == "lambda":
                self._client("lambda").invoke(
                    FunctionName=arn, InvocationType="Event", Payload=body
                )
            elif service == "sns":
                self._client("sns").publish(TopicArn=arn, Message=body)
            else:
                sqs = self._client("sqs")
                url = sqs.get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"]
                sqs.send_message(QueueUrl=url, MessageBody=body)
        except Exception as error:  # noqa: BLE001 (delivery is asynchronous: nobody to raise to)
            self._report(f"an event did not reach {arn}: {error}")


def install(delivery: Delivery) -> None:
    """Make moto create its rules in our backend, and send one event an object as S3 does."""
    LocalEventsBackend.delivery = delivery
    events_backends.backend = LocalEventsBackend
    events_backends.clear()
    S3Backend.put_object = _put_once


def _put_once(backend: S3Backend, *args: Any, **kwargs: Any) -> Any:
    """Put an object, without an event for one that was uploaded in parts.

    moto puts such an object, which sends an event, gives it its metadata, and sends another event.
    The first would start a run of an object that is not complete.
    """
    if kwargs.get("multipart") is not None:
        kwargs["disable_notification"] = True
    return _put_object(backend, *args, **kwargs)


def as_the_service_words_it(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with the fields and spellings that EventBridge sends."""
    worded = copy.deepcopy(event)
    worded["id"] = str(uuid.uuid4())
    if not isinstance(worded.get("time"), str):
        worded["time"] = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in ("ingestion-time", "event-bus-name", "replay-name"):
        worded.pop(name, None)
    detail = worded.get("detail")
    if worded.get("source") == "aws.s3" and isinstance(detail, dict):
        thing = detail["object"]
        thing["etag"] = thing.pop("eTag", thing.get("etag"))
        if thing.get("version-id") in {None, "null"}:
            thing.pop("version-id", None)
        detail["reason"] = _S3_REASONS.get(detail.get("reason", ""), detail.get("reason"))
    return worded


def body_for(target: dict[str, Any], event: dict[str, Any]) -> str:
    """Return what a target receives: its input, a part of the event, a template, or all of it."""
    if target.get("Input"):
        return str(target["Input"])
    if target.get("InputPath"):
        return json.dumps(_pick(event, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps(event)
    paths = transformer.get("InputPathsMap") or {}
    values = {name: _pick(event, path) for name, path in paths.items()}
    return _fill(transformer["InputTemplate"], values)


def _fill(template: str, values: dict[str, Any]) -> str:
    """Fill a JSON template: quoted where it stands alone, as it is inside a string."""

    def inside(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]

    def piece(match: re.Match[str]) -> str:
        if match[0].startswith('"'):
            return _PLACE.sub(inside, match[0])
        name = match[0][1:-1]
        return json.dumps(values[name]) if name in values else match[0]

    return _STRING_OR_PLACE.sub(piece, template)


def _pick(event: dict[str, Any], path: str) -> Any:
    # "$.detail.version-id" is a name to EventBridge and a subtraction to JSONPath: quote the steps
    steps = [step if step == "$" else f'"{step}"' for step in path.split(".")]
    matches = parse(".".join(steps)).find(event) if "[" not in path else parse(path).find(event)
    return matches[0].value if matches else None
