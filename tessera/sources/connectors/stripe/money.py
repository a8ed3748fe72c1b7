"""Stripe's amounts: whole numbers of a currency's smallest unit in its API."""

from __future__ import annotations

from decimal import Decimal

# https://docs.stripe.com/currencies. ISK and UGX have no decimals either, but the API counts them
# in hundredths all the same.
WITHOUT_DECIMALS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
})  # fmt: skip
WITH_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def amount_of(units: int, currency: str) -> Decimal:
    """Return an amount in whole money.

    Parameters
    ----------
    units
        As the API has it.
    currency
        Its ISO code, in any case.
    """
    code = currency.upper()
    places = 0 if code in WITHOUT_DECIMALS else 3 if code in WITH_THREE_DECIMALS else 2
    return Decimal(units).scaleb(-places)
