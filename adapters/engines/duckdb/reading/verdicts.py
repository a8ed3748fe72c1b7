"""Each row's verdict, and what its money is worth in the tenant's currency."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from adapters.engines.duckdb.reading.fast_path import ORDER, PEOPLE
from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.errors import InvalidInput
from tessera.events.names import ENDS_A_SUBSCRIPTION, SUBSCRIPTIONS, UNCOUNTED
from tessera.events.reasons import AMOUNT_OUT_OF_RANGE, OTHER_CURRENCY
from tessera.settings import RunSettings

_RATE_DIGITS = 20
_RATE_LIMIT = Decimal(10) ** 10
_FACTS = f"customer_id, event, occurred_at, amount, currency, {', '.join(ORDER)}"


def usual_currency(connection: Connection) -> str:
    """Return the upload's most frequent currency; of equals the first by name."""
    query = """SELECT currency FROM staged WHERE currency <> ''
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"""
    return str(scalar(connection, query) or "")


def fault_of_money(*, currency: str, settings: RunSettings) -> str:
    """Return SQL for the code of an event whose money can't be the tenant's, NULL for the others.

    It has no rate, or is too much at its rate.
    """
    known = ", ".join(text(code) for code in ("", currency, *sorted(settings.currency_rates)))
    converted = _converted(currency=currency, settings=settings)
    too_much = f"WHEN {converted} IS NULL THEN '{AMOUNT_OUT_OF_RANGE.code}'"
    return f"""CASE WHEN event IN {UNCOUNTED} THEN NULL
        WHEN COALESCE(currency, '') NOT IN ({known}) THEN '{OTHER_CURRENCY.code}'
        {"" if converted == "amount" else too_much} END"""


def _converted(*, currency: str, settings: RunSettings) -> str:
    """Return SQL for a row's money in the tenant's currency, NULL beyond 14 digits."""
    rates = {
        code: _rate(code, rate)
        for code, rate in sorted(settings.currency_rates.items())
        if code != currency
    }
    if not rates:
        return "amount"
    # 18 and 20 digits multiply to 38, all that the engine has; nothing is rounded before the end.
    places = _RATE_DIGITS - max(1, *(rate.adjusted() + 1 for rate in rates.values()))
    cases = " ".join(
        f"WHEN {text(code)} THEN {rate:.{places}f}::DECIMAL({_RATE_DIGITS}, {places})"
        for code, rate in rates.items()
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


def judge(connection: Connection, *, currency: str, settings: RunSettings) -> None:
    """Make ``judged_odd``, ``rejected_rows`` and ``accepted_rows``.

    They come of ``staged`` (all rows), ``marked`` (those set apart, with their records) and
    ``odd_rows``.

    Parameters
    ----------
    currency
        The tenant's; rows in others need a rate.
    """
    fault = fault_of_money(currency=currency, settings=settings)
    amount = _converted(currency=currency, settings=settings)
    if _has_subscriptions(connection):
        amount = f"CASE WHEN {ENDS_A_SUBSCRIPTION} THEN 0 ELSE {amount} END"
    connection.execute(
        f"""CREATE VIEW judged_odd AS SELECT * REPLACE (
            COALESCE(code, {fault}) AS code
        ) FROM odd_rows"""  # noqa: S608 (our own names, quoted values)
    )
    connection.execute(
        f"""CREATE TABLE rejected_rows AS
        SELECT part, record, code FROM judged_odd WHERE code IS NOT NULL
        UNION ALL
        SELECT part, record, {fault} FROM marked WHERE NOT odd AND ({fault}) IS NOT NULL"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE VIEW accepted_rows AS
        SELECT customer_id, event, occurred_at, {amount} AS amount, {", ".join(ORDER)}
        FROM (
            SELECT {_FACTS} FROM staged WHERE NOT odd AND ({fault}) IS NULL
            UNION ALL SELECT {_FACTS} FROM judged_odd WHERE code IS NULL
        ) WHERE event NOT IN {UNCOUNTED}"""  # noqa: S608
    )


def _has_subscriptions(connection: Connection) -> bool:
    events = "SELECT event FROM staged UNION ALL SELECT event FROM odd_rows"
    query = f"SELECT 1 FROM ({events}) AS events WHERE event IN {SUBSCRIPTIONS} LIMIT 1"  # noqa: S608
    return scalar(connection, query) is not None


def accepted_people(connection: Connection, rows: list[str], *, fault: str) -> str:
    """Return the query for who the accepted rows' customers are, read from the parts again.

    Parameters
    ----------
    rows
        The parts' rows as the fast path reads them.
    fault
        SQL for what is wrong with a row's money.
    """
    columns = f"customer_id, occurred_at, {', '.join(PEOPLE)}"
    others = f"SELECT 1 FROM marked UNION ALL SELECT 1 FROM staged WHERE event IN {UNCOUNTED}"  # noqa: S608
    if scalar(connection, f"SELECT 1 FROM ({others}) AS others LIMIT 1") is None:  # noqa: S608
        # Every row is an event: to ask each once more would cost as much as reading it.
        return " UNION ALL ".join(f"SELECT {columns} FROM ({each})" for each in rows)  # noqa: S608
    usual = [
        f"SELECT {columns} FROM ({each}) WHERE NOT odd AND event NOT IN {UNCOUNTED} "  # noqa: S608
        f"AND ({fault}) IS NULL"
        for each in rows
    ]
    odd = f"SELECT {columns} FROM judged_odd WHERE code IS NULL AND event NOT IN {UNCOUNTED}"  # noqa: S608
    return " UNION ALL ".join([*usual, odd])
