"""Which of a tenant's destinations get the segments of a set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.serve.services import Services
from steps.serve.settings import Author, read_settings, save_settings
from tessera.api.documents.settings import (
    SetDestination,
    SetDestinations,
    SetDestinationsChange,
    SettingsChange,
    SettingsDocument,
)
from tessera.api.refusals import missing, wrong
from tessera.contracts.destinations import title
from tessera.records.fields import part_of
from tessera.segments.sets.catalog import RFM

_EVERYWHERE = "The segments of the definition go to every destination."


def read_destinations(tenant: str, name: str, *, services: Services) -> SetDestinations:
    """Return the tenant's destinations, and which of them get a set's segments.

    Raises
    ------
    RequestRefusal
        No run of the tenant computes the set.
    """
    return _destinations(name, read_settings(tenant, services=services))


def save_destinations(
    name: str, change: SetDestinationsChange, author: Author, *, services: Services
) -> SetDestinations:
    """Save which destinations get a set's segments, as a part of the tenant's settings.

    Raises
    ------
    RequestRefusal
        It is based on an older version, no run computes the set, or a destination is not the
        tenant's or does not fit.
    """
    current = read_settings(author.tenant, services=services)
    items = _destinations(name, current).items
    chosen = set(change.destinations)
    _check(chosen, items, name=name)
    omitted = dict(current.effective["omitted_sets"])
    for item in items:
        if item.reason is None:
            others = [one for one in omitted.get(item.destination, ()) if one != name]
            omitted[item.destination] = others if item.destination in chosen else [*others, name]
    settings = {**current.settings, "omitted_sets": {k: v for k, v in omitted.items() if v}}
    saved = save_settings(
        SettingsChange(version=change.version, settings=settings), author, services=services
    )
    return _destinations(name, saved)


def _check(chosen: set[str], items: tuple[SetDestination, ...], *, name: str) -> None:
    unknown = sorted(chosen - {item.destination for item in items})
    if unknown:
        raise wrong(f"{unknown[0]!r} is no destination of the shop. An admin adds it in settings.")
    for item in items:
        if item.reason is not None and item.gets != (item.destination in chosen):
            raise wrong(f"{item.title} cannot be changed for the set {name!r}. {item.reason}")


def _destinations(name: str, current: SettingsDocument) -> SetDestinations:
    effective = current.effective
    if name != RFM and name not in effective["segment_sets"]:
        raise missing("segment set that the next run computes")
    return part_of(
        current,
        SetDestinations,
        name=name,
        items=tuple(_item(one, name, effective) for one in effective["destinations"]),
    )


def _item(destination: str, name: str, effective: Mapping[str, Any]) -> SetDestination:
    # Imported here: it needs every vendor, and most requests none.
    from tessera.destinations.catalog import CATALOG  # noqa: PLC0415

    kinds = CATALOG[destination].CAPABILITIES.kinds
    called = title(destination)
    if name == RFM:
        gets, reason = True, _EVERYWHERE
    elif kinds and "set" not in kinds:
        gets, reason = False, f"{called} gets the segments of the definition alone."
    else:
        gets, reason = name not in effective["omitted_sets"].get(destination, ()), None
    return SetDestination(destination=destination, title=called, gets=gets, reason=reason)
