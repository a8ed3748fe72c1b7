"""Each row's verdict, and what its money is worth in the tenant's currency."""

from __future__ import annotations

from adapters.engines.fast_path import IDENTITY, ORDER
from adapters.engines.session import Connection, scalar, text
from tessera.events.names import NOT_COUNTED
from tessera.events.reasons import OTHER_CURRENCY
from tessera.settings import RunSettings

_FACTS = f"customer_id, event, occurred_at, amount, currency, {', '.join(ORDER)}"


def usual_currency(connection: Connection) -> str:
    """Return the upload's most frequent currency; of equals the first by name."""
    query = """SELECT currency FROM staged WHERE currency <> ''
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"""
    return str(scalar(connection, query) or "")


def is_foreign(*, currency: str, settings: RunSettings) -> str:
    """Return SQL that holds for an event whose money the tenant has no rate for."""
    known = ", ".join(text(code) for code in ("", currency, *sorted(settings.currency_rates)))
    return f"(event <> '{NOT_COUNTED}' AND COALESCE(currency, '') NOT IN ({known}))"


def judge(connection: Connection, *, currency: str, settings: RunSettings) -> None:
    """Make ``judged_odd``, ``rejected_rows`` and ``accepted_rows``.

    They come of ``staged`` (all rows), ``marked`` (those set apart, with their records) and
    ``odd_rows``.

    Parameters
    ----------
    currency
        The tenant's; rows in others need a rate.
    """
    foreign = is_foreign(currency=currency, settings=settings)
    rates = " ".join(
        f"WHEN {text(code)} THEN {rate}"
        for code, rate in sorted(settings.currency_rates.items())
        if code != currency
    )
    amount = (
        f"CAST(amount * (CASE currency {rates} ELSE 1 END) AS DECIMAL(18, 4))"
        if rates
        else "amount"
    )
    connection.execute(
        f"""CREATE VIEW judged_odd AS SELECT * REPLACE (
            CASE WHEN code IS NULL AND {foreign} THEN '{OTHER_CURRENCY.code}' ELSE code END AS code
        ) FROM odd_rows"""  # noqa: S608 (our own names, quoted values)
    )
    connection.execute(
        f"""CREATE TABLE rejected_rows AS
        SELECT part, record, code FROM judged_odd WHERE code IS NOT NULL
        UNION ALL
        SELECT part, record, '{OTHER_CURRENCY.code}' FROM marked WHERE NOT odd AND {foreign}"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE VIEW accepted_rows AS
        SELECT customer_id, event, occurred_at, {amount} AS amount, {", ".join(ORDER)}
        FROM (
            SELECT {_FACTS} FROM staged WHERE NOT odd AND NOT {foreign}
            UNION ALL SELECT {_FACTS} FROM judged_odd WHERE code IS NULL
        ) WHERE event <> '{NOT_COUNTED}'"""  # noqa: S608
    )


def accepted_people(relations: list[str], *, currency: str, settings: RunSettings) -> str:
    """Return the query for who the accepted rows' customers are, read from the parts again.

    Parameters
    ----------
    relations
        The parts' rows as the fast path reads them.
    """
    columns = f"customer_id, occurred_at, {', '.join(IDENTITY)}"
    foreign = is_foreign(currency=currency, settings=settings)
    usual = [
        f"SELECT {columns} FROM ({rows}) WHERE NOT odd AND event <> '{NOT_COUNTED}' "  # noqa: S608
        f"AND NOT {foreign}"
        for rows in relations
    ]
    odd = f"SELECT {columns} FROM judged_odd WHERE code IS NULL AND event <> '{NOT_COUNTED}'"  # noqa: S608
    return " UNION ALL ".join([*usual, odd])
