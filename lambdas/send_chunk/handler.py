"""Send a chunk of a run, or close it. Called by the `SendChunk` state, for several at once.

The event is {"tenant", "run", "chunk", "round"}.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, Protocol

from adapters.aws.function_logs import logged
from steps.campaign.sending.services import SendingServices
from steps.campaign.work_chunk import work_chunk
from tessera.environments.campaigns import SendCampaignEnvironment

_LEFT = dt.timedelta(seconds=60)  # for what is under way when the worker stops


class _Context(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


@logged("SendChunk", message="reason", facts=("chunk", "counts"))
def handler(event: dict[str, Any], context: _Context) -> dict[str, Any]:
    """Reply with what became of the chunk. The log has counts and no recipient."""
    environment = SendCampaignEnvironment.from_env(os.environ)
    services = SendingServices.of(environment, tenant=str(event["tenant"]), clock=_now)
    remaining = dt.timedelta(milliseconds=context.get_remaining_time_in_millis())
    work = services.work(
        str(event["run"]), number=int(event["round"]), until=_now() + remaining - _LEFT
    )
    why_not = services.why_not()
    mark = None if why_not else work_chunk(work, str(event["chunk"]))
    return {
        "tenant": services.tenant,
        "run_id": event["run"],
        "chunk": event["chunk"],
        "is_done": mark is not None and mark.is_done,
        "counts": dict(mark.counts) if mark else {},
        "reason": mark.reason if mark else why_not or "left as it is",
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
