"""Every destination there is, by the name that settings use. Adding one is a line here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tessera.destinations import profile_uploads
from tessera.destinations.calls import HttpVendor
from tessera.destinations.port import Destination, Loaded
from tessera.destinations.vendors import (
    braze,
    customer_profiles,
    customerio,
    export,
    google_ads,
    hubspot,
    iterable,
    klaviyo,
    meta,
    pinpoint,
    postgresql,
    redshift,
    ses,
    webhook,
)
from tessera.errors import InvalidInput

EXPORT = "export"
SES = "ses"
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
    **HTTP,
}
ONE_TENANT = frozenset({SES})  # an account has one place for customers: the default tenant's
CATALOG: Mapping[str, Destination] = {EXPORT: export, **LOADED}

# What a stage may choose in place of the usual way, by the option ``loader`` of a destination.
UPLOAD = "upload"
LOADERS: Mapping[tuple[str, str], Loaded] = {("customer_profiles", UPLOAD): profile_uploads}


def loaded(name: str, options: Mapping[str, str]) -> Loaded | None:
    """Return a vendor that is told by requests, as a stage's options say; None for files alone."""
    return LOADERS.get((name, options.get("loader", ""))) or LOADED.get(name)


def title(name: str) -> str:
    """Return what people call a destination, the name itself for one of another version's."""
    return CATALOG[name].TITLE if name in CATALOG else name.replace("_", " ")


def check(names: Iterable[str]) -> tuple[str, ...]:
    """Return the destinations of a run: the export always, each of the others once.

    Raises
    ------
    InvalidInput
        A name is not in the catalog.
    """
    wanted = list(names)
    unknown = sorted(set(wanted) - set(CATALOG))
    if unknown:
        raise InvalidInput(
            f"unknown destination {unknown[0]!r}: expected some of {', '.join(sorted(CATALOG))}"
        )
    return (EXPORT, *dict.fromkeys(name for name in wanted if name != EXPORT))
