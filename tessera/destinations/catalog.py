"""Every destination there is, by the name that settings use. Adding one is a line here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tessera.destinations.calls import HttpVendor
from tessera.destinations.port import Destination, Loaded
from tessera.destinations.vendors import (
    braze,
    customer_profiles,
    customerio,
    export,
    hubspot,
    iterable,
    klaviyo,
    webhook,
)
from tessera.errors import InvalidInput

EXPORT = "export"
HTTP: Mapping[str, HttpVendor] = {
    "braze": braze,
    "customerio": customerio,
    "hubspot": hubspot,
    "iterable": iterable,
    "klaviyo": klaviyo,
    "webhook": webhook,
}
LOADED: Mapping[str, Loaded] = {"customer_profiles": customer_profiles, **HTTP}
CATALOG: Mapping[str, Destination] = {EXPORT: export, **LOADED}


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
