"""What all campaigns of a quarter changed, as a file: the present quarter's, and those before.

Purchases are read once, when a quarter is over and they are known until its end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from adapters.campaigns.taken import TakenPeople
from adapters.engines.duckdb.purchases import KnownPurchases, purchases_since
from adapters.stores.events import EventStore
from adapters.stores.records import read_record, write_record
from steps.campaign.measure import has_sent
from steps.campaign.measuring.services import MeasuringServices
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.choosing.quarters import Quarter
from tessera.campaigns.results.promised import PAST_DAYS
from tessera.campaigns.results.quarters import QuarterResults, measure_quarter, quarter_people
from tessera.naming import quarter_results_key

_MARGIN = dt.timedelta(days=2)  # that a plan can come after it was asked for
_LATE = 4  # quarters whose orders may come so much later: the year that the console shows


def measure_quarters(services: MeasuringServices, *, now: dt.datetime) -> tuple[str, ...]:
    """Measure the global holdout of the present quarter, and of those before it. Return which.

    A quarter in which nobody was held globally leaves no file. One whose result is known is not
    measured again. One whose orders are not known yet waits for them for a year. It needs no
    campaign that is still measured.

    Parameters
    ----------
    services
        The tenant's.
    now
        The moment.
    """
    today = services.today(now)
    return tuple(
        quarter.name
        for quarter in _last_quarters(today)
        if _is_due(quarter, services, today=today) and _measure(quarter, services, today=today)
    )


def _last_quarters(today: dt.date) -> list[Quarter]:
    """Return the present quarter and those that may still wait for orders, the oldest first."""
    quarters = [Quarter.of(today)]
    while len(quarters) <= _LATE:
        quarters.insert(0, quarters[0].before)
    return quarters


def _is_due(quarter: Quarter, services: MeasuringServices, *, today: dt.date) -> bool:
    """Return whether a quarter is to be measured.

    An older one without a file had nobody held globally: it was looked at in its time.
    """
    key = quarter_results_key(services.tenant, quarter.name)
    if not services.data.exists(key):
        return quarter >= Quarter.of(today).before
    return read_record(QuarterResults, services.data, key, tolerant=True).effect is None


def _measure(quarter: Quarter, services: MeasuringServices, *, today: dt.date) -> bool:
    """Measure one quarter. Return whether anybody was held globally in it."""
    runs = dict(_runs_of(quarter, services))
    files = [
        TakenPeople(services.identities, tenant=services.tenant, run_id=run_id) for run_id in runs
    ]
    held_globally = [one.read_held_globally() for one in files]
    if not any(len(one) for one in held_globally):
        return False
    taken = [one.read() for one in files]
    people = quarter_people(taken, held_globally, quarter=quarter)
    shares = [
        file.read_global_share()
        for file, run, beside in zip(files, taken, held_globally, strict=True)
        if len(quarter_people([run], [beside], quarter=quarter))
    ]
    purchases, known_until = None, min(today, quarter.end)
    if today >= quarter.end:
        known = _purchases(people, quarter, services, today=today)
        known_until = min(today, known.known_until or quarter.first_day)
        purchases = known.rows
    results = measure_quarter(
        people,
        purchases,
        quarter=quarter,
        campaigns=sorted(set(runs.values())),
        shares=shares,
        today=known_until,
        settings=services.settings.campaigns,
    )
    write_record(results, services.data, quarter_results_key(services.tenant, quarter.name))
    return True


def _purchases(
    people: Assigned, quarter: Quarter, services: MeasuringServices, *, today: dt.date
) -> KnownPurchases:
    return purchases_since(
        EventStore(services.data, tenant=services.tenant),
        customers=people.customer_key,
        since=quarter.first_day - dt.timedelta(days=PAST_DAYS),
        today=today,
        time_zone=services.settings.time_zone,
    )


def _runs_of(quarter: Quarter, services: MeasuringServices) -> Iterator[tuple[str, str]]:
    """Return the runs of marketing campaigns that a quarter's people can be from."""
    sent = {run.run_id for run in services.runs.all() if has_sent(run)}
    for request in services.requests.all():
        day = request.asked_at.date()
        is_near = quarter.first_day - _MARGIN <= day < quarter.end + _MARGIN
        if request.run_id in sent and is_near and request.definition.purpose == "marketing":
            yield request.run_id, request.definition.id
