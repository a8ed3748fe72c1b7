"""A run and its day, as every document names another run."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunOfDay:
    """A run and the day that it describes.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day.
    """

    run_id: str
    as_of: dt.date
