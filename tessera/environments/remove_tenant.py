"""The environment of the function that removes tenants."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment
from tessera.environments.one_line import OneLine


@dataclasses.dataclass(frozen=True)
class RemoveTenantEnvironment(Environment):
    """For lambdas/remove_tenant. ``places`` is what ``RemovalPlaces.to_text`` writes.

    ``tenant_role`` deletes what is of one tenant, which a session tag names. ``receipt_key`` signs.
    """

    places: str
    tenant_role: str
    receipt_key: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RemovalPlaces(OneLine):
    """Where a stage keeps what is of tenants.

    Parameters
    ----------
    stage
        Its name, by which secrets are called.
    data_bucket, identities_bucket
        The buckets.
    runs_table, tenants_table
        The runs, and the tenants' records.
    tables
        All other tables.
    database
        The Glue database. Empty for none.
    user_pool
        The pool of the console's users. Empty for none.
    destinations
        The destinations of the stage, which keep what they got.
    longest_write_seconds
        How long what began before the removal may still write. 0 where nothing runs beside it.
    """

    stage: str
    data_bucket: str
    identities_bucket: str
    runs_table: str
    tenants_table: str
    tables: tuple[str, ...] = ()
    database: str = ""
    user_pool: str = ""
    destinations: tuple[str, ...] = ()
    longest_write_seconds: int = 0
