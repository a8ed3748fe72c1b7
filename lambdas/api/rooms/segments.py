"""Segment sets: their definitions, and what one would come to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, author_of, body_of
from lambdas.api.parameters import SetPath
from steps.serve import segment_sets as steps
from steps.serve import set_destinations as destinations
from tessera.api.documents.settings import (
    CountRequest,
    SavedSet,
    SetChange,
    SetCount,
    SetDestinations,
    SetDestinationsChange,
    SetDocumentList,
)

_ChangeBody = Annotated[SetChange, Depends(body_of(SetChange))]
_WhereBody = Annotated[SetDestinationsChange, Depends(body_of(SetDestinationsChange))]
_CountBody = Annotated[CountRequest, Depends(body_of(CountRequest))]


def segment_sets(call: Caller) -> SetDocumentList:
    """Return every definition."""
    return steps.list_sets(call.tenant, services=call.services)


def segment_set(call: Caller, name: SetPath) -> SavedSet:
    """Return one definition."""
    return steps.read_set(call.tenant, name, services=call.services)


def save_segment_set(call: Caller, name: SetPath, body: _ChangeBody) -> SavedSet:
    """Save a definition."""
    return steps.save_set(name, body, author_of(call), services=call.services)


def set_destinations(call: Caller, name: SetPath) -> SetDestinations:
    """Return where a set goes."""
    return destinations.read_destinations(call.tenant, name, services=call.services)


def save_set_destinations(call: Caller, name: SetPath, body: _WhereBody) -> SetDestinations:
    """Save where a set goes."""
    return destinations.save_destinations(name, body, author_of(call), services=call.services)


def count_segment_set(call: Caller, body: _CountBody) -> SetCount:
    """Return what a definition would come to."""
    return steps.count_set(body, call.tenant, services=call.services)
