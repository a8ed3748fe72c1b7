"""latest.json: the pointer to a tenant's last successful run. FinishRun writes it."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class Latest:
    """A tenant's last successful run.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    """

    run_id: str
    as_of: dt.date
