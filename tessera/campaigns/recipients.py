"""One person in a campaign's run, as plan and sender hand them on, and an address's domain."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


def domain_of(address: str) -> str:
    """Return the domain of an address, in lower case. The address may have a name around it."""
    return address.rpartition("@")[2].rstrip(">").casefold()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipient:
    """A person that a run writes to, or holds out.

    Parameters
    ----------
    recipient
        Keyed hash of the address in its normal form, 32 hexadecimal digits
        (``tessera.events.pseudonym.address_keys``). Ledger, consent and events use it.
    customer_key
        The customer's pseudonymous UUID. Empty for a receiver of an uploaded list who is no
        customer.
    address
        The address in its normal form.
    variant
        The variant's name. Of held-out people, the one that they would have got.
    churn_band, segment, value_tier
        Their labels when the run was planned, empty where unknown.
    country
        Two letters of ISO 3166-1, empty where unknown.
    time_zone
        The person's own, as an IANA name. Empty where unknown: the country's count then
        (``planning.zones.whereabouts``).
    fields
        What the template may show, as texts by name.
    """

    recipient: str
    customer_key: str
    address: str
    variant: str
    churn_band: str = ""
    segment: str = ""
    value_tier: str = ""
    country: str = ""
    time_zone: str = ""
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
