"""The vendor module of each destination in ``tessera.contracts.destinations``, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tessera.contracts.destinations import EXPORT, SES, SNOWFLAKE
from tessera.destinations.http_vendor import HttpVendor
from tessera.destinations.port import Destination, Loaded
from tessera.destinations.vendors.braze import destination as braze
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles
from tessera.destinations.vendors.customer_profiles import uploads
from tessera.destinations.vendors.customerio import destination as customerio
from tessera.destinations.vendors.export import destination as export
from tessera.destinations.vendors.google_ads import destination as google_ads
from tessera.destinations.vendors.hubspot import destination as hubspot
from tessera.destinations.vendors.iterable import destination as iterable
from tessera.destinations.vendors.klaviyo import destination as klaviyo
from tessera.destinations.vendors.meta import destination as meta
from tessera.destinations.vendors.pinpoint import destination as pinpoint
from tessera.destinations.vendors.postgresql import destination as postgresql
from tessera.destinations.vendors.redshift import destination as redshift
from tessera.destinations.vendors.ses import destination as ses
from tessera.destinations.vendors.snowflake import destination as snowflake
from tessera.destinations.vendors.webhook import destination as webhook
from tessera.errors import InvalidInput

HTTP: Mapping[str, HttpVendor] = {
    "braze": braze,
    "customerio": customerio,
    "google_ads": google_ads,
    "hubspot": hubspot,
    "iterable": iterable,
    "klaviyo": klaviyo,
    "meta": meta,
    "webhook": webhook,
}
LOADED: Mapping[str, Loaded] = {
    "customer_profiles": customer_profiles,
    "pinpoint": pinpoint,
    "postgresql": postgresql,
    "redshift": redshift,
    SES: ses,
    SNOWFLAKE: snowflake,
    **HTTP,
}
ONE_TENANT = frozenset({SES})  # an account has one contact list: the default tenant's
CATALOG: Mapping[str, Destination] = {EXPORT: export, **LOADED}

# Another way to load a destination, if the stage sets its option ``loader``.
UPLOAD = "upload"
LOADERS: Mapping[tuple[str, str], Loaded] = {("customer_profiles", UPLOAD): uploads}


def loaded(name: str, options: Mapping[str, str]) -> Loaded | None:
    """Return the vendor that a stage's options choose, or None for a destination of files only."""
    return LOADERS.get((name, options.get("loader", ""))) or LOADED.get(name)


def check(names: Iterable[str]) -> tuple[str, ...]:
    """Return the destinations of a run: the export first, then each other one once.

    Raises
    ------
    InvalidInput
        A name is not in the catalog.
    """
    requested = list(names)
    unknown = sorted(set(requested) - set(CATALOG))
    if unknown:
        raise InvalidInput(
            f"unknown destination {unknown[0]!r}: expected some of {', '.join(sorted(CATALOG))}"
        )
    return (EXPORT, *dict.fromkeys(name for name in requested if name != EXPORT))
