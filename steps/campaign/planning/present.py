"""The profiles that a plan reads: those of the tenant's last run, and of an earlier one."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping

from adapters.aws.objects import Objects
from adapters.engines.query import Derived, TableSource
from adapters.stores.records import read_record
from adapters.stores.upload_history import UploadHistory
from adapters.tables.email_addresses import EmailAddresses
from tessera import naming
from tessera.campaigns.planning.reading.columns import EMAIL_IDENTITIES, LABELS
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.errors import InvalidInput
from tessera.records.insights.insights import Insights
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest
from tessera.records.runs.ticket import Ticket
from tessera.segments.sets.catalog import sets_for


@dataclasses.dataclass(frozen=True, kw_only=True)
class PresentRun:
    """A tenant's last finished run.

    Parameters
    ----------
    run
        Which run.
    customers
        How many it has.
    previous
        The run before it, None for the first.
    labels
        All labels that a customer can have, by profile column.
    """

    run: RunOfDay
    customers: int
    previous: RunOfDay | None
    labels: Mapping[str, Collection[str]]


def present_run(tenant: str, *, data: Objects) -> PresentRun | None:
    """Return a tenant's last finished run, None before the first one."""
    if not data.exists(naming.latest_key(tenant)):
        return None
    latest = read_record(Latest, data, naming.latest_key(tenant), tolerant=True)
    folder = naming.run_prefix(tenant, latest.run_id)
    insights = read_record(Insights, data, folder + naming.INSIGHTS, tolerant=True)
    ticket = read_record(Ticket, data, folder + naming.TICKET, tolerant=True)
    labels = sets_for(ticket.settings).column_labels
    return PresentRun(
        run=RunOfDay(run_id=insights.run_id, as_of=insights.as_of),
        customers=insights.overview.customers,
        previous=insights.previous,
        labels={column: labels.get(column, ()) for column in LABELS},
    )


def tables(
    tenant: str,
    present: PresentRun,
    *,
    data: Objects,
    identities: Objects,
    earlier: RunOfDay | None,
) -> dict[str, TableSource]:
    """Return the tables of the query for a plan's customers.

    Parameters
    ----------
    tenant, present
        Whose customers, and of which run.
    data, identities
        The two buckets.
    earlier
        The run to compare with, None for none.

    Raises
    ------
    InvalidInput
        The profiles of a run are gone. An empty table in their place would make everybody seem to
        have newly entered the audience.
    """
    people = UploadHistory(data, identities, tenant=tenant).people_keys(run_id="")
    read = EmailAddresses(EMAIL_IDENTITIES.names)
    sources = {
        "profiles": _profiles(tenant, present.run, data),
        "identities": TableSource(
            IDENTITIES, identities, _parquet(people), derived=Derived(EMAIL_IDENTITIES, read)
        ),
    }
    if earlier is not None:
        sources["earlier"] = _profiles(tenant, earlier, data)
    return sources


def _profiles(tenant: str, run: RunOfDay, data: Objects) -> TableSource:
    folder = naming.profiles_partition(run.as_of.isoformat(), run.run_id)
    keys = _parquet(data.keys(naming.profiles_prefix(tenant) + folder))
    if not keys:
        raise InvalidInput(
            f"the profiles of run {run.run_id!r} of {run.as_of} are gone, and the plan needs them: "
            "restore them, or start another campaign"
        )
    return TableSource(PROFILES, data, keys)


def _parquet(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key.endswith(".parquet"))
