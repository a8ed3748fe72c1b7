"""Runs and uploads of a tenant, as the API lists and starts them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.insights.groups import SegmentFlow
from tessera.records.run_cost import RunCost
from tessera.records.runs.error import FailedRun
from tessera.records.runs.prepare import History, Rows, Source
from tessera.records.runs.rejects import RejectedLine
from tessera.records.scoring.movement import Breaker

RunStatus = Literal["QUEUED", "RUNNING", "WAITING", "SUCCEEDED", "FAILED"]
_SUFFIXES = "|".join(suffix.replace(".", r"\.") for suffix in naming.UPLOAD_SUFFIXES)
NAME_PATTERN = rf"^[A-Za-z0-9][A-Za-z0-9._() -]{{0,190}}({_SUFFIXES})$"
MOST_UPLOAD_BYTES = 5 * 1024**4  # of an object in S3


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunState:
    """One run, and how far it is.

    Parameters
    ----------
    run_id
        The run.
    status
        ``QUEUED`` is a run that waits for its turn. ``WAITING`` is one that needs an approval
        before it sends anything.
    started_at, finished_at
        Instants, ISO 8601. None while there is none.
    upload
        The upload's name. None for a scheduled run.
    error
        The kind of error that ended it. None for any other run.
    queued
        Why it waits for its turn, as a sentence. None for any other run.
    waits_for, waits_until
        Why it waits or waited for an approval, and the end of the wait. None if it never did.
    expected_cost
        What a run that waits or waited is expected to cost, as a sentence. None if it never did.
    decision, decided_by, decided_at
        The decision on a run that waited. None while there is none.
    """

    run_id: str
    status: RunStatus
    started_at: str | None
    finished_at: str | None
    upload: str | None
    error: str | None
    queued: str | None
    waits_for: str | None
    waits_until: str | None
    expected_cost: str | None
    decision: str | None
    decided_by: str | None
    decided_at: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunList:
    """The runs of a tenant, the newest first.

    Parameters
    ----------
    items
        At most as many as were asked for.
    next
        The ``cursor`` of the next page. None on the last one.
    """

    items: tuple[RunState, ...]
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateProgress:
    """One state of a run.

    Parameters
    ----------
    name
        The state.
    entered_at, exited_at
        When it began and ended. None while it has not.
    """

    name: str
    entered_at: dt.datetime
    exited_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunDetail(RunState):
    """One run with what is known of it so far.

    Parameters
    ----------
    as_of
        The day that it describes. None before the data was read.
    states
        The states that it has entered, in order. Empty once the execution has expired.
    rows, source, history
        The upload's rows, as what it was read, and all events of the tenant. None before the data
        was read.
    breaker
        Why it waits, in numbers. None before scoring.
    changes
        What it changes since the previous run: by segment set, each segment before and after, and
        who came and went by cause. A run that waits has it too. Empty before scoring, and without
        an earlier run.
    failure
        Why it failed, and what to do. None for any other run.
    cost
        What it cost at list prices. None before its end.
    warnings
        What the owner should know, a sentence each.
    """

    as_of: dt.date | None
    states: tuple[StateProgress, ...]
    rows: Rows | None
    source: Source | None
    history: History | None
    breaker: Breaker | None
    changes: Mapping[str, tuple[SegmentFlow, ...]]
    failure: FailedRun | None
    cost: RunCost | None
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RejectList:
    """The rows of a run's upload that were refused.

    Parameters
    ----------
    run_id
        The run.
    rejected
        All of them, by reason.
    items
        The first thousand of them, by file and line. Their content stays out of the API.
    """

    run_id: str
    rejected: Mapping[str, int] = dataclasses.field(default_factory=dict)
    items: tuple[RejectedLine, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class StartRun:
    """A wish for a run.

    Parameters
    ----------
    upload
        The key of an upload to read again. None for a run of today over the history.
    """

    upload: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StartedRun:
    """A run that was asked for. It appears in the list of runs once its upload is checked.

    Parameters
    ----------
    execution
        The name of its execution.
    """

    execution: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunDecision:
    """A decision on a run that waits, or to stop one that sends.

    Parameters
    ----------
    why
        The reason, for those who look at the run later.
    """

    why: str = dataclasses.field(default="", metadata={"schema": {"maxLength": 500}})

    def __post_init__(self) -> None:
        """Refuse a reason that no notification could carry."""
        if len(self.why) > 500:
            raise InvalidInput("why: expected at most 500 characters")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListedUpload:
    """A file in the tenant's folder of uploads.

    Parameters
    ----------
    key, bytes
        Its key, and its size as stored.
    uploaded_at
        When it arrived.
    """

    key: str
    bytes: int
    uploaded_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class UploadList:
    """The files in the tenant's folder of uploads, the newest first."""

    items: tuple[ListedUpload, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class UploadRequest:
    """A wish to upload a file.

    Parameters
    ----------
    name
        Its name, with one of the suffixes that can be read.
    bytes
        Its size. The signature admits no other.
    kind
        Orders and other events, or attributes of customers.
    """

    name: str = dataclasses.field(metadata={"schema": {"pattern": NAME_PATTERN}})
    bytes: int = dataclasses.field(
        metadata={"schema": {"minimum": 1, "maximum": MOST_UPLOAD_BYTES}}
    )
    kind: Literal["events", "attributes"] = "events"

    def __post_init__(self) -> None:
        """Refuse a name that no upload may have."""
        if re.fullmatch(NAME_PATTERN, self.name) is None:
            raise InvalidInput(
                "name: expected up to 200 letters, digits, blanks and ._()- and one of "
                + ", ".join(naming.UPLOAD_SUFFIXES)
            )
        if not 1 <= self.bytes <= MOST_UPLOAD_BYTES:
            raise InvalidInput(f"bytes: expected from 1 to {MOST_UPLOAD_BYTES}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class UploadPart:
    """One part of a large file.

    Parameters
    ----------
    number
        Its place, from 1.
    offset, bytes
        Where it begins in the file, and its size.
    url
        Where to PUT it. Keep the answer's ``ETag``.
    """

    number: int
    offset: int
    bytes: int
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class UploadTarget:
    """Where to send a file. Its run starts by itself once it is complete.

    Parameters
    ----------
    key
        Its key.
    expires_at
        Until when the addresses work.
    url, headers
        Where to PUT a file of at most 5 GB, with these headers. None and empty for a larger one.
    parts
        The parts of a larger file. Empty for any other.
    complete_url
        Where to POST ``<CompleteMultipartUpload>`` with each part's number and ETag. None for a
        file in one piece.
    """

    key: str
    expires_at: dt.datetime
    url: str | None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parts: tuple[UploadPart, ...] = ()
    complete_url: str | None = None
