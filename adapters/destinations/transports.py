"""The transport to each destination that gets requests, by its name."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from adapters.aws.documents import read_document
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_fields
from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from adapters.destinations.aws.pinpoint import PinpointTransport
from adapters.destinations.aws.profile_uploads import ProfileUploads
from adapters.destinations.aws.ses import SesTransport
from adapters.destinations.http_transport import HttpTransport
from adapters.destinations.snowflake.connecting import connect_snowflake
from adapters.destinations.warehouse.connecting import connect_warehouse
from adapters.http.client import HttpClient
from tessera.contracts.destinations import SES, SNOWFLAKE
from tessera.destinations import catalog
from tessera.destinations.port import Transport
from tessera.destinations.requests import ENDPOINT
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.naming import (
    DEFAULT_TENANT,
    destination_prefix,
    destination_secret,
)

_KEPT = 8
_STAND_IN_RATE = 100_000  # a stand-in has no other users, so the vendor's rate does not apply


def connect(
    destination: str,
    *,
    environment: ActivateEnvironment,
    tenant: str,
    run_id: str = "",
    requests_per_minute: int = 0,
    endpoint: str = "",
) -> Transport:
    """Return the transport of a destination for a tenant.

    Parameters
    ----------
    destination
        Its name.
    environment, tenant
        The stage, and the tenant whose account is used.
    run_id
        The run. The calls of one run to a warm function share one transport.
    requests_per_minute
        The tenant's own rate for HTTP destinations, 0 for the vendor's.
    endpoint
        The base URL of a stand-in for a destination over HTTP. Empty for the vendor's own.

    Raises
    ------
    InvalidInput
        The stage has no such destination.
    """
    if destination in catalog.HTTP:
        if endpoint and not requests_per_minute:
            requests_per_minute = _STAND_IN_RATE
        secret = destination_secret(environment.stage, destination, tenant=tenant)
        return _over_http(destination, endpoint, secret, run_id, requests_per_minute)
    options = json.loads(environment.options).get(destination)
    if options is None:
        raise InvalidInput(
            f"this stage was deployed without the destination {destination!r}: name it among the "
            "stage's 'destinations' and deploy again"
        )
    connected = _BY_OPTIONS[destination]
    if destination == SNOWFLAKE:
        connected = functools.partial(connected, endpoint=endpoint)
    return connected(options, environment=environment, tenant=tenant, run_id=run_id)


def _customer_profiles(
    options: Mapping[str, str], *, tenant: str, run_id: str, **_others: object
) -> Transport:
    way: Callable[..., Transport] = CustomerProfilesTransport
    if options.get("loader") == catalog.UPLOAD:
        way = functools.partial(ProfileUploads, run_id=run_id)
    return way(domain=options["domain"], object_type_name=options["object_type"], tenant=tenant)


def _pinpoint(
    options: Mapping[str, Any], *, environment: ActivateEnvironment, tenant: str, run_id: str
) -> Transport:
    applications = read_document(options["applications"])
    if tenant not in applications:
        raise InvalidInput(
            f"tenant {tenant!r} has no Pinpoint application: name it in the stage's setting "
            "'pinpoint.tenant_applications', or take 'pinpoint' out of its 'destinations'"
        )
    return PinpointTransport(
        application_id=applications[tenant],
        role_arn=options["role_arn"],
        identities=Objects(environment.identities_bucket),
        prefix=destination_prefix(tenant, run_id, "pinpoint"),
        addresses=options["addresses"],
    )


def _ses(
    options: Mapping[str, str], *, environment: ActivateEnvironment, tenant: str, run_id: str
) -> Transport:
    return SesTransport(
        contact_list=options["contact_list"] if tenant == DEFAULT_TENANT else "",
        identities=Objects(environment.identities_bucket),
        prefix=destination_prefix(tenant, run_id, SES),
    )


# Each gets the stage's options for it, and by name environment, tenant and run_id.
_BY_OPTIONS: Mapping[str, Callable[..., Transport]] = {
    "customer_profiles": _customer_profiles,
    "pinpoint": _pinpoint,
    "postgresql": functools.partial(connect_warehouse, "postgresql"),
    "redshift": functools.partial(connect_warehouse, "redshift"),
    "ses": _ses,
    SNOWFLAKE: connect_snowflake,
}


@functools.lru_cache(maxsize=_KEPT)
def _over_http(
    destination: str, endpoint: str, secret: str, _run_id: str, requests_per_minute: int
) -> HttpTransport:
    """Return the same transport each time: connections, rate, key and jobs under way stay."""
    vendor = catalog.HTTP[destination]
    reading = functools.partial(
        read_fields, secret, fields=vendor.SECRET_FIELDS, optional=(ENDPOINT,)
    )
    read = functools.cache(reading)
    client = HttpClient(
        vendor,
        base_url=endpoint,
        read_secret=read,
        forget_secret=read.cache_clear,
        secret_name=secret,
        requests_per_minute=requests_per_minute,
    )
    return HttpTransport(vendor, client=client)
