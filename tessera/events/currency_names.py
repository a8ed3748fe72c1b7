"""How money is named: ISO 4217 codes, and the signs and words that people write beside an amount.

A sign that several currencies have stands for itself, ``$`` or ``kr``, until a currency column or
the tenant's currency shows which it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN
NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK
SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
"""
_DOLLARS = (
    "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD "
    "SBD SRD TTD XCD"
)
# The first that a text begins or ends with counts, so longer signs stand before their parts.
_SIGNS: Mapping[str, str] = {
    "US$": "USD", "CA$": "CAD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD",
    "MX$": "MXN", "A$": "AUD", "C$": "CAD NIO", "R$": "BRL", "S$": "SGD", "$": _DOLLARS,
    "€": "EUR", "£": "GBP", "¥": "JPY CNY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₫": "VND", "฿": "THB", "₴": "UAH", "₦": "NGN", "₱": "PHP", "₪": "ILS", "₡": "CRC",
    "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL", "৳": "BDT", "₵": "GHS", "GH₵": "GHS",
    "₭": "LAK", "៛": "KHR", "₮": "MNT", "zł": "PLN", "Kč": "CZK", "kr": "SEK NOK DKK ISK",
    "Ft": "HUF", "Rs": "INR PKR LKR NPR MUR SCR", "RM": "MYR", "Rp": "IDR", "S/": "PEN",
    "SFr": "CHF", "Fr": "CHF", "TL": "TRY", "Tk": "BDT", "KSh": "KES", "TSh": "TZS", "USh": "UGX",
    "FCFA": "XOF XAF", "CFA": "XOF XAF", "Dh": "AED MAD", "Bs": "BOB VES", "B/": "PAB",
    "лв": "BGN", "руб": "RUB", "грн": "UAH", "lei": "RON", "din": "RSD", "R": "ZAR",
    "euros": "EUR", "euro": "EUR", "¢": "", "¤": "",
}  # fmt: skip
WITHOUT_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_MEANT = {code: code for code in _CODES.split()} | {
    sign.upper(): codes if " " not in codes else sign for sign, codes in _SIGNS.items()
}
_FAMILIES = {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items() if " " in codes}


def _pattern() -> re.Pattern[str]:
    named = sorted((*_SIGNS, *_CODES.split()), key=len, reverse=True)
    names = "|".join(
        rf"{re.escape(name)}\.?" if name[-1].isalpha() or name[-1] == "/" else re.escape(name)
        for name in named
        if name != "R"
    )
    return re.compile(rf"^(?P<before>{names}|R(?=[\s\d]))\s*|\s*(?P<after>{names})$", re.IGNORECASE)


_BESIDE = _pattern()


def split_currency(cell: str) -> tuple[str, str]:
    """Return an amount without the currency before or after it, and that currency.

    Other letters stay. The currency is a code, or a sign that several currencies have.

    Raises
    ------
    ValueError
        The amount has two currencies.

    Examples
    --------
    >>> [split_currency(text) for text in ("£1.50", "1,5 kr.", "RM 20", "20")]
    [('1.50', 'GBP'), ('1,5', 'kr'), ('20', 'MYR'), ('20', '')]
    """
    names: list[str] = []

    def take(match: re.Match[str]) -> str:
        names.append(currency_of(match["before"] or match["after"]))
        return ""

    rest = _BESIDE.sub(take, cell).strip()
    currency = ""
    for each in names:
        merged = merge(currency, each)
        if merged is None:
            raise ValueError("two currencies")
        currency = merged
    return rest, currency


def currency_of(text: str) -> str:
    """Return the currency that a code, sign or word names. Return other texts in capitals."""
    word = text.strip().upper()
    return _MEANT.get(word, _MEANT.get(word.removesuffix("."), word))


def names_a_currency(text: str) -> bool:
    """Return whether a text is a currency's code, sign or word, and nothing else."""
    word = text.strip().upper()
    return bool(_MEANT.get(word) or _MEANT.get(word.removesuffix(".")))


def merge(one: str, other: str) -> str | None:
    """Return what two names of a row's currency say together, None where they contradict.

    Examples
    --------
    >>> merge("CAD", "$"), merge("", "EUR"), merge("CAD", "EUR")
    ('CAD', 'EUR', None)
    """
    if not one or not other or one == other:
        return one or other
    if other in _FAMILIES.get(one, ()):
        return other
    return one if one in _FAMILIES.get(other, ()) else None


def among(currency: str, known: Collection[str], *, own: str) -> str | None:
    """Return which of the known currencies a row is in, None for none of them.

    Parameters
    ----------
    currency
        A row's, which may be a sign, or empty for the tenant's.
    known
        The tenant's currency and those with a rate.
    own
        The tenant's, which may be a sign or empty.
    """
    if not currency or (merge(currency, own) is not None and own):
        return own
    if currency in known:
        return currency
    possible = _FAMILIES.get(currency, frozenset()) & frozenset(known)
    return next(iter(possible)) if len(possible) == 1 else None


def usual(counts: Mapping[str, int]) -> str:
    """Return the most frequent currency of a file. Ties go to codes, then the first by name.

    A sign that several currencies have is one of them where the file names it.
    """
    named = sorted(
        (name for name in counts if name),
        key=lambda name: (-counts[name], name in _FAMILIES, name),
    )
    if not named:
        return ""
    first = named[0]
    family = _FAMILIES.get(first, frozenset())
    return next((name for name in named if name in family), first)


def choices(sign: str) -> tuple[str, ...]:
    """Return the first currencies that have a sign, none where it is one currency's."""
    return tuple(_SIGNS[sign].split()[:4]) if sign in _FAMILIES else ()


def has_decimals(named: Iterable[str], amounts: Iterable[str], *, fallback: str) -> bool:
    """Return whether a file's currencies have decimals: False only where none of them has.

    Parameters
    ----------
    named
        Cells of its currency column.
    amounts
        Cells of its amounts, which may show a sign.
    fallback
        The tenant's currency, empty where nobody says.
    """
    codes = {currency_of(text) for text in named} - {""}
    if not codes:
        codes = {currency for text in amounts if (currency := sign_of(text))} or {fallback}
    exact = {merge(code, fallback) or code for code in codes}
    return not exact <= WITHOUT_DECIMALS


def sign_of(text: str) -> str:
    """Return the currency beside an amount, empty where there is none or more than one."""
    try:
        return split_currency(text.strip(" ()+-"))[1]
    except ValueError:
        return ""
