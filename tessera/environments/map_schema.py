"""The environment of MapSchema."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class MapSchemaEnvironment(Environment):
    """For glue_jobs/map_schema.py, as job arguments.

    ``files_only`` names the destinations that get files only in this stage, comma separated.
    ``handovers`` is ``on`` in a stage with campaigns, which may hand over their audiences.
    ``forwarded`` names the destinations that get single moves of live labels, comma separated.
    """

    data_bucket: str
    identities_bucket: str
    files_only: str
    handovers: str
    forwarded: str = ""
