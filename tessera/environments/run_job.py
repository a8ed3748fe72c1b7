"""The environment of RunJob."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class RunJobEnvironment(Environment):
    """For lambdas/run_job. ``libraries`` is the address of the archive that it unpacks."""

    libraries: str
    libraries_sha256: str
