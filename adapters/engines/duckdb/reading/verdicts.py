"""Each row's verdict, and what its money is worth in the tenant's currency."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from adapters.engines.duckdb.reading.fast_path import BESIDE
from adapters.engines.duckdb.session import Connection, only_row, scalar, text
from tessera.customers.anonymous import anonymous_record, anonymous_sales
from tessera.customers.orders.order_lines import IS_VOID
from tessera.errors import InvalidInput
from tessera.events.currency_names import among, currency_of, usual
from tessera.events.names import ENDS_A_SUBSCRIPTION, SUBSCRIPTIONS, UNCOUNTED
from tessera.events.reasons import AMOUNT_OUT_OF_RANGE, OTHER_CURRENCY
from tessera.records.runs.prepare import Anonymous

_RATE_DIGITS = 20
_RATE_LIMIT = Decimal(10) ** 10
_FACTS = f"customer_id, event, occurred_at, amount, currency, {', '.join(BESIDE)}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Currencies:
    """The tenant's currency, and the names by which the upload's rows have it or one with a rate.

    Parameters
    ----------
    own
        The tenant's currency, empty when nobody says.
    rates
        Of other currencies, by code.
    names
        What the rows have, to the code.
    """

    own: str
    rates: Mapping[str, str]
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def known(self) -> dict[str, str]:
        """Every name of the tenant's currency, and of those with a rate, to the code."""
        return {code: code for code in ("", self.own, *sorted(self.rates))} | dict(self.names)


def currencies_of(connection: Connection, *, own: str, rates: Mapping[str, str]) -> Currencies:
    """Return the currencies of the staged rows and of the odd ones.

    Parameters
    ----------
    own
        The currency in force. Empty where the upload's most frequent one counts.
    """
    rows = connection.execute(
        """SELECT currency, count(*) FROM (
            SELECT currency FROM staged WHERE NOT odd
            UNION ALL SELECT currency FROM odd_rows WHERE code IS NULL
        ) WHERE currency <> '' GROUP BY currency"""
    ).fetchall()
    counts: collections.Counter[str] = collections.Counter()
    for name, count in rows:
        counts[currency_of(str(name))] += int(count)
    own = own or usual(counts)
    known = frozenset((own, *rates))
    names = {
        str(name): code
        for name, _ in rows
        if (code := among(currency_of(str(name)), known, own=own)) is not None and name != code
    }
    return Currencies(own=own, rates=rates, names=names)


def fault_of_money(currencies: Currencies) -> str:
    """Return SQL for the code of an event whose money can't be the tenant's, NULL for the others.

    It has no rate, or is too much at its rate.
    """
    known = ", ".join(text(code) for code in currencies.known)
    converted = _converted(currencies)
    too_much = f"WHEN {converted} IS NULL THEN '{AMOUNT_OUT_OF_RANGE.code}'"
    return f"""CASE WHEN event IN {UNCOUNTED} THEN NULL
        WHEN COALESCE(currency, '') NOT IN ({known}) THEN '{OTHER_CURRENCY.code}'
        {"" if converted == "amount" else too_much} END"""


def _converted(currencies: Currencies) -> str:
    """Return SQL for a row's money in the tenant's currency, NULL beyond 14 digits."""
    rates = {
        code: _rate(code, rate)
        for code, rate in sorted(currencies.rates.items())
        if code != currencies.own
    }
    if not rates:
        return "amount"
    # 18 and 20 digits multiply to 38, all that the engine has. Nothing is rounded before the end.
    places = _RATE_DIGITS - max(1, *(rate.adjusted() + 1 for rate in rates.values()))
    cases = " ".join(
        f"WHEN {text(name)} THEN {rates[code]:.{places}f}::DECIMAL({_RATE_DIGITS}, {places})"
        for name, code in currencies.known.items()
        if code in rates
    )
    one = f"1::DECIMAL({_RATE_DIGITS}, {places})"
    return f"try_cast(amount * (CASE currency {cases} ELSE {one} END) AS DECIMAL(18, 4))"


def _rate(code: str, text_of_rate: str) -> Decimal:
    try:
        rate = Decimal(text_of_rate)
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or rate <= 0 or rate >= _RATE_LIMIT:
        raise InvalidInput(
            f"setting 'currency_rates' has {text_of_rate!r} for {code}: expected a number above 0 "
            'as text, such as "0.92"'
        )
    return rate


def judge(connection: Connection, currencies: Currencies) -> None:
    """Make ``judged_odd``, ``rejected_rows``, ``accepted_rows`` and ``voiding_rows``.

    They come of ``staged`` (all rows), ``marked`` (those set apart, with their records) and
    ``odd_rows``.
    """
    fault, amount = fault_of_money(currencies), _converted(currencies)
    if _has_subscriptions(connection):
        amount = f"CASE WHEN {ENDS_A_SUBSCRIPTION} THEN 0 ELSE {amount} END"
    connection.execute(
        f"""CREATE OR REPLACE VIEW judged_odd AS SELECT * REPLACE (
            COALESCE(code, {fault}) AS code
        ) FROM odd_rows"""  # noqa: S608 (our own names, quoted values)
    )
    connection.execute(
        f"""CREATE OR REPLACE TABLE rejected_rows AS
        SELECT part, record, code FROM judged_odd WHERE code IS NOT NULL
        UNION ALL
        SELECT part, record, {fault} FROM marked WHERE NOT odd AND ({fault}) IS NOT NULL"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE OR REPLACE VIEW accepted_rows AS
        SELECT customer_id, event, occurred_at, {amount} AS amount, {", ".join(BESIDE)}
        FROM (
            SELECT {_FACTS} FROM staged WHERE NOT odd AND ({fault}) IS NULL
            UNION ALL SELECT {_FACTS} FROM judged_odd
            WHERE code IS NULL AND customer_id IS NOT NULL
        ) WHERE event NOT IN {UNCOUNTED}"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE OR REPLACE VIEW voiding_rows AS
        SELECT customer_id, order_id, occurred_at FROM (
            SELECT {_FACTS} FROM staged WHERE NOT odd UNION ALL SELECT {_FACTS} FROM judged_odd
        ) WHERE {IS_VOID} AND customer_id IS NOT NULL AND order_id IS NOT NULL
            AND occurred_at IS NOT NULL"""  # noqa: S608
    )


def _has_subscriptions(connection: Connection) -> bool:
    events = "SELECT event FROM staged UNION ALL SELECT event FROM odd_rows"
    query = f"SELECT 1 FROM ({events}) AS events WHERE event IN {SUBSCRIPTIONS} LIMIT 1"  # noqa: S608
    return scalar(connection, query) is not None


def anonymous_of(connection: Connection, currencies: Currencies) -> Anonymous:
    """Return what events without a customer come to, in the tenant's currency."""
    place = "part || ' ' || record"
    query = anonymous_sales("judged_odd", place=place, amount=_converted(currencies))
    return anonymous_record(only_row(connection, query))
