"""Profiles of the people of a campaign's runs, and the customers of each group now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.stores.profile_reader import KEY, ProfileReader
from adapters.tables.set_columns import numbers, set_column
from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.targeting.group_set import group_condition
from tessera.campaigns.targeting.learning import COLUMNS, Profiles
from tessera.campaigns.targeting.targets import TargetGroup
from tessera.naming import profiles_partition, profiles_prefix
from tessera.records.run_of_day import RunOfDay
from tessera.segments.sets.conditions import Condition, columns_of, parse_condition, sets_of
from tessera.segments.sets.masks import Labelled, first_that_holds

Mask = npt.NDArray[np.bool_]


def profiles_of(
    people: Assigned, runs: Mapping[int, RunOfDay], *, reader: ProfileReader, tenant: str
) -> tuple[Profiles, Mask]:
    """Return what was known of people on the day of their plan, and of which people that is there.

    Parameters
    ----------
    people
        Each customer once, in the order of their keys.
    runs
        By day of a plan, the run whose profiles it read.
    reader
        Of the data bucket.
    tenant
        Whose.

    Returns
    -------
    profiles : shape (n, COLUMNS)
        NaN where a value or the whole profile is unknown.
    is_known : shape (n,)
    """
    profiles = np.full((len(people), len(COLUMNS)), np.nan, np.float32)
    is_known = np.zeros(len(people), np.bool_)
    for run in dict.fromkeys(runs.values()):
        days = [day for day, one in runs.items() if one == run]
        own = np.isin(people.day, days)
        if not own.any():
            continue
        for table in reader.columns(_prefix(tenant, run), [KEY, *COLUMNS]):
            keys = np.array(table.column(KEY).to_pylist(), "S36")
            places = np.minimum(np.searchsorted(people.customer_key, keys), len(people) - 1)
            hits = (people.customer_key[places] == keys) & own[places]
            is_known[places[hits]] = True
            for column, name in enumerate(COLUMNS):
                profiles[places[hits], column] = numbers(table.column(name))[hits]
    return profiles, is_known


def customers_of(
    groups: Sequence[TargetGroup],
    *,
    audience: CampaignAudience,
    run: RunOfDay,
    reader: ProfileReader,
    tenant: str,
) -> list[int]:
    """Return how many customers of a run each group has.

    Parameters
    ----------
    groups
        Inside the audience.
    audience
        The campaign's.
    run
        The newest.
    reader, tenant
        As of ``profiles_of``.
    """
    conditions = [
        parse_condition(group_condition(one, audience), where="a group of customers")
        for one in groups
    ]
    read = [name for one in conditions for name in (*columns_of(one), *sets_of(one))]
    counts = np.zeros(len(groups) + 1, np.int64)
    for table in reader.columns(_prefix(tenant, run), list(dict.fromkeys([KEY, *read]))):
        counts += np.bincount(_codes(table, conditions), minlength=len(counts))
    return [int(count) for count in counts[:-1]]


def _codes(table: pa.Table, conditions: Sequence[Condition]) -> npt.NDArray[np.int64]:
    """Return the place of the first condition that each row meets, one more where it meets none."""
    columns = {
        name: set_column(table.column(name), name=name)
        for one in conditions
        for name in columns_of(one)
    }
    sets = {name: _labelled(table, name) for one in conditions for name in sets_of(one)}
    codes = first_that_holds(
        conditions, columns, customers=len(table), name="the groups", sets=sets
    )
    return codes.astype(np.int64)


def _labelled(table: pa.Table, name: str) -> Labelled:
    coded = table.column(name).combine_chunks().dictionary_encode()
    labels = [*coded.dictionary.to_pylist(), ""]
    places = coded.indices.fill_null(len(labels) - 1).to_numpy(zero_copy_only=False)
    return Labelled(labels=labels, codes=places.astype(np.int16))


def _prefix(tenant: str, run: RunOfDay) -> str:
    return profiles_prefix(tenant) + profiles_partition(run.as_of.isoformat(), run.run_id)
