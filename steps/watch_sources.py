"""Find the sources that are late by the clock: a source that is silent starts no run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from adapters.aws.objects import Objects
from steps.arrived import arrivals_of
from tessera.insights.sources.health import health_of
from tessera.insights.sources.words import lateness
from tessera.naming import CANARY_TENANT, UPLOADED


def late_sources(tenants: Iterable[str], *, data: Objects, now: dt.datetime) -> list[str]:
    """Return a sentence on each source that is late. What people upload comes when it comes.

    Parameters
    ----------
    tenants
        Whose sources are judged.
    data
        The bucket with the summaries of their runs.
    now
        The present moment.
    """
    return [
        f"{tenant}: {lateness(source)}"
        for tenant in tenants
        if tenant != CANARY_TENANT
        for source in health_of(arrivals_of(tenant, data), now=now)
        if source.is_late and source.source != UPLOADED
    ]
