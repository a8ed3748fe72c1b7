"""The detail of the EventBridge event "Run Failed", source ``tessera``."""

from __future__ import annotations

import dataclasses

from tessera.errors import ErrorKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFailedDetail:
    """The detail of "Run Failed".

    Parameters
    ----------
    tenant, run_id, state
        The run, and the state that failed.
    error, message, what_to_do
        As in error.json.
    details
        The address of error.json.
    """

    tenant: str
    run_id: str
    state: str
    error: ErrorKind
    message: str
    what_to_do: str
    details: str
