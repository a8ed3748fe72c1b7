"""Which columns of any file identify a customer: ours, and those of uploads and raw files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tessera.events.names import normalised
from tessera.sources.recognition.contract import COLUMNS

_IDENTIFY = ("customer_id", "other_id", "email", "phone", "address")
_OURS = ("customer_key", "recipient")
_CUSTOMER = "customer_id"


def usual_headers() -> frozenset[str]:
    """Return every header that identifies a customer, normalised."""
    known = {name for column in COLUMNS if column.name in _IDENTIFY for name in column.accepted}
    return frozenset({*known, *map(normalised, _OURS)})


def headers_of_settings(columns: Mapping[str, Any]) -> frozenset[str]:
    """Return the headers that a tenant's setting ``columns`` names for what identifies."""
    named = (columns.get(name) for name in _IDENTIFY)
    return frozenset(normalised(str(each)) for each in named if each)


def headers_of_mapping(document: object) -> frozenset[str]:
    """Return the columns that a mapping file of sources names for the customer, at any depth."""
    if isinstance(document, Mapping):
        own = document.get(_CUSTOMER)
        named = {normalised(own.rpartition(".")[2])} if isinstance(own, str) else set()
        return frozenset(named.union(*map(headers_of_mapping, document.values())))
    if isinstance(document, list):
        return frozenset().union(*map(headers_of_mapping, document))
    return frozenset()


def places_of(header: Sequence[str], headers: Iterable[str]) -> tuple[int, ...]:
    """Return where the columns that identify a customer stand in a header."""
    wanted = frozenset(headers)
    return tuple(at for at, name in enumerate(header) if normalised(name) in wanted)
