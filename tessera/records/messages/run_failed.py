"""The detail of the EventBridge event "Run Failed", source ``tessera``."""

from __future__ import annotations

import dataclasses

from tessera.records.runs.error import FailedRun


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFailedDetail(FailedRun):
    """The detail of "Run Failed".

    Parameters
    ----------
    details
        The address of error.json.
    """

    details: str
