"""One person's data, as they may ask for: all that is stored of them, readable."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adapters.aws.objects import Objects
from adapters.erasure.campaign_rows import Partitions, campaign_rows
from adapters.erasure.known_people import PeopleReader
from adapters.erasure.person_rows import rows_of
from steps.erase.contacts import contacts_of
from tessera import naming
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys, customer_keys

_PARTITION = re.compile(r"(as_of|run|upload)=([^/]+)/")
_ORDERS = ("order_id", "event_id")


def person_data(
    data: Objects,
    identities: Objects,
    *,
    tenant: str,
    term: str,
    secret: bytes,
    now: dt.datetime,
    campaigns: Partitions | None = None,
) -> dict[str, Any]:
    """Return what is stored of a person, as JSON values.

    Parameters
    ----------
    term
        The shop's id, or an address.
    secret
        Makes keys of ids and addresses.
    campaigns
        The campaigns' table. None where there is none.

    Raises
    ------
    InvalidInput
        Nobody has the id or address, or several customers have the address. The message does not
        name them.
    """
    key_of = customer_keys(secret, tenant=tenant)
    reader = PeopleReader(data, identities, tenant=tenant, key_of=key_of)
    people = reader.resolve([term]).people
    if not people:
        raise InvalidInput(f"tenant {tenant!r} has no customer with this id or address")
    keys = {each.customer_key for each in people}
    called = _readable_ids(identities, tenant, {key for one in people for key in one.order_keys})
    hashed = address_keys(secret, tenant=tenant)
    recipients = {hashed(address) for one in people for _, address in contacts_of(one)}
    tables = {
        "identities": (identities, naming.identities_prefix(tenant)),
        "events": (data, naming.events_prefix(tenant)),
        "attributes": (data, naming.attributes_prefix(tenant)),
        "profiles": (data, naming.profiles_prefix(tenant)),
        "transitions": (data, naming.transitions_prefix(tenant)),
    }
    return {
        "tenant": tenant,
        "exported_at": now.isoformat(),
        "customer_keys": sorted(keys),
        **{
            name: [
                _row(key, row, called=called) for key, row in rows_of(objects, prefix, values=keys)
            ]
            for name, (objects, prefix) in tables.items()
        },
        "destinations": {
            name: sorted({entry[0] for entries in there.values() for entry in entries})
            for name, there in sorted(reader.traces(keys).items())
        },
        "campaigns": {}
        if campaigns is None
        else campaign_rows(campaigns, tenant, customer_keys=keys, recipients=recipients),
    }


def _readable_ids(identities: Objects, tenant: str, keys: set[str]) -> dict[str, str]:
    """Return what orders and events are called, by their keys."""
    prefix = naming.order_ids_prefix(tenant)
    rows = rows_of(identities, prefix, column="key", values=keys)
    return {str(row["key"]): str(row["id"]) for _, row in rows}


def _row(key: str, row: Mapping[str, Any], *, called: Mapping[str, str]) -> dict[str, Any]:
    """Return a row with what its folder says, without what it lacks, and with readable ids."""
    named = {**dict(_PARTITION.findall(key)), **row}
    values = {name: _value(value) for name, value in named.items() if value is not None}
    return {
        name: called.get(str(value), value) if name in _ORDERS else value
        for name, value in values.items()
    }


def _value(value: Any) -> Any:  # noqa: ANN401 (a cell)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
