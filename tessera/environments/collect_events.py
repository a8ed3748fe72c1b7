"""The environment of CollectEvents."""

from __future__ import annotations

import dataclasses

from tessera.environments.environment import Environment


@dataclasses.dataclass(frozen=True)
class CollectEventsEnvironment(Environment):
    """For lambdas/collect_events. ``origins`` are separated by blanks.

    ``tenancy`` is what ``Tenancy.to_text`` writes.
    """

    events_stream: str
    write_keys_table: str
    origins: str
    most_a_minute: str
    tenants_table: str
    tenancy: str
