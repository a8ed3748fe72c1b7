"""Receivers of campaigns who are no customers: an uploaded list or consent has their address."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.erasure.addresses import addresses_below
from steps.erase.tools import ErasureTools
from tessera import naming
from tessera.destinations.port import Contact
from tessera.erasure.people import KnownPerson
from tessera.events.contact_points.reading import normal_address
from tessera.events.pseudonym import address_keys, customer_keys

_EMAIL = "EMAIL"
_FOLDERS = ("campaigns/", "consent/")  # of the identities bucket


def receivers(tools: ErasureTools, terms: Iterable[str]) -> tuple[KnownPerson, ...]:
    """Return who some addresses are of, as far as campaigns know them.

    Parameters
    ----------
    terms
        Ids and addresses of which no customer has any.
    """
    wanted = {term.strip().lower(): term.strip() for term in terms if "@" in term}
    if not wanted:
        return ()
    known = _in_table(tools, wanted)
    for folder in _FOLDERS:
        prefix = f"{naming.tenant_prefix(tools.tenant)}{folder}"
        left = wanted.keys() - known
        known |= addresses_below(tools.identities, prefix, left, folder=tools.folder)
    key_of = customer_keys(tools.secret, tenant=tools.tenant)
    return tuple(
        KnownPerson(
            customer_key=key_of(wanted[small]), ids=(), contacts=(Contact(_EMAIL, wanted[small]),)
        )
        for small in sorted(known)
    )


def _in_table(tools: ErasureTools, wanted: Iterable[str]) -> set[str]:
    """Return the addresses of which the campaigns' table has a consent or a message."""
    if tools.campaigns is None:
        return set()
    hashed = address_keys(tools.secret, tenant=tools.tenant)
    recipients = {small: hashed(normal_address(_EMAIL, small) or small) for small in wanted}
    known = tools.campaigns.known(tools.tenant, recipients.values())
    return {small for small, recipient in recipients.items() if recipient in known}
