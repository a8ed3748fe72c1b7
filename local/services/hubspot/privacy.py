"""Permanent deletion of a contact at the local HubSpot, which happens at once."""

from __future__ import annotations

from typing import Any, Protocol

from local.services.frame.http_service import ReceivedRequest, Rejected
from local.services.hubspot.rules import only


class HubSpotContacts(Protocol):
    """What a deletion touches."""

    contacts: dict[str, dict[str, str]]
    _by_key: dict[tuple[str, str], str]


def gdpr_delete(account: HubSpotContacts, request: ReceivedRequest) -> tuple[int, Any]:
    """Delete a contact by the account's id."""
    only(request.body, {"objectId"}, at="the body")
    name = request.body["objectId"]
    if not isinstance(name, str) or name not in account.contacts:
        raise Rejected(404, "there is no contact of that id")
    del account.contacts[name]
    for key in [key for key, owner in account._by_key.items() if owner == name]:
        del account._by_key[key]
    return 204, None
