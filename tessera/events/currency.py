"""The one currency of a tenant's history."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.errors import InvalidInput
from tessera.events.currency_names import merge


def currency_in_force(setting: str, *, stored: Iterable[tuple[str, str]]) -> str:
    """Return the currency that an upload must be in, or empty where it decides itself.

    Parameters
    ----------
    setting
        The setting 'currency', which may be empty.
    stored
        The name and currency of each of the tenant's other uploads.

    Raises
    ------
    InvalidInput
        An upload is stored in another currency.
    """
    currency, source = setting, "the setting 'currency'" if setting else ""
    for name, stored_in in stored:
        if not stored_in:
            continue
        currency, source = currency or stored_in, source or f"upload {name!r}"
        # A sign that several currencies have, such as $, is the one that is named elsewhere.
        both = merge(currency, stored_in)
        currency = both or currency
        if both is None:
            raise InvalidInput(
                f"upload {name!r} is stored in {stored_in} and {source} says {currency}: "
                f"money of both can't be added. Set 'currency' to {stored_in}, with a rate "
                f"for {currency} in 'currency_rates', or upload {currency} to another tenant"
            )
    return currency
