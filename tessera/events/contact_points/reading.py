"""An address in its normal form, by the channel that carries it."""

from __future__ import annotations

from tessera.countries import region_of
from tessera.events.contact_points.channels import EMAIL, KINDS, PHONE
from tessera.events.contact_points.email import normal_email
from tessera.events.contact_points.phone import normal_phone


def normal_address(
    channel_type: str, address: str, *, country: str = "", phone_region: str = ""
) -> str:
    """Return an address as every destination gets it, empty where it can't be read.

    Parameters
    ----------
    channel_type
        Other channels than those of ``KINDS`` keep the address as it is: a push token is opaque.
    country
        Where the customer lives, by a code or a name.
    phone_region
        The country of numbers in national form where the customer's is unknown, by its two
        letters. Empty for none.
    """
    kind = KINDS.get(channel_type)
    if kind == EMAIL:
        return normal_email(address)
    if kind == PHONE:
        return normal_phone(address, region=region_of(country) or phone_region)
    return address
