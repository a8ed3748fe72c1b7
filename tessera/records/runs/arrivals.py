"""What came of each source, and whether that is as usual: kept from run to run in summary.json."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

from tessera.records.fields import Milliseconds

Volume = Literal["too_few", "usual", "less", "more"]
Refusals = Literal["too_few", "usual", "more"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arrival:
    """One upload of a source, as a run read it.

    Parameters
    ----------
    run_id, upload
        The run, and the upload's key or folder.
    at
        When the run began.
    rows, refused
        Rows of the upload, and those of them that were refused.
    last_event_at
        The upload's last event. None without events.
    """

    run_id: str
    upload: str
    at: Milliseconds
    rows: int
    refused: int
    last_event_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Usual:
    """Where most of a source's earlier figures are.

    Parameters
    ----------
    least, most
        80 % of them are between these two.
    """

    least: float
    most: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """A source against its own history, as of a run.

    Parameters
    ----------
    source
        ``uploads`` for what people upload, ``stream``, ``database-<table>`` and the like.
    arrived_at
        When its last upload came.
    last_event_at
        That upload's last event. None without events.
    due_by
        When its next upload should have come. None while it has too few.
    is_late
        Whether that moment had passed when the run finished.
    upload, rows, refused
        Its last complete upload: a stream's day is judged when it is over.
    volume, usual_rows
        Whether that many rows are usual, and how many are. None while it has too few uploads.
    refusals, usual_share
        The same of the share of refused rows.
    compared
        How many earlier uploads it is compared with.
    """

    source: str
    arrived_at: Milliseconds
    last_event_at: dt.datetime | None
    due_by: Milliseconds | None
    is_late: bool
    upload: str
    rows: int
    refused: int
    volume: Volume
    usual_rows: Usual | None
    refusals: Refusals
    usual_share: Usual | None
    compared: int

    @property
    def is_unhealthy(self) -> bool:
        """Whether something about it is worth a look."""
        return self.is_late or self.volume in {"less", "more"} or self.refusals == "more"


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierArrivals:
    """What the next run reads of a summary.json, which another version may have written.

    Parameters
    ----------
    arrivals
        By source, the oldest first.
    """

    arrivals: Mapping[str, tuple[Arrival, ...]] = dataclasses.field(default_factory=dict)
