"""The environment of Curate."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class CurateEnvironment(Environment):
    """For glue_jobs/curate.py, as job arguments.

    ``raw_days`` is when change files expire that no fold renewed, 0 for never.
    """

    data_bucket: str
    identities_bucket: str
    raw_days: str = "0"
