"""SES' contacts: one list per account, whose contacts are known by address only."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tessera.destinations.port import WAS, compact
from tessera.destinations.requests import Malformed

OURS = "tessera"  # the only key in attributesData, which marks a contact as ours
_TRACE_DIGITS = 32
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclasses.dataclass(frozen=True, slots=True)
class ListContact:
    """A contact of the list: its spelling of the address, and its preferences.

    ``topics`` are the explicit preferences, as pairs of topic and OPT_IN or OPT_OUT.
    """

    address: str = dataclasses.field(repr=False)
    unsubscribed: bool
    topics: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, listed: Mapping[str, Any]) -> ListContact:
        """Parse an entry of ListContacts, or the response of GetContact.

        Raises
        ------
        Malformed
            It lacks the contact's preferences, so nothing may be imported.
        """
        address, unsubscribed = listed.get("EmailAddress"), listed.get("UnsubscribeAll")
        topics = [
            (one.get("TopicName"), one.get("SubscriptionStatus"))
            for one in listed.get("TopicPreferences", [])
        ]
        if not address or not isinstance(unsubscribed, bool) or not all(map(all, topics)):
            raise Malformed("a contact lacks its preferences")
        return cls(address, unsubscribed, tuple(topics))


def trace(values: Mapping[str, str]) -> str:
    """Return the mark of a content's contact, or an empty string without a contact."""
    return mark(values["email"]) if "email" in values else ""


def mark(address: str) -> str:
    """Hash an address to 32 hex digits, ignoring the case of its letters."""
    folded = address.strip().translate(_FOLDED)
    return hashlib.sha256(folded.encode()).hexdigest()[:_TRACE_DIGITS]


def by_mark(contacts: Iterable[ListContact]) -> dict[str, list[ListContact]]:
    """Group the contacts of a list by the mark of their address."""
    groups: dict[str, list[ListContact]] = {}
    for one in contacts:
        groups.setdefault(mark(one.address), []).append(one)
    return groups


def attributes_data(values: Mapping[str, str]) -> str:
    """Return a content as ``attributesData``: the id and the attributes, under our key."""
    return compact({OURS: template_data(values)})


def template_data(values: Mapping[str, str]) -> dict[str, str]:
    """Return the data for a message template: the id and the attributes, without the address."""
    return {name: value for name, value in values.items() if name not in ("email", WAS)}


def is_ours(data: str | None) -> bool:
    """Return whether a contact's ``attributesData`` may be replaced: empty, or only our key."""
    try:
        stored = json.loads(data or "{}")
    except ValueError:
        return False
    return isinstance(stored, dict) and set(stored) <= {OURS}
