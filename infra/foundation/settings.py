"""The settings of what is kept."""

from __future__ import annotations

import dataclasses

from infra.kit.stage import Stage


@dataclasses.dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """How long objects are kept, in days. 0 keeps them until somebody deletes them.

    ``upload_days`` is for uploads, ``reject_days`` for the rows and customers that were rejected,
    ``run_days`` for a run's other files. An expired object can be restored for another
    ``noncurrent_days``, then it is gone.
    """

    upload_days: int = 30
    reject_days: int = 30
    run_days: int = 400
    noncurrent_days: int = 30
    access_log_days: int = 90

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        wrong = {
            name: "0 (for ever) or a number of days"
            for name, days in dataclasses.asdict(self).items()
            if days < 0
        }
        if self.noncurrent_days == 0:
            wrong["noncurrent_days"] = "at least 1 day, in which a running job can still read"
        return wrong


@dataclasses.dataclass(frozen=True, kw_only=True)
class FoundationSettings(Stage):
    """A stage, and how long it keeps its objects."""

    storage: StorageSettings = dataclasses.field(default_factory=StorageSettings)
