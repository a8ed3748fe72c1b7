"""How money is named: ISO 4217 codes, and the signs that people write beside an amount."""

from __future__ import annotations

import re

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK
SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
"""
_SIGNS = (
    "US$", "CA$", "AU$", "NZ$", "HK$", "NT$", "MX$", "A$", "C$", "R$", "S$", "zł", "Kč", "kr", "Ft",
    "Rs", *"$€£¥₹₩₽₺₫฿₴₦₱₪₡₲₸₼₾¢¤",
)  # fmt: skip
_NAME = "|".join((*map(re.escape, _SIGNS), *_CODES.split()))
_BESIDE = re.compile(rf"^(?:{_NAME}|R(?=[\s\d]))\s*|\s*(?:{_NAME})$", re.IGNORECASE)


def without_currency(cell: str) -> str:
    """Return an amount without the currency before or after it; other letters stay."""
    return _BESIDE.sub("", cell).strip()
