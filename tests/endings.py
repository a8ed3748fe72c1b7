"""How a run ends, as FinishRun and FailRun leave its upload."""

from __future__ import annotations

from typing import Literal

from adapters.aws.objects import Objects
from adapters.stores.upload_history import UploadHistory

RunEnding = Literal["well", "failed", "stopped"]


def end_run(
    data: Objects,
    identities: Objects,
    *,
    run_id: str,
    tenant: str = "default",
    ending: RunEnding = "well",
) -> None:
    """End a run of which Prepare is done. A run that is stopped leaves all as it is."""
    uploads = UploadHistory(data, identities, tenant=tenant)
    pending = uploads.events.pending()
    if ending == "stopped" or pending is None:
        return
    if ending == "well":
        uploads.keep(pending.id, run_id=run_id)
    uploads.settle(run_id)
