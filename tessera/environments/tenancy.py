"""What a stage gives each of its tenants, as functions get it in their environment."""

from __future__ import annotations

import dataclasses

from tessera.environments.one_line import OneLine


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tenancy(OneLine):
    """What holds for a tenant that has no own rules.

    Parameters
    ----------
    open
        Whether the first upload of an unknown tenant makes it.
    max_runs
        How many runs of a tenant may be under way.
    requests_per_minute
        How many requests to the API a tenant may send in a minute.
    """

    open: bool = True
    max_runs: int = 2
    requests_per_minute: int = 600
