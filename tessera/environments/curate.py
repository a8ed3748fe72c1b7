"""The environment of Curate."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class CurateEnvironment(Environment):
    """For glue_jobs/curate.py, as job arguments."""

    data_bucket: str
    identities_bucket: str
