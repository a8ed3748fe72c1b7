"""What the functions of a run reply to the state machine, which chooses the next state by it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

from tessera.errors import ErrorKind

CheckUploadStatus = Literal["START", "QUEUED", "WAITING", "SUPERSEDED", "DUPLICATE"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckUploadReply:
    """The reply of CheckUpload.

    Parameters
    ----------
    status
        START a run, or ask again because another run of the tenant is running (QUEUED). All other
        values end the execution: the folder is incomplete (WAITING), the object has a newer
        version (SUPERSEDED), or another execution has the run (DUPLICATE).
    tenant, run_id
        The run. ``run_id`` is empty if there is no ticket.
    bytes
        The upload's size as stored, which chooses the engine with ``engine``.
    history_bytes
        The size of the tenant's stored events, which decides with ``bytes`` whether a run is small.
    engine
        The setting ``engine``.
    destinations
        The run's destinations.
    attributes
        Whether the tenant has customer attributes, so that a churn model is trained.
    wait_seconds
        How long a run waits before it asks again, at least.
    """

    status: CheckUploadStatus
    tenant: str
    run_id: str = ""
    bytes: int = 0
    history_bytes: int = 0
    engine: str = ""
    destinations: tuple[str, ...] = ()
    attributes: bool = False
    wait_seconds: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadReply:
    """The reply of StartLoad and PollLoad.

    Parameters
    ----------
    status
        Whether there is more to send.
    wait_seconds
        How long to wait before the next PollLoad.
    progress
        Counts for people who watch the execution. Nothing depends on them.
    """

    status: Literal["IN_PROGRESS", "DONE"]
    wait_seconds: int
    progress: Mapping[str, int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationDone:
    """The reply of EnsureSegments."""

    destination: str
    status: Literal["DONE"] = "DONE"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DestinationFailed:
    """The reply of ReportFailure: one destination failed, and the others continue.

    Parameters
    ----------
    destination
        Which one.
    error
        The kind of recovery that it needs.
    message
        The cause, without personal data.
    """

    destination: str
    error: ErrorKind
    message: str
    status: Literal["FAILED"] = "FAILED"
