"""Currencies that headers name beside the column, as in ``Total (EUR)`` or ``Umsatz in €``."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence

from tessera.events.currency_names import currency_of, names_a_currency
from tessera.events.names import normalised
from tessera.sources.mappings import HeaderMapping
from tessera.sources.recognition.contract import BY_NAME, MONEY

_UNIT = re.compile(r"(?P<column>.+?)\s*(?:\((?P<a>[^()]+)\)|\[(?P<b>[^\[\]]+)\]|\sin\s+(?P<c>\S+))")


def with_units(mapping: HeaderMapping, *, header: Sequence[str]) -> HeaderMapping:
    """Return the mapping of a plain file, which knows the currency in its money's headers.

    A column of currencies counts more. Columns of several currencies are left for the tenant to
    choose from, in the setting ``columns``.
    """
    keys = {normalised(text) for text in header}
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text in header:
        column, currency = _split(text)
        for money in MONEY:
            if currency and column in BY_NAME[money].accepted:
                named[money].append((text, currency))
    taken = {
        money: each[0]
        for money, each in named.items()
        if len(each) == 1
        and money not in mapping.columns
        and keys.isdisjoint(BY_NAME[money].accepted)
    }
    currencies = {currency for _, currency in taken.values()}
    if len(currencies) != 1:
        return mapping
    columns = {money: (text,) for money, (text, _) in taken.items()}
    constants = dict(mapping.constants)
    if "currency" not in mapping.columns and keys.isdisjoint(BY_NAME["currency"].accepted):
        constants["currency"] = currencies.pop()
    return dataclasses.replace(mapping, columns={**mapping.columns, **columns}, constants=constants)


def _split(text: str) -> tuple[str, str]:
    """Return a header without its currency, normalised, and the currency. Empty without one."""
    match = _UNIT.fullmatch(text.strip())
    unit = (match["a"] or match["b"] or match["c"]) if match else ""
    if match is None or not names_a_currency(unit):
        return "", ""
    return normalised(match["column"]), currency_of(unit)
