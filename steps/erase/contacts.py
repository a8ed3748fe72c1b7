"""A person's own addresses, as destinations and campaigns know them."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.destinations.port import Contact
from tessera.erasure.people import KnownPerson
from tessera.events.contact_points.reading import normal_address


def contacts_of(person: KnownPerson) -> list[list[str]]:
    """Return channel and address of each, in its normal form, or as given where it has none.

    Addresses that other customers have too are not among them.
    """
    own = [each for each in person.contacts if each.address.strip().lower() in person.own_addresses]
    return _normal(own)


def shared_contacts_of(person: KnownPerson) -> list[list[str]]:
    """Return the same of the addresses that other customers have too."""
    own = person.own_addresses
    return _normal(each for each in person.contacts if each.address.strip().lower() not in own)


def _normal(contacts: Iterable[Contact]) -> list[list[str]]:
    normal = (
        (each.channel_type, normal_address(each.channel_type, each.address) or each.address)
        for each in contacts
    )
    return [list(each) for each in dict.fromkeys(normal)]
