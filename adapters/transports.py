"""The way to each destination that is told by requests, by the catalog's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.customer_profiles import CustomerProfilesTransport
from tessera.destinations.port import Transport
from tessera.settings import ActivateEnvironment


def _customer_profiles(environment: ActivateEnvironment, tenant: str) -> Transport:
    return CustomerProfilesTransport(
        domain=environment.profiles_domain,
        object_type_name=environment.profiles_object_type,
        tenant=tenant,
    )


_TRANSPORTS: Mapping[str, Callable[[ActivateEnvironment, str], Transport]] = {
    "customer_profiles": _customer_profiles,
}


def connect(destination: str, *, environment: ActivateEnvironment, tenant: str) -> Transport:
    """Return the transport of a destination for a tenant."""
    return _TRANSPORTS[destination](environment, tenant)
