"""What the state machine asks CheckUpload."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from tessera.errors import InvalidInput
from tessera.naming import DEFAULT_TENANT, UPLOADS, check_tenant, upload_tenant
from tessera.records.ticket import Trigger

_EXPECTED = (
    "the execution's input is neither an upload nor a schedule: expected "
    '{"trigger": "upload", "key": "uploads/…"} or '
    '{"trigger": "schedule", "tenant": "…", "time": "…"}'
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """An upload's object version, or a schedule's tenant and time; and who asks."""

    trigger: Trigger
    tenant: str
    execution_arn: str
    key: str = ""
    version_id: str = ""
    time: str = ""

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read the state's input.

        Raises
        ------
        InvalidInput
            It is neither an upload nor a schedule, the key is no upload's, or the tenant's name
            is not valid.
        """
        match event.get("trigger"):
            case "upload" if event.get("key"):
                key = str(event["key"])
                return cls(
                    trigger="upload",
                    tenant=DEFAULT_TENANT if key == UPLOADS else upload_tenant(key),
                    execution_arn=str(event["execution_arn"]),
                    key=key,
                    version_id=str(event.get("version_id") or ""),
                )
            case "schedule" if event.get("time"):
                return cls(
                    trigger="schedule",
                    tenant=check_tenant(str(event.get("tenant", ""))),
                    execution_arn=str(event["execution_arn"]),
                    time=str(event["time"]),
                )
            case _:
                raise InvalidInput(_EXPECTED)
