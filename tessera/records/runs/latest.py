"""latest.json: the pointer to a tenant's last successful run. FinishRun writes it."""

from __future__ import annotations

import dataclasses

from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class Latest(RunOfDay):
    """A tenant's last successful run.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    """
