"""Take the events of pages. Called by an HTTP API for ``POST /v1/events``, without an authorizer.

The key is in the body, because a beacon has no headers. An answer has no data. The log has neither
bodies nor addresses.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from adapters.aws.function_logs import logged
from adapters.stores.items import Items
from adapters.stores.tenants import Tenants
from adapters.stores.write_keys import EventCounts, WriteKeys
from adapters.streams.producer import StreamProducer
from steps.collect_events import Collector, PageRequest, collect_events
from steps.tenancy import RecentTenants, why_not
from tessera.api.refusals import MEDIA_TYPE, ProblemDetails, ProblemPart
from tessera.environments.collect_events import CollectEventsEnvironment
from tessera.environments.tenancy import Tenancy
from tessera.errors import Retryable
from tessera.records.codec import encode
from tessera.sources.collecting.refusals import NotCollected

_BUSY = NotCollected(
    "The stream is busy or away. Send these events again.",
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    after_seconds=5,
)
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_PUTS = 3  # a page waits for the answer, and sends again after a 503


@functools.cache
def _collector() -> Collector:
    env = CollectEventsEnvironment.from_env(os.environ)
    return Collector(
        keys=WriteKeys(Items(env.write_keys_table)),
        counts=EventCounts(env.write_keys_table),
        why_not=why_not(
            RecentTenants(Tenants(env.tenants_table).get), tenancy=Tenancy.from_text(env.tenancy)
        ),
        sink=StreamProducer(env.events_stream, attempts=_PUTS),
        origins=env.origins.split(),
        most_a_minute=int(env.most_a_minute),
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Reply in the form of payload 2.0: 204, or a problem that names the wrong fields."""
    answer = _answer(event, context)
    return {name: answer[name] for name in ("statusCode", "headers", "body")}


@logged("CollectEvents", facts=("statusCode", "key", "events"))
def _answer(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the reply with what the log has of it."""
    try:
        taken = collect_events(_request(event), collector=_collector(), now=dt.datetime.now(dt.UTC))
    except NotCollected as refused:
        return _refusal(refused)
    except Retryable:
        return _refusal(_BUSY)
    facts = {"tenant": taken.tenant, "key": taken.key_id, "events": taken.events}
    reply = _refusal(taken.refused) if taken.refused else _reply(HTTPStatus.NO_CONTENT)
    return {**reply, **facts}


def _request(event: Mapping[str, Any]) -> PageRequest:
    headers, body = event.get("headers") or {}, str(event.get("body") or "")
    return PageRequest(
        origin=headers.get("origin"),
        content_type=str(headers.get("content-type", "")),
        body=_bytes(body, is_encoded=bool(event.get("isBase64Encoded"))),
    )


def _bytes(body: str, *, is_encoded: bool) -> bytes:
    try:
        return base64.b64decode(body) if is_encoded else body.encode()
    except ValueError:  # neither base64 nor text: as good as a body that is no JSON
        return b""


def _refusal(refused: NotCollected) -> dict[str, Any]:
    problem = ProblemDetails(
        title=refused.status.phrase,
        status=refused.status.value,
        detail=refused.detail,
        errors=tuple(ProblemPart(where=one.where, what=one.what) for one in refused.wrong),
    )
    later = {"retry-after": str(refused.after_seconds)} if refused.after_seconds else _NO_HEADERS
    return _reply(
        refused.status,
        body=json.dumps(encode(problem)),
        headers={"content-type": MEDIA_TYPE, **later},
    )


def _reply(
    status: HTTPStatus, *, body: str = "", headers: Mapping[str, str] = _NO_HEADERS
) -> dict[str, Any]:
    always = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return {"statusCode": status.value, "headers": {**always, **headers}, "body": body}
