"""The input of CheckUpload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.check_upload.check import StartRequest
from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT, UPLOADS, check_tenant, upload_tenant

_EXPECTED = (
    "the execution's input is neither an upload nor a schedule: expected "
    '{"trigger": "upload", "key": "uploads/…"} or '
    '{"trigger": "schedule", "tenant": "…", "time": "…"}'
)


def parse(event: Mapping[str, Any]) -> StartRequest:
    """Read the state's input.

    Raises
    ------
    InvalidInput
        It is neither an upload nor a schedule, the key is not an upload's, or the tenant's name is
        not valid.
    """
    match event.get("trigger"):
        case "upload" if event.get("key"):
            key = str(event["key"])
            return StartRequest(
                trigger="upload",
                tenant=DEFAULT_TENANT if key == UPLOADS else upload_tenant(key),
                execution_arn=str(event["execution_arn"]),
                began_ms=int(event.get("began_ms", 0)),
                key=key,
                version_id=str(event.get("version_id") or ""),
            )
        case "schedule" if event.get("time"):
            return StartRequest(
                trigger="schedule",
                tenant=check_tenant(str(event.get("tenant", ""))),
                execution_arn=str(event["execution_arn"]),
                began_ms=int(event.get("began_ms", 0)),
                time=str(event["time"]),
            )
        case _:
            raise InvalidInput(_EXPECTED)
