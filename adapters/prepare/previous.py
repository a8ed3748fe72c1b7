"""The run before this one: what it published, and by which rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from adapters.aws.objects import Objects
from adapters.prepare.run import Run
from tessera import naming
from tessera.customers.summary import Period
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class LastRun:
    """A tenant's last successful run.

    Parameters
    ----------
    period
        The days that it counted.
    profiles
        The keys of what it published.
    record
        What Score must know of it: settings, thresholds, sets, models.
    """

    period: Period
    profiles: list[str]
    record: dict[str, Any]


def tell_previous(run: Run, *, period: Period) -> LastRun | None:
    """Write what Score must know of the run before this one, and return it; None without one.

    Parameters
    ----------
    period
        The days that this run counts.
    """
    before = _find(run.stores.data, tenant=run.tenant, run_id=run.ticket["run_id"], period=period)
    record = before.record if before else {"run_id": None}
    run.stores.data.write_json(run.key(naming.PREVIOUS_RECORD), record)
    return before


def _find(data: Objects, *, tenant: str, run_id: str, period: Period) -> LastRun | None:
    """Return the last successful run as of a day that is not later."""
    key = naming.latest_key(tenant)
    if not data.exists(key):
        return None
    latest = data.read_json(key)
    as_of = dt.date.fromisoformat(latest["as_of"])
    if latest["run_id"] == run_id or as_of > period.as_of:
        return None  # this run again, or one that looks back: nothing led from there to here
    before = latest["run_id"]
    files = [naming.run_key(tenant, before, name) for name in (naming.TICKET, naming.SCORE_RECORD)]
    if not all(map(data.exists, files)):
        return None  # a stage keeps a run's files for so many days, and that run is older
    ticket, score = map(data.read_json, files)
    settings = RunSettings.parse(ticket["settings"])
    counted = Period(
        as_of=as_of, window_months=settings.window_months, time_zone=settings.time_zone
    )
    return LastRun(
        period=counted,
        profiles=_profiles(data, tenant=tenant, run_id=before, as_of=latest["as_of"]),
        record={
            "run_id": before,
            "as_of": latest["as_of"],
            "days": (period.as_of - as_of).days,
            "same_period": _same_days(counted, period),
            "settings": ticket["settings"],
            "thresholds": score["thresholds"],
            "sets": score.get("sets", {}),
            "models": score.get("models"),
        },
    )


def _same_days(one: Period, other: Period) -> bool:
    return (one.window_months, one.time_zone) == (other.window_months, other.time_zone)


def _profiles(data: Objects, *, tenant: str, run_id: str, as_of: str) -> list[str]:
    prefix = naming.profiles_prefix(tenant) + naming.profiles_partition(as_of, run_id)
    return [key for key in data.keys(prefix) if key.endswith(".parquet")]
