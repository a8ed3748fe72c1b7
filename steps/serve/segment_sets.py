"""A tenant's segment sets: their definitions, and what one would come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.serve.campaigns.stale_sets import stale_sets
from steps.serve.insights import insights_of
from steps.serve.services import Services
from steps.serve.settings import Author, as_toml, read_settings, save_settings
from tessera.api.documents.settings import (
    CountRequest,
    SavedSet,
    SetChange,
    SetCount,
    SetDocument,
    SetDocumentList,
    SettingsChange,
    SettingsDocument,
)
from tessera.api.refusals import missing, wrong
from tessera.records.fields import part_of
from tessera.segments.sets.catalog import SHIPPED, load_set_document


def list_sets(tenant: str, *, services: Services) -> SetDocumentList:
    """Return every segment set that the tenant can use."""
    current = read_settings(tenant, services=services)
    names = dict.fromkeys([*SHIPPED, *_own(current)])
    warnings = stale_sets(tenant, current.effective["segment_sets"], services=services)
    items = tuple(_document(name, current, warning=warnings.get(name, "")) for name in names)
    return part_of(current, SetDocumentList, items=items)


def read_set(tenant: str, name: str, *, services: Services) -> SavedSet:
    """Return one segment set.

    Raises
    ------
    RequestRefusal
        The tenant has no such set.
    """
    current = read_settings(tenant, services=services)
    in_use = [name] if name in current.effective["segment_sets"] else []
    warnings = stale_sets(tenant, in_use, services=services)
    return _saved(name, current, warning=warnings.get(name, ""))


def save_set(name: str, change: SetChange, author: Author, *, services: Services) -> SavedSet:
    """Save a segment set as a part of the tenant's settings.

    Raises
    ------
    RequestRefusal
        It is based on an older version, or its definition has another name.
    InvalidInput
        The definition is wrong. The message says where.
    """
    if change.definition.get("name", name) != name:
        raise wrong(f"The definition calls itself {change.definition['name']!r}, not {name!r}.")
    current = read_settings(author.tenant, services=services)
    in_use = [one for one in current.effective["segment_sets"] if one != name]
    if change.in_use:
        was = list(current.effective["segment_sets"])
        in_use = was if name in was else [*was, name]
    sets = {**_own(current), name: {"name": name, **change.definition}}
    settings = {**current.settings, "sets": sets, "segment_sets": in_use}
    saved = save_settings(
        SettingsChange(version=change.version, settings=settings), author, services=services
    )
    return _saved(name, saved)


def count_set(request: CountRequest, tenant: str, *, services: Services) -> SetCount:
    """Return what a segment set would come to with the customers of the latest run.

    Raises
    ------
    RequestRefusal
        The tenant has no finished run.
    InvalidInput
        The definition is wrong. The message says where.
    """
    # Imported here: counting needs NumPy, and most requests count nothing.
    from steps.serve.counting import labels_of  # noqa: PLC0415

    insights = insights_of(tenant, None, data=services.data)
    current = read_settings(tenant, services=services)
    name = str(request.definition.get("name") or "counted")
    labels, empty = labels_of(
        {"name": name, **request.definition},
        settings=current.effective,
        profiles=services.profiles,
        prefix=insights.profiles,
    )
    return part_of(insights, SetCount, labels=labels, empty=empty)


def _own(current: SettingsDocument) -> Mapping[str, Any]:
    sets = current.settings.get("sets", {})
    return sets if isinstance(sets, Mapping) else {}


def _saved(name: str, current: SettingsDocument, *, warning: str = "") -> SavedSet:
    if name not in _own(current) and name not in SHIPPED:
        raise missing("segment set of this name")
    return part_of(current, SavedSet, set=_document(name, current, warning=warning))


def _document(name: str, current: SettingsDocument, *, warning: str) -> SetDocument:
    own = _own(current).get(name)
    definition = {"name": name, **own} if own is not None else load_set_document(name)
    return SetDocument(
        name=name,
        in_use=name in current.effective["segment_sets"],
        shipped=own is None,
        definition=definition,
        toml=as_toml(definition),
        warning=warning,
    )
